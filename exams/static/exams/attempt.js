/* The attempt page: one question at a time, answers into the journal, the journal to the server. */

import { boxIn } from "./answers/box.js";
import { Clock } from "./clock.js";
import { Delivery } from "./delivery.js";
import { Journal } from "./journal.js";
import { forgetOffline, keepForOffline } from "./offline.js";
import { Room } from "./room.js";

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
  given: JSON.parse(element.dataset.response),
  cell: one(`[data-cell="${element.dataset.position}"]`, form),
}));
const byPosition = new Map(questions.map((question) => [question.position, question]));
let clock = new Clock(Number(form.dataset.now), Number(form.dataset.deadline));
const drawer = document.getElementById("sheet-drawer");
const submitDialog = document.getElementById("submit-dialog");
const closingDialog = document.getElementById("closing-dialog");
const notice = document.getElementById("notice");
let current = questions[0];
let journal;
let delivery;
let channel = null;
let room = null;
let handingIn = false;

/* --- answers ------------------------------------------------------------------------------- */

const REST = 800; // ms without a key after which text goes into the journal
const LONGEST = 4000; // ms after which it goes there although the keys do not rest

const drafts = new Map(); // question → { since, timer }: text in a field that the journal does not have yet
const writings = new Set(); // changes on their way into the journal
const answered = (question) => question.box.read().length > 0;
const newer = (stamp, than) => stamp[0] > than[0] || (stamp[0] === than[0] && stamp[1] > than[1]);
const same = (one, other) => one.length === other.length && one.every((value, place) => value === other[place]);

for (const question of questions) {
  question.box = boxIn(question.element, {
    words,
    changed: () => changed(question),
    typed: (composing) => typed(question, composing),
    rested: () => flush(question),
  });
}

/* A change made elsewhere (journal, other tab) counts only when its stamp is the higher one. A text that is being
   written stays: it gets a higher number as soon as it is written down. */
function adopt(position, response, stamp) {
  const question = byPosition.get(position);
  if (!question || drafts.has(question) || !newer(stamp, question.stamp)) return;
  question.stamp = stamp;
  question.box.show(response);
  drawCell(question);
}

/* An answer was given. */
function changed(question) {
  if (!journal || drafts.has(question)) return journal ? flush(question) : undefined;
  delivery.writing();
  return write(question);
}

/* Text is being written: from now on nothing says 已保存; into the journal it goes when the fingers rest. */
function typed(question, composing) {
  if (!journal) return;
  if (!drafts.has(question)) {
    drafts.set(question, { since: performance.now(), timer: 0 });
    delivery.writing();
  }
  const draft = drafts.get(question);
  const left = Math.max(0, draft.since + LONGEST - performance.now());
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => flush(question), composing ? left : Math.min(REST, left));
  if (answered(question) === question.shownDone) drawField(question, waitingPositions());
  else draw();
}

/* Writes down what was typed, now. */
function flush(question) {
  const draft = drafts.get(question);
  if (!draft) return Promise.resolve();
  clearTimeout(draft.timer);
  drafts.delete(question);
  return write(question);
}

const flushAll = () => Promise.all([...drafts.keys()].map(flush));

/* Into the journal; every call answers one `delivery.writing()`. */
async function write(question) {
  const response = question.box.read();
  draw();
  const writing = journal.append(question.position, response);
  writings.add(writing);
  const change = await writing;
  writings.delete(writing);
  const stamp = [change.number, journal.client];
  if (newer(stamp, question.stamp)) question.stamp = stamp;
  channel?.postMessage({ position: question.position, response, stamp });
  delivery.noted();
}

/* All that was answered is in the journal. */
const written = async () => {
  await flushAll();
  await Promise.all([...writings]);
};

/* --- drawing ------------------------------------------------------------------------------- */

