/* Writing a question: rows, blanks, picture, regions, keys, preview. Each part is a module of its own. */

import { followBlanks } from "./blanks.js";
import { drawRegions } from "./hotspot-editor.js";
import { watchPicture } from "./question-picture.js";
import { keepPreview } from "./question-preview.js";
import { growRows } from "./rows.js";

const form = document.querySelector("[data-question-form]");
const words = JSON.parse(document.getElementById("editor-words").textContent);
const said = form.querySelector("[data-said]");
const say = (text) => { said.textContent = text; };

form.classList.add("live");
growRows(form, words, say);
followBlanks(form, words, say);
watchPicture(form, words, say);
const board = form.querySelector("[data-hotspot]");
if (board) drawRegions(board, form, words, say);
keepPreview(form);

// Clauses are found by any of their words.
form.querySelector("[data-clause-filter]").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const line of form.querySelectorAll("[data-clause]")) {
    line.hidden = Boolean(wanted) && !line.textContent.toLowerCase().includes(wanted) && !line.querySelector("input").checked;
  }
});

// Ctrl+Enter saves, Ctrl+S keeps a draft; Enter in a line never sends the form by accident.
const save = form.querySelector("[data-save]");
const draft = form.querySelector("[data-draft]");
document.addEventListener("keydown", (event) => {
  if (event.isComposing || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    form.requestSubmit(save);
  } else if (event.key.toLowerCase() === "s") {
    event.preventDefault();
    form.requestSubmit(draft || save);
  }
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing && event.target.matches("input:not([type=checkbox], [type=radio], [type=file])")) {
    event.preventDefault();
  }
});

// Leaving with something unsaved is asked about once.
let changed = Boolean(form.querySelector(".alert-bad"));
form.addEventListener("input", (event) => { if (!event.target.matches("[data-clause-filter]")) changed = true; });
form.addEventListener("submit", () => { changed = false; });
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

const firstError = form.querySelector("[aria-invalid=true]") || form.querySelector(".error");
if (firstError) (firstError.matches(".error") ? firstError.parentElement : firstError).scrollIntoView({ block: "center" });
