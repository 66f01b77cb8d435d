/* The widgets of the attempt page, without journal: the answer goes along when the form is sent. */

import { boxIn } from "./answers/box.js";

const form = document.querySelector("[data-try]");
const words = JSON.parse(document.getElementById("attempt-words").textContent);
const nothing = () => {};
const box = boxIn(form.querySelector("[data-question]"), { words, changed: nothing, typed: nothing, rested: nothing });
const field = form.elements.response;

box.show(JSON.parse(form.dataset.response));
form.classList.add("live");
form.addEventListener("submit", () => {
  field.disabled = false;
  field.value = JSON.stringify(box.read());
});
