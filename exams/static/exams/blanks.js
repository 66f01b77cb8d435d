/* Blanks of a stem and their lines: as many lines as there are ____, each explained as it will be marked. */

import { addRow, renumber, rowsOf } from "./rows.js";

const BLANK = "____";
const RUN = /_{3,}|＿{2,}/gu;
const RANGE = /^([+-]?\d+(?:\.\d+)?)\s*(\.\.|±)\s*([+-]?\d+(?:\.\d+)?)$/;

const count = (text) => (text.match(RUN) || []).length;
const scopeOf = (element) => element.closest("[data-part]") || element.closest("form");
const formsField = (row) => row.querySelector("[data-forms]");
const groupOf = (scope) =>
  [...scope.querySelectorAll("[data-blanks]")].find((group) => scopeOf(group) === scope) || null;

export const followBlanks = (form, words, say) => {
  const follow = (stem) => {
    const group = groupOf(scopeOf(stem));
    if (!group) return;
    const wanted = Math.min(count(stem.value), Number(group.dataset.most));
    while (rowsOf(group).length < wanted && addRow(group)) { /* one more */ }
    for (const row of rowsOf(group).reverse()) {
      if (rowsOf(group).length <= Math.max(wanted, 1) || formsField(row).value.trim()) break;
      row.remove();
    }
    renumber(group);
  };

  const insert = (stem) => {
    const [start, end] = [stem.selectionStart, stem.selectionEnd];
    const before = count(stem.value.slice(0, start));
    stem.setRangeText(BLANK, start, end, "end");
    const group = groupOf(scopeOf(stem));
    const place = group && rowsOf(group)[before];
    // A blank in the middle pushes the answers after it down by one line.
    if (place && formsField(place).value.trim()) {
      const row = addRow(group, { after: place });
      if (row) place.before(row);
    }
    stem.dispatchEvent(new Event("input", { bubbles: true }));
    stem.focus();
    say(words.blank.replace("{n}", before + 1));
  };

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-insert-blank]")) {
      const scope = scopeOf(event.target);
      insert([...scope.querySelectorAll("[data-stem]")].find((stem) => scopeOf(stem) === scope));
    }
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-stem]")) follow(event.target);
    if (event.target.matches("[data-forms]")) explain(event.target, words);
  });
  for (const field of form.querySelectorAll("[data-forms]")) explain(field, words);
};

const explain = (field, words) => {
  const forms = [...new Set(field.value.split(/[|｜]/).map((form) => form.trim()).filter(Boolean))];
  const shown = field.closest(".row-fields").querySelector("[data-forms-shown]");
  shown.replaceChildren(...forms.map((form) => {
    const chip = document.createElement("span");
    chip.className = "chip chip-accent";
    chip.textContent = meaning(form.normalize("NFKC"), words) || form;
    return chip;
  }));
  shown.hidden = forms.length < 2 && !forms.some((form) => meaning(form.normalize("NFKC"), words));
};

const tidy = (number) => String(Number(number.toFixed(6)));

const meaning = (form, words) => {
  const match = RANGE.exec(form);
  if (!match) return "";
  const [first, last] = [Number(match[1]), Number(match[3])];
  const [low, high] = match[2] === "±" ? [first - last, first + last] : [first, last];
  return words.range.replace("{form}", form).replace("{low}", tidy(low)).replace("{high}", tidy(high));
};
