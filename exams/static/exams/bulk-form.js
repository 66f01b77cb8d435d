/* Only the fields of the chosen change are shown, and only they are sent. */

const form = document.querySelector("[data-change]");
if (form) {
  const groups = [...form.querySelectorAll("[data-for]")];
  const show = () => {
    const chosen = form.querySelector("input[name$=what]:checked")?.value;
    for (const group of groups) {
      group.hidden = group.dataset.for !== chosen;
      for (const field of group.querySelectorAll("input, select, textarea")) field.disabled = group.hidden;
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target.name.endsWith("what")) show();
  });
  window.addEventListener("pageshow", show);
  show();
}
