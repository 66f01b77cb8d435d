/* Every page: nothing that a page needs to work, only what makes it kinder. */

// A form is sent once: a second click while it is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent && !form.matches("[data-resend]")) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Filters apply when a select changes.
document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-auto] select, form[data-auto] input[type=date]")) event.target.form.requestSubmit();
});

// A selected option must not depend on :has() (old WebViews).
const markChosen = (input) => {
  const group = input.closest(".options, .marks, .points");
  if (!group) return;
  for (const option of group.querySelectorAll(".option, .mark-btn, .point")) {
    option.classList.toggle("is-chosen", Boolean(option.querySelector("input:checked")));
  }
};
document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=radio], input[type=checkbox]")) markChosen(event.target);
});
for (const input of document.querySelectorAll(".option input:checked")) markChosen(input);
