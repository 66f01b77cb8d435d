/* Rows that are added, removed and moved in the page; without a script the same buttons ask the server. */

const LETTERS = "ABCDEFGHIJ";
const PREFIX = /^\s*(?:[（(]?\s*[A-Ja-jＡ-Ｊ]\s*[)）.．、:：]|[（(]?\d{1,2}\s*[)）.．、](?!\d)|[①-⑩]|[-•·])\s*/u;
const INLINE = /(?:^|\s)([A-J])\s*[.．、:：)）]/gu;

const containerOf = (row) => row.closest("[data-rows]");
const linesOf = (container) => container.querySelector(":scope > [data-lines]");
export const rowsOf = (container) => [...linesOf(container).children];
const fieldsOf = (row) => [...row.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio]), textarea")];
const textOf = (row) => fieldsOf(row).map((field) => (field.inputMode === "decimal" ? "" : field.value.trim())).join("");

/* Put a token in the place of its placeholder, also inside the templates of a template. */
const nameAll = (root, placeholder, token) => {
  for (const element of root.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.value.includes(placeholder)) attribute.value = attribute.value.replaceAll(placeholder, token);
    }
    if (element.localName === "template") nameAll(element.content, placeholder, token);
  }
};

/* Letters, numbers and labels follow the order. */
export const renumber = (container) => {
  const most = Number(container.dataset.most);
  const rows = rowsOf(container);
  rows.forEach((row, place) => {
    const own = (selector) => [...row.querySelectorAll(selector)].filter((element) => element.closest("[data-row]") === row);
    for (const sign of own("[data-letter]")) sign.textContent = LETTERS[place] ?? "";
    for (const sign of own("[data-number]")) sign.textContent = place + 1;
    for (const element of own("[data-numbered]")) {
      const label = element.dataset.numbered.replace("{letter}", LETTERS[place] ?? "").replace("{n}", place + 1);
      element.setAttribute("aria-label", label);
    }
  });
  for (const button of container.querySelectorAll(`[name=act][value^="${container.dataset.rows}:add"]`)) {
    button.disabled = rows.length >= most;
  }
};

const tell = (container) => container.dispatchEvent(new Event("input", { bubbles: true }));

/* A fresh row, after `after` or at the end; null when there is no room. */
export const addRow = (container, { after = null, kind = "" } = {}) => {
  if (rowsOf(container).length >= Number(container.dataset.most)) return null;
  const template = [...container.querySelectorAll(":scope > template")].find((one) => !kind || one.dataset.kind === kind);
  const tokens = [...linesOf(container).querySelectorAll(`:scope > [data-row] > input[name="${container.dataset.rows}"]`)];
  const token = String(Math.max(0, ...tokens.map((input) => Number(input.value))) + 1);
  const copy = template.content.cloneNode(true);
  nameAll(copy, container.dataset.placeholder || "__row__", token);
  const row = copy.querySelector("[data-row]");
  if (after) after.after(row);
  else linesOf(container).append(row);
  for (const inner of row.querySelectorAll("[data-rows]")) renumber(inner);
  renumber(container);
  return row;
};

const focusRow = (row) => fieldsOf(row)[0]?.focus();

export const growRows = (form, words, say) => {
  const remove = (row) => {
    const container = containerOf(row.parentElement);
    const neighbour = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    renumber(container);
    tell(container);
    say(words.removed);
    if (neighbour) focusRow(neighbour);
    else container.querySelector("[name=act]:not([disabled])")?.focus();
  };

  const move = (row, step) => {
    const container = containerOf(row.parentElement);
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    const focused = document.activeElement;
    if (step < 0) other.before(row);
    else other.after(row);
    renumber(container);
    focused?.focus();
    row.classList.add("is-moved");
    setTimeout(() => row.classList.remove("is-moved"), 600);
    tell(container);
    say(words.moved.replace("{n}", rowsOf(container).indexOf(row) + 1));
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=act]");
    const [name, verb, kind] = (button?.value || "").split(":");
    const container = button && form.querySelector(`[data-rows="${CSS.escape(name)}"]`);
    if (!container) return;
    event.preventDefault();
    if (verb === "add") {
      const row = addRow(container, { kind });
      tell(container);
      // Whoever listens may put the focus elsewhere.
      if (row && container.dispatchEvent(new CustomEvent("rowadded", { detail: row, cancelable: true }))) focusRow(row);
    } else if (verb === "remove") {
      remove(button.closest("[data-row]"));
    } else {
      move(button.closest("[data-row]"), verb === "up" ? -1 : 1);
    }
  });

  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.isComposing) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1);
    } else if (event.target.matches("textarea.input-line, [data-enter]") && event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const fields = fieldsOf(row);
      const following = fields[fields.indexOf(event.target) + 1];
      if (!event.target.matches("[data-enter]")) return following?.focus();
      const next = row.nextElementSibling;
      const target = next && !textOf(next) ? next : addRow(containerOf(row), { after: row });
      if (target) focusRow(target);
      tell(containerOf(row));
    } else if (event.key === "Backspace" && event.target.matches("[data-enter]") && !textOf(row) && rowsOf(containerOf(row)).length > 1) {
      event.preventDefault();
      const before = row.previousElementSibling || row.nextElementSibling;
      remove(row);
      focusRow(before);
    }
  });

  form.addEventListener("paste", (event) => {
    if (!event.target.matches("[data-split]")) return;
    const parts = split(event.clipboardData.getData("text/plain"));
    if (parts.length < 2) return;
    event.preventDefault();
    spread(event.target, parts);
    say(words.pasted.replace("{n}", parts.length));
  });

  for (const container of form.querySelectorAll("[data-rows]")) renumber(container);
};

/* Pasted text as options: by lines, or by A. B. C. within one line. */
export const split = (text) => {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  if (lines.length > 1) return lines.map((line) => line.replace(PREFIX, "").trim()).filter(Boolean);
  const line = lines[0] || "";
  const marks = [...line.matchAll(INLINE)].filter((mark, place) => mark[1] === LETTERS[place]);
  if (marks.length < 2 || line.slice(0, marks[0].index).trim()) return [line];
  return marks.map((mark, place) => line.slice(mark.index + mark[0].length, marks[place + 1]?.index).trim()).filter(Boolean);
};

/* The first part goes where the cursor is, the others into the blank rows below or into new ones. */
const spread = (field, parts) => {
  let row = field.closest("[data-row]");
  const container = containerOf(row);
  field.value = parts[0];
  for (const part of parts.slice(1)) {
    const next = row.nextElementSibling;
    row = next && !textOf(next) ? next : addRow(container, { after: row });
    if (!row) break;
    fieldsOf(row)[0].value = part;
  }
  if (row) focusRow(row);
  tell(container);
};
