/* Choosing questions in the list: how many are ticked, and all of the page at once. Works without, only less kindly. */

const form = document.querySelector("[data-chosen]");
if (form) {
  const all = form.querySelector("[data-all]");
  const count = form.querySelector("[data-count]");
  const button = form.querySelector("[data-needs-one]");
  const ticks = [...form.querySelectorAll("input[name=chosen]")];

  const show = () => {
    const chosen = ticks.filter((tick) => tick.checked).length;
    all.checked = chosen === ticks.length;
    all.indeterminate = chosen > 0 && chosen < ticks.length;
    count.textContent = chosen ? `${chosen} / ${ticks.length}` : "";
    button.disabled = chosen === 0;
  };
  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
    show();
  });
  for (const tick of ticks) tick.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}
