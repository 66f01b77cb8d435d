/* Ticked points add up; digits tick them, Enter gives the mark. */

const form = document.querySelector("[data-mark-form]");
const boxes = [...form.querySelectorAll("[data-points]")];
const points = form.elements.points;
const possible = Number(form.dataset.possible);

const add = () => {
  // Hundredths, so that 0.1 + 0.2 is 0.3.
  const sum = boxes.filter((box) => box.checked).reduce((total, box) => total + Math.round(Number(box.dataset.points) * 100), 0);
  points.value = String(Math.min(sum, Math.round(possible * 100)) / 100);
};

for (const box of boxes) box.addEventListener("change", add);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("textarea, a, button, summary, input:not([type=checkbox])")) return;
  if (/^[1-9]$/.test(event.key)) boxes[Number(event.key) - 1]?.click();
  else if (event.key === "Enter") form.requestSubmit();
  else return;
  event.preventDefault();
});
