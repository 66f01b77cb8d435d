/* Assigning: only the field of the chosen target is in the way. Without script all are shown. */

const form = document.querySelector("[data-assign]");
const show = () => {
  const chosen = form.querySelector("input[name=target]:checked")?.value;
  for (const part of form.querySelectorAll("[data-target]")) part.hidden = part.dataset.target !== chosen;
};
if (form.querySelector("input[name=target]")) {
  form.addEventListener("change", show);
  show();
}
// Enter in the search looks for people; it must not send the form.
form.querySelector("#id_q")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
