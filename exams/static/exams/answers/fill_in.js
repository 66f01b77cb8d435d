/* Blanks inside the stem. */

import { tidy } from "./text.js";

export function setup(root, { typed, rested, words }) {
  const inputs = [...root.querySelectorAll("input.blank")];
  const grow = (input) => {
    // A full-width character takes two of the columns that `size` counts.
    const columns = [...input.value].reduce((sum, char) => sum + (char.codePointAt(0) > 255 ? 2 : 1), 0);
    input.size = Math.min(40, Math.max(10, columns + 2));
  };
  for (const input of inputs) {
    input.addEventListener("input", (event) => {
      grow(input);
      typed(event.isComposing);
    });
    input.addEventListener("compositionend", () => typed(false));
    input.addEventListener("change", rested);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // handing in is never an accident of the Enter key
      rested();
      inputs[inputs.indexOf(input) + 1]?.focus();
    });
    grow(input);
  }
  return {
    read() {
      const values = inputs.map((input) => tidy(input.value, input.maxLength));
      return values.some((value) => value.trim()) ? values : [];
    },
    show(response) {
      inputs.forEach((input, place) => {
        if (input.value !== (response[place] ?? "")) input.value = response[place] ?? "";
        grow(input);
      });
    },
    spoken: () => [
      [...root.querySelectorAll(".blank-text")]
        .map((text, place) => text.textContent + (place < inputs.length ? words.blank_spoken.replace("{n}", place + 1) : ""))
        .join(" "),
    ],
  };
}
