/* Single choice, multiple choice, true or false. */

export function setup(root, { changed }) {
  const inputs = [...root.querySelectorAll("input[type=radio], input[type=checkbox]")];
  const paint = () => {
    for (const input of inputs) input.closest(".option").classList.toggle("is-chosen", input.checked);
  };
  root.addEventListener("change", () => {
    paint();
    changed();
  });
  return {
    read: () => inputs.filter((input) => input.checked).map((input) => input.value).sort(),
    show(response) {
      for (const input of inputs) input.checked = response.includes(input.value);
      paint();
    },
    spoken: () =>
      [...root.querySelectorAll(".option")].map(
        (option) => `${option.querySelector(".key").textContent}，${option.querySelector(".option-text").textContent}`,
      ),
    /* The option at a place, chosen or taken back by a key. */
    press(index) {
      const input = inputs[index];
      if (!input) return false;
      input.checked = input.type === "radio" || !input.checked;
      input.focus({ preventScroll: true });
      paint();
      changed();
      return true;
    },
  };
}
