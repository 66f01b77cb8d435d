/* The answer of one question, whatever its type: read it, show it, speak it.

   `boxIn(element, listener)` finds the widget inside an element. `listener.changed()` is called when an answer was
   given, `listener.typed(composing)` while text is being written, `listener.rested()` when a field was left. */

import * as choice from "./choice.js";
import * as fillIn from "./fill_in.js";
import * as hotspot from "./hotspot.js";
import * as matching from "./matching.js";
import * as ordering from "./ordering.js";
import * as shortAnswer from "./short_answer.js";

const KINDS = { choice, fill_in: fillIn, hotspot, matching, ordering, short_answer: shortAnswer };

export function boxIn(element, listener) {
  const root = element.querySelector("[data-answer]");
  return root.dataset.answer === "case" ? caseBox(root, listener) : KINDS[root.dataset.answer].setup(root, listener);
}

function caseBox(root, listener) {
  const parts = [...root.querySelectorAll("[data-part]")].map((element) => ({
    element,
    prefix: `${element.dataset.part}=`,
    box: boxIn(element, listener),
  }));
  return {
    read: () => parts.flatMap(({ prefix, box }) => box.read().map((value) => prefix + value)),
    show(response) {
      for (const { prefix, box } of parts) {
        box.show(response.filter((value) => value.startsWith(prefix)).map((value) => value.slice(prefix.length)));
      }
    },
    spoken: () => [
      root.querySelector(".situation-text").textContent,
      ...parts.flatMap(({ element, box }, place) => [
        `${place + 1}，${element.querySelector(".part-stem")?.textContent ?? ""}`,
        ...box.spoken(),
      ]),
    ],
    /* A key means the sub-question that has the focus. */
    press(index) {
      const part = parts.find(({ element }) => element.contains(document.activeElement));
      return part?.box.press?.(index) ?? false;
    },
  };
}
