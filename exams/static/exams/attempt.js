/* The attempt page: one question at a time, answers into the journal, the journal to the server. */

import { Clock } from "./clock.js";
import { Delivery } from "./delivery.js";
import { Journal } from "./journal.js";

const form = document.getElementById("sheet-form");
const words = JSON.parse(document.getElementById("attempt-words").textContent);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

const questions = all(".question", form).map((element) => ({
  element,
  position: Number(element.dataset.position),
  number: Number(element.dataset.number),
  stamp: [Number(element.dataset.stamp), Number(element.dataset.client)],
  inputs: all("input", element),
  cell: one(`[data-cell="${element.dataset.position}"]`, form),
}));
const byPosition = new Map(questions.map((question) => [question.position, question]));
const clock = new Clock(Number(form.dataset.now), Number(form.dataset.deadline));
const drawer = document.getElementById("sheet-drawer");
const submitDialog = document.getElementById("submit-dialog");
const closingDialog = document.getElementById("closing-dialog");
const notice = document.getElementById("notice");
let current = questions[0];
let journal;
let delivery;
let channel = null;
let handingIn = false;

/* --- answers ------------------------------------------------------------------------------- */

const responseOf = (question) => question.inputs.filter((input) => input.checked).map((input) => input.value);
const answered = (question) => question.inputs.some((input) => input.checked);
const newer = (stamp, than) => stamp[0] > than[0] || (stamp[0] === than[0] && stamp[1] > than[1]);

function show(question, response) {
  for (const input of question.inputs) {
    input.checked = response.includes(input.value);
    input.closest(".option").classList.toggle("is-chosen", input.checked);
  }
}

/* A change made elsewhere (journal, other tab) counts only when its stamp is the higher one. */
function adopt(position, response, stamp) {
  const question = byPosition.get(position);
  if (!question || !newer(stamp, question.stamp)) return;
  question.stamp = stamp;
  show(question, response);
  drawCell(question);
}

async function changed(question) {
  const response = responseOf(question);
  for (const input of question.inputs) input.closest(".option").classList.toggle("is-chosen", input.checked);
  delivery.writing();
  draw();
  const change = await journal.append(question.position, response);
  question.stamp = [change.number, journal.client];
  channel?.postMessage({ position: question.position, response, stamp: question.stamp });
  delivery.noted();
}

/* --- drawing ------------------------------------------------------------------------------- */

function drawCell(question, unsent = waitingPositions()) {
  const { cell } = question;
  const done = answered(question);
  const flagged = journal.flags.has(question.position);
  const waiting = unsent.has(question.position);
  cell.className = [done && "done", flagged && "flag", waiting && "wait"].filter(Boolean).join(" ");
  cell.toggleAttribute("aria-current", question === current);
  const label = fill(done ? words.question_answered : words.question_open, { n: question.number });
  cell.setAttribute("aria-label", label + (flagged ? words.and_flagged : "") + (waiting ? words.and_waiting : ""));
}

function drawCells() {
  const unsent = waitingPositions();
  for (const question of questions) drawCell(question, unsent);
}

function draw() {
  drawCells();
  const done = questions.filter(answered).length;
  const flagged = questions.filter((question) => journal.flags.has(question.position)).length;
  document.getElementById("progress").value = done;
  for (const element of all("[data-answered]")) element.textContent = `${done} / ${questions.length}`;
  for (const [name, count] of [["done", done], ["open", questions.length - done], ["flag", flagged]]) {
    one(`[data-count="${name}"]`).textContent = count;
  }
  for (const counter of all("[data-group-count]")) {
    const cells = all("a", counter.closest(".sheet-group").nextElementSibling);
    counter.textContent = `${cells.filter((cell) => cell.classList.contains("done")).length} / ${cells.length}`;
  }
  drawControls();
}

function drawControls() {
  const index = questions.indexOf(current);
  for (const button of all("[data-move='-1']")) button.disabled = index === 0;
  for (const button of all("[data-move='1']")) button.classList.toggle("is-last", index === questions.length - 1);
  const flagged = journal.flags.has(current.position);
  for (const button of all("[data-flag]")) button.setAttribute("aria-pressed", String(flagged));
}

