/* A written answer. */

import { tidy } from "./text.js";

export function setup(root, { typed, rested }) {
  const area = root.querySelector("textarea");
  const written = root.querySelector("[data-written]");
  const count = () => {
    written.textContent = [...area.value].length;
  };
  area.addEventListener("input", (event) => {
    count();
    typed(event.isComposing);
  });
  area.addEventListener("compositionend", () => typed(false));
  area.addEventListener("change", rested);
  count();
  return {
    read() {
      const text = tidy(area.value, area.maxLength);
      return text.trim() ? [text] : [];
    },
    show(response) {
      const text = response.join("\n");
      if (area.value !== text) area.value = text;
      count();
    },
    spoken: () => [],
  };
}