function drawCell(question, unsent = waitingPositions()) {
  const { cell } = question;
  const done = answered(question);
  question.shownDone = done;
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
  drawField(current, unsent);
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

/* Below a text: whether this very answer is stored. */
function drawField(question, unsent) {
  const element = one("[data-field-state]", question.element);
  if (!element) return;
  const waits = drafts.has(question) || unsent.has(question.position);
  one(".word", element).textContent = waits ? words.saving : answered(question) ? words.saved : "";
  element.classList.toggle("state-ok", !waits);
  element.classList.toggle("is-empty", !waits && !answered(question));
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

const waitingPositions = () =>
  new Set([...journal.unsent().map((change) => change.position), ...[...drafts.keys()].map(({ position }) => position)]);
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

const choose = (index) => !form.classList.contains("locked") && (current.box.press?.(index) ?? false);
const WRITING = "textarea, select, input:not([type=radio]):not([type=checkbox])";

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (one("dialog[open]") || event.target.closest?.(WRITING)) return; // a key in a field is a letter
  const { key } = event;
  const letter = /^[a-z]$/i.test(key) ? key.toLowerCase().charCodeAt(0) - 97 : -1;
  if (key === "ArrowLeft") move(-1);
  else if (key === "ArrowRight") move(1);
  else if (/^[1-9]$/.test(key) && choose(Number(key) - 1)) draw();
  else if (letter >= 0 && choose(letter)) draw();
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
  const stem = one("h2.q-stem", current.element)?.textContent ?? "";
  const speech = new SpeechSynthesisUtterance([stem, ...current.box.spoken()].filter(Boolean).join("。"));
  speech.lang = "zh-CN";
  speech.rate = 0.95;
  return speechSynthesis.speak(speech);
}

/* --- handing in ---------------------------------------------------------------------------- */

function askSubmit() {
  flushAll();
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

function closing(text, { result = "", label = words.see_result } = {}) {
  for (const dialog of [drawer, submitDialog]) if (dialog.open) dialog.close();
  document.getElementById("closing-text").textContent = text;
  const link = one("[data-result]", closingDialog);
  link.hidden = !result;
  if (result) Object.assign(link, { href: result, textContent: label });
  if (!closingDialog.open) closingDialog.showModal();
}

async function handIn(timeUp) {
  if (handingIn) return;
  handingIn = true;
  form.classList.add("locked");
  const ready = written(); // what is in the fields at this moment comes along
  closing(timeUp ? words.time_up : words.submitting);
  await ready;
  const waiting = () => closing(timeUp ? words.time_up_offline : words.submit_waits);
  // Time was perhaps given while the network was away: then nothing is handed in.
  if (await delivery.submit(waiting, timeUp ? () => clock.left() > 0 || delivery.paused : null)) return;
  handingIn = false;
  form.classList.remove("locked");
  closingDialog.close();
  setTimeout(tick, 1000); // a pause is on the page by then
}

/* `kind`: submitted, closed (elsewhere), late (nothing taken), held (kept for a ruling), moved (another device). */
async function ended(kind, content) {
  const address = content.result || form.dataset.result;
  form.classList.add("locked");
  room?.leave(kind !== "moved");
  if (kind === "moved") return closing(words.moved, { result: content.exam, label: words.see_devices });
  channel?.postMessage({ closed: address });
  await Promise.all([journal.forget(), forgetOffline(form.dataset.key)]);
  const held = content.held?.length ?? 0;
  const lost = content.lost ?? 0;
  const sentences = [held && fill(words.held_late, { n: held }), lost && fill(words.lost_late, { n: lost })].filter(Boolean);
  if (sentences.length) return closing(sentences.join(""), { result: address });
  if (kind === "closed") return closing(words.closed_elsewhere, { result: address });
  return window.location.replace(address);
}

/* --- time ---------------------------------------------------------------------------------- */

const announced = new Set();

function tick() {
  const left = clock.left();
  form.classList.toggle("has-hours", left >= 3600000);
  for (const element of room?.paused ? [] : all("[data-timer]")) {
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
  if (left === 0 && !room?.paused) return handIn(true);
  return setTimeout(tick, Math.max(50, Math.min(1000, left % 1000 || 1000)));
}

/* --- start --------------------------------------------------------------------------------- */

function listen() {
  document.addEventListener("visibilitychange", () => document.hidden && flushAll());
  window.addEventListener("pagehide", flushAll);
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

/* What was answered before this script ran stands in the fields and nowhere else: it is told apart from what the
   server sent, and written down like any other change. */
function answeredEarly() {
  return questions
    .map((question) => {
      const seen = question.box.read();
      question.box.show(question.given);
      return { question, seen, differs: !same(seen, question.box.read()) };
    })
    .filter(({ differs }) => differs);
}

async function begin() {
  const token = one("[name=csrfmiddlewaretoken]", form).value;
  journal = await Journal.open(form.dataset.key, Number(form.dataset.highest));
  clock = new Clock(Number(form.dataset.now), Number(form.dataset.deadline), journal.anchor);
  journal.now = () => clock.now();
  journal.remember(clock.anchored());
  delivery = new Delivery({
    journal,
    clock,
    save: form.dataset.save,
    submit: form.getAttribute("action"),
    token,
    report: drawState,
    closed: ended,
    news: (number) => room?.pulse.noticed(number),
  });
  const early = answeredEarly();
  for (const [position, change] of journal.latest()) adopt(position, change.response, [change.number, journal.client]);
  for (const { question, seen } of early) {
    question.box.show(seen);
    changed(question);
  }
  listenToTabs();
  listen();
  form.classList.add("live");
  if ("speechSynthesis" in window) for (const button of all("[data-speak]")) button.hidden = false;
  const wanted = byPosition.get(Number(window.location.hash.replace("#q", "")));
  goTo(wanted || questions.find((question) => !answered(question)) || questions[0], { focus: false });
  delivery.tell({ pending: journal.unsent().length });
  delivery.soon(0);
  room = new Room({
    form,
    words,
    clock,
    journal,
    token,
    question: () => current.position,
    pausing: flushAll,
    ended: () => delivery.soon(0), // it brings along what is outstanding, and hears the same
  });
  keepForOffline(form.dataset.worker, form.dataset.key);
  tick();
}

begin();