function drawState(state) {
  const moving = state.online && !state.problem;
  for (const element of all("[data-save-state]")) {
    const long = "long" in element.dataset;
    const time = state.savedAt?.toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
    const text = state.pending
      ? (moving ? words.saving : fill(words.waiting, { n: Math.max(1, waitingQuestions()) }))
      : (long && time ? fill(words.saved_at, { time }) : words.saved);
    one(".word", element).textContent = text;
    element.classList.toggle("state-ok", state.pending === 0);
    element.classList.toggle("is-busy", state.pending > 0 && moving);
    element.classList.toggle("state-warn", state.pending > 0 && !moving);
  }
  for (const element of all("[data-net-state]")) {
    const long = "long" in element.dataset && state.delay !== null;
    one(".word", element).textContent = state.online ? (long ? fill(words.delay, { ms: state.delay }) : words.online) : words.offline;
    element.classList.toggle("state-warn", !state.online);
    element.classList.toggle("is-offline", !state.online);
  }
  drawNotice(state);
  drawCells();
}

const waitingPositions = () => new Set(journal.unsent().map((change) => change.position));
const waitingQuestions = () => waitingPositions().size;

function drawNotice(state) {
  const kind = state.problem || (state.online ? "" : "offline");
  notice.hidden = !kind;
  if (!kind) return;
  one("b", notice).textContent = words[`${kind}_title`];
  one("span", notice).textContent = words[`${kind}_text`];
  one("a", notice).hidden = kind !== "signed_out";
  notice.classList.toggle("is-problem", kind !== "offline");
}

/* --- moving about -------------------------------------------------------------------------- */

function goTo(question, { focus = true } = {}) {
  speechSynthesis?.cancel?.();
  current = question;
  for (const other of questions) other.element.classList.toggle("is-current", other === question);
  history.replaceState(null, "", `#q${question.position}`);
  draw();
  window.scrollTo(0, 0);
  if (focus) question.element.focus({ preventScroll: true });
}

function move(step) {
  const next = questions[questions.indexOf(current) + step];
  if (next) goTo(next);
}

function toggleFlag() {
  journal.flag(current.position, !journal.flags.has(current.position));
  draw();
}

function choose(index) {
  const input = current.inputs[index];
  if (!input || form.classList.contains("locked")) return;
  input.checked = input.type === "radio" ? true : !input.checked;
  input.focus({ preventScroll: true });
  changed(current);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  const { key } = event;
  const letter = /^[a-f]$/i.test(key) ? key.toLowerCase().charCodeAt(0) - 97 : -1;
  if (key === "ArrowLeft") move(-1);
  else if (key === "ArrowRight") move(1);
  else if (/^[1-9]$/.test(key)) choose(Number(key) - 1);
  else if (letter >= 0 && letter < current.inputs.length) choose(letter);
  else if (/^f$/i.test(key)) toggleFlag();
  else return;
  event.preventDefault();
}

function openSheet() {
  one(".drawer-body", drawer).append(document.getElementById("sheet"));
  drawer.showModal();
}

function closeSheet() {
  document.getElementById("sheet-home").append(document.getElementById("sheet"));
}

/* --- reading aloud ------------------------------------------------------------------------- */

function readAloud() {
  if (speechSynthesis.speaking) return speechSynthesis.cancel();
  const options = all(".option", current.element).map(
    (option) => `${one(".key", option).textContent}，${one(".option-text", option).textContent}`,
  );
  const speech = new SpeechSynthesisUtterance([one(".q-stem", current.element).textContent, ...options].join("。"));
  speech.lang = "zh-CN";
  speech.rate = 0.95;
  return speechSynthesis.speak(speech);
}

/* --- handing in ---------------------------------------------------------------------------- */

function askSubmit() {
  if (drawer.open) drawer.close();
  const open = questions.filter((question) => !answered(question)).length;
  const flagged = questions.filter((question) => journal.flags.has(question.position)).length;
  const waiting = waitingQuestions();
  const line = (name, text, visible) => {
    const element = one(`[data-line="${name}"]`, submitDialog);
    element.textContent = text;
    element.hidden = !visible;
  };
  line("open", open ? fill(words.unanswered, { n: open }) : fill(words.all_answered, { n: questions.length }), true);
  line("flag", fill(words.flagged_left, { n: flagged }), flagged > 0);
  line("wait", fill(words.not_uploaded, { n: waiting }), waiting > 0);
  submitDialog.showModal();
}

