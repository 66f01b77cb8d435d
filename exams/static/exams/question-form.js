/* The question as the candidate will read it, while it is being written; and finding clauses in the list. */

const form = document.querySelector("[data-question-form]");
const preview = form.querySelector("[data-preview]");
const part = (name) => preview.querySelector(`[data-preview-${name}]`);

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const optionRow = (sign, text, square, right) => {
  const row = make("li", `option option-static${right ? " option-right" : ""}`);
  row.append(make("span", `key${square ? " key-sq" : ""}`, sign), make("span", "grow", text));
  if (right) row.append(make("span", "mark-end t-sm t-ok", preview.dataset.answer));
  return row;
};

const writtenOptions = () =>
  [...form.querySelectorAll(".option-edit")].map((line) => ({
    letter: line.querySelector("b").textContent,
    text: line.querySelector("input:not([type=checkbox])").value.trim(),
    right: line.querySelector("[type=checkbox]").checked,
  })).filter((option) => option.text);

const showOptions = (type) => {
  const list = part("options");
  if (type === "true_false") {
    const truth = form.querySelector("[name=truth]:checked")?.value;
    list.replaceChildren(
      optionRow("√", preview.dataset.true, false, truth === "true"),
      optionRow("×", preview.dataset.false, false, truth === "false"),
    );
    return;
  }
  list.replaceChildren(...writtenOptions().map((o) => optionRow(o.letter, o.text, type === "multiple", o.right)));
};

const showClauses = () => {
  const cards = [...form.querySelectorAll("[data-clause] input:checked")].map((input) => {
    const card = make("article", "clause");
    const head = make("p", "clause-head");
    head.append(make("b", "", input.closest("label").querySelector("[data-article]").textContent));
    const body = make("div", "clause-body");
    body.append(make("p", "law", input.closest("label").querySelector("[data-rule]").textContent));
    card.append(head, body);
    return card;
  });
  part("clauses").replaceChildren(...cards);
};

const show = () => {
  const type = form.elements.type;
  part("head").replaceChildren(make("span", "chip", type.selectedOptions[0].textContent));
  part("stem").textContent = form.elements.stem.value.trim() || preview.dataset.empty;
  for (const group of form.querySelectorAll("[data-for]")) {
    group.hidden = (group.dataset.for === "true_false") !== (type.value === "true_false");
  }
  showOptions(type.value);
  showClauses();
};

form.addEventListener("input", (event) => {
  if (!event.target.matches("[data-clause-filter]")) {
    show();
    return;
  }
  const wanted = event.target.value.trim().toLowerCase();
  for (const line of form.querySelectorAll("[data-clause]")) {
    line.hidden = Boolean(wanted) && !line.textContent.toLowerCase().includes(wanted) && !line.querySelector("input").checked;
  }
});
preview.hidden = false;
show();
