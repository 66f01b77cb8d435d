/* The exam editor: shows what the chosen method needs, counts stock and points. Without it every part is on the page. */

const form = document.querySelector("[data-editor]");
const stock = JSON.parse(document.getElementById("stock-table").textContent);

const showMethod = () => {
  const method = form.querySelector("[name=method]:checked")?.value;
  if (!method) return;
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(method);
  for (const card of form.querySelectorAll(".method-card")) card.classList.toggle("is-chosen", card.querySelector("input").checked);
};

const showStock = (row) => {
  const counts = stock[row.querySelector("select").value] ?? {};
  for (const place of row.querySelectorAll("[data-topic]")) place.textContent = counts[place.dataset.topic] ?? 0;
};

const showSum = () => {
  const place = form.querySelector("[data-sum]");
  const points = [...form.querySelectorAll(".picked input[name$=-points]")].map((input) => Number(input.value) || 0);
  if (!place || !points.length) return;
  const sum = Math.round(points.reduce((a, b) => a + b, 0) * 100) / 100;
  place.textContent = place.dataset.words.replace("{n}", points.length).replace("{sum}", sum);
};

form.addEventListener("input", (event) => {
  if (event.target.name === "method") showMethod();
  const row = event.target.closest("[data-section]");
  if (row && event.target.matches("select")) showStock(row);
  if (event.target.matches("[name$=-points]")) showSum();
  event.target.closest(".more")?.querySelector(".more-usual")?.remove();
});

// What is typed to find questions is no part of the exam: no check for it. Enter looks for questions, it does not save.
const quiet = (event) => { if (event.target.closest?.("[data-find]")) event.stopPropagation(); };
const enterFinds = (event) => {
  if (event.key !== "Enter" || event.target.name !== "find_q") return;
  event.preventDefault();
  form.querySelector("[name=find]").click();
};
const prepare = () => {
  form.querySelector("[data-find]")?.addEventListener("input", quiet);
  form.querySelector("[data-find]")?.addEventListener("keydown", enterFinds);
  showMethod();
  showSum();
};
prepare();

// A part of the page was drawn anew: keep the eye where it was, and check again.
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (!["structure", "audience", "found"].includes(event.detail.target.id)) return;
  prepare();
  const focus = document.querySelector("#structure, #audience") && form.querySelector(`#${event.detail.target.id}`)?.dataset.focus;
  const wanted = focus && document.getElementById(focus);
  if (wanted) (wanted.disabled ? wanted.parentElement.querySelector("button:not([disabled])") : wanted)?.focus();
  if (event.detail.target.id !== "found") form.dispatchEvent(new Event("input", { bubbles: true }));
});

// The check by script answers in place; when it fails, the words say so and the next change tries again.
form.querySelector("[data-check]").addEventListener("click", (event) => {
  event.preventDefault();
  form.dispatchEvent(new Event("input", { bubbles: true }));
});
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.body.addEventListener(failure, (event) => {
    if (event.detail.elt.id === "live") document.getElementById("live-words").textContent = event.detail.elt.dataset.failed;
  });
}