function closing(text, { result = "" } = {}) {
  for (const dialog of [drawer, submitDialog]) if (dialog.open) dialog.close();
  document.getElementById("closing-text").textContent = text;
  const link = one("[data-result]", closingDialog);
  link.hidden = !result;
  if (result) link.href = result;
  if (!closingDialog.open) closingDialog.showModal();
}

function handIn(timeUp) {
  if (handingIn) return;
  handingIn = true;
  form.classList.add("locked");
  closing(timeUp ? words.time_up : words.submitting);
  delivery.submit(() => closing(timeUp ? words.time_up_offline : words.submit_waits));
}

async function ended(kind, content) {
  const address = content.result || form.dataset.result;
  const lost = kind === "late" ? content.lost : content.late ? waitingQuestions() : 0;
  form.classList.add("locked");
  channel?.postMessage({ closed: address });
  await journal.forget();
  if (lost) return closing(fill(words.lost_late, { n: lost }), { result: address });
  if (kind === "closed") return closing(words.closed_elsewhere, { result: address });
  return window.location.replace(address);
}

/* --- time ---------------------------------------------------------------------------------- */

const announced = new Set();

function tick() {
  const left = clock.left();
  form.classList.toggle("has-hours", left >= 3600000);
  for (const element of all("[data-timer]")) {
    element.textContent = clock.text();
    element.closest(".timer").classList.toggle("timer-low", left < 300000);
  }
  for (const minutes of [10, 5, 1]) {
    const border = minutes * 60000;
    if (left <= border && left > border - 2000 && !announced.has(minutes)) {
      announced.add(minutes);
      document.getElementById("announce").textContent = fill(words.minutes_left, { n: minutes });
    }
  }
  if (left === 0) handIn(true);
  else setTimeout(tick, Math.max(50, Math.min(1000, left % 1000 || 1000)));
}

/* --- start --------------------------------------------------------------------------------- */

function listen() {
  form.addEventListener("change", (event) => {
    const section = event.target.closest(".question");
    if (section) changed(byPosition.get(Number(section.dataset.position)));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    askSubmit();
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a[data-cell]");
    if (!button) return;
    const { dataset } = button;
    if (dataset.cell) {
      event.preventDefault();
      if (drawer.open) drawer.close();
      goTo(byPosition.get(Number(dataset.cell)));
    } else if (button.classList.contains("is-last")) askSubmit();
    else if ("move" in dataset) move(Number(dataset.move));
    else if ("flag" in dataset) toggleFlag();
    else if ("openSheet" in dataset) openSheet();
    else if ("askSubmit" in dataset) askSubmit();
    else if ("submit" in dataset) handIn(false);
    else if ("speak" in dataset) readAloud();
    else if ("close" in dataset) button.closest("dialog").close();
    else if ("firstOpen" in dataset) {
      drawer.close();
      goTo(questions.find((question) => !answered(question)) || current);
    }
  });
  drawer.addEventListener("close", closeSheet);
  closingDialog.addEventListener("cancel", (event) => event.preventDefault());
}

function listenToTabs() {
  if (!("BroadcastChannel" in window)) return;
  channel = new BroadcastChannel(`attempt-${form.dataset.key}`);
  channel.onmessage = ({ data }) => {
    if (data.closed) {
      if (handingIn) return;
      delivery.over = true;
      form.classList.add("locked");
      closing(words.closed_elsewhere, { result: data.closed });
      return;
    }
    adopt(data.position, data.response, data.stamp);
    draw();
  };
}

async function begin() {
  journal = await Journal.open(form.dataset.key, Number(form.dataset.highest));
  delivery = new Delivery({
    journal,
    clock,
    save: form.dataset.save,
    submit: form.getAttribute("action"),
    token: one("[name=csrfmiddlewaretoken]", form).value,
    report: drawState,
    closed: ended,
  });
  for (const [position, change] of journal.latest()) adopt(position, change.response, [change.number, journal.client]);
  listenToTabs();
  listen();
  form.classList.add("live");
  if ("speechSynthesis" in window) for (const button of all("[data-speak]")) button.hidden = false;
  const wanted = byPosition.get(Number(window.location.hash.replace("#q", "")));
  goTo(wanted || questions.find((question) => !answered(question)) || questions[0], { focus: false });
  delivery.tell({ pending: journal.unsent().length });
  delivery.soon(0);
  tick();
}

begin();
