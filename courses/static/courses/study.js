/* The lesson page: heartbeats to the server's clock, checkpoints, the place to go on from.
   Only the server credits time; without it the page says that the clock does not run. */

import { Films } from "./video.js";

const study = document.getElementById("study");
const word = (name) => study.dataset[`word${name[0].toUpperCase()}${name.slice(1)}`];
const csrf = study.querySelector("input[name=csrfmiddlewaretoken]").value;
const find = (name) => document.querySelector(`[data-${name}]`);
const chip = find("clock"), chipText = find("clock-text"), bar = find("progress"), note = find("note");
const films = new Films({ jump: word("jump") });

const state = { token: null, expected: 1, beat: 15, timer: 0, touched: Date.now(), busy: false, over: false };

// --- what the reader sees ---------------------------------------------------------------

const say = (text, kind = "info", button = null) => {
  note.hidden = !text;
  note.replaceChildren();
  if (!text) return;
  const box = document.createElement("div");
  box.className = `alert alert-${kind}`;
  const inner = document.createElement("div");
  const line = document.createElement("p");
  line.textContent = text;
  inner.append(line);
  if (button) inner.append(button);
  box.append(inner);
  note.append(box);
};

const runs = (running) => {
  chip.dataset.state = running ? "running" : "paused";
  chip.title = running ? "" : word("paused");
};

const show = (answer) => {
  if (chipText.textContent !== answer.clock) chipText.textContent = answer.clock;
  bar.value = answer.percent;
  films.acknowledge(answer.watched);
  if (answer.complete) finish();
  else if (find("left").textContent !== answer.left) find("left").textContent = answer.left;
};

const finish = () => {
  if (study.dataset.complete) return;
  study.dataset.complete = "yes";
  find("left").textContent = "";
  find("wait").hidden = true;
  find("onward").hidden = false;
};

// --- the clock --------------------------------------------------------------------------

const post = (address, body) => fetch(address, {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
  body: JSON.stringify(body),
  keepalive: true,
  credentials: "same-origin",
});

const offline = () => {
  runs(false);
  films.stop();
  say(word("offline"), "warn");
};

const open = async () => {
  try {
    const response = await post(study.dataset.begin, { lesson: study.dataset.lesson });
    if (response.status === 401) return say(word("signin"), "warn");
    if (!response.ok) return runs(false);
    const answer = await response.json();
    Object.assign(state, { token: answer.token, expected: answer.expected, beat: answer.beat, over: false });
    films.collect(answer.watched);
    say("");
    show(answer);
    runs(true);
    await send(true);
  } catch {
    offline();
  }
};

const elsewhere = (message) => {
  state.over = true;
  runs(false);
  films.pause();
  const button = document.createElement("button");
  button.className = "btn btn-line btn-sm";
  button.type = "button";
  button.textContent = word("here");
  button.addEventListener("click", open);
  say(message || word("elsewhere"), "info", button);
};

/** One heartbeat. `visible` tells how the page was since the last one. */
const send = async (visible) => {
  if (!state.token || state.over || state.busy || study.dataset.complete) return;
  state.busy = true;
  try {
    const response = await post(study.dataset.beat, {
      token: state.token,
      number: state.expected,
      visible,
      idle: Math.min(86400, Math.max(0, (Date.now() - state.touched) / 1000)),
      at: inView(),
      played: films.played(),
    });
    if (response.status === 409) {
      const answer = await response.json();
      if (answer.error === "new_day") return void setTimeout(open, 0);
      return elsewhere(answer.message);
    }
    if (response.status === 401) return say(word("signin"), "warn");
    if (!response.ok) return offline();
    take(await response.json());
  } catch {
    offline();
  } finally {
    state.busy = false;
  }
};

const take = (answer) => {
  state.expected = answer.expected;
  show(answer);
  runs(!["hidden", "idle", "day_full", "nothing_new"].includes(answer.reason));
  say(answer.note, answer.reason === "day_full" ? "warn" : "info");
};

const tick = () => {
  clearTimeout(state.timer);
  state.timer = setTimeout(async () => {
    if (!document.hidden) {
      if (state.token || state.over) await send(true);
      else await open();
    }
    tick();
  }, state.beat * 1000);
};

for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
  document.addEventListener(kind, () => { state.touched = Date.now(); }, { passive: true, capture: true });
}
// The time up to leaving counts, the time away does not: one beat at each change.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) films.pause();
  send(document.hidden);
});
window.addEventListener("pagehide", () => send(true));
window.addEventListener("online", () => (state.token ? send(true) : open()));
window.addEventListener("offline", offline);

// --- the place to go on from --------------------------------------------------------------

const inView = () => {
  const edge = 120;
  let found = "";
  for (const block of document.querySelectorAll("[data-block]")) {
    if (block.getBoundingClientRect().top <= edge) found = block.dataset.block;
  }
  return found;
};

const resume = () => {
  const last = study.dataset.resume;
  const block = last && document.getElementById(`b-${last}`);
  if (!block || location.hash || study.dataset.complete) return;
  const blocks = [...document.querySelectorAll("[data-block]")];
  if (blocks.indexOf(block) < 1) return;
  block.scrollIntoView({ block: "start" });
};

// --- checkpoints --------------------------------------------------------------------------

const outcome = (form, right, words) => {
  const box = form.querySelector("[data-outcome]");
  const line = document.createElement("p");
  line.className = right ? "alert alert-ok" : "alert alert-warn";
  line.textContent = words;
  box.replaceChildren(line);
};

/** After a right answer the server gives the next section: read the page again and add what is new. */
const reveal = async () => {
  const response = await fetch(location.pathname, { credentials: "same-origin" });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const here = find("sections");
  const known = here.querySelectorAll("[data-section]").length;
  [...fresh.querySelectorAll("[data-section]")].slice(known).forEach((section) => here.insertBefore(section, find("more")));
  if (!fresh.querySelector("[data-more]")) find("more")?.remove();
  films.collect({});
};

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-checkpoint]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const response = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin",
    });
    if (!response.ok) throw new Error(response.status);
    const answer = await response.json();
    outcome(form, answer.right, answer.words);
    if ("complete" in answer) show(answer);
    if (answer.right) {
      for (const input of form.querySelectorAll("input[type=radio]")) input.disabled = true;
      button.hidden = true;
      await reveal();
    }
  } catch {
    outcome(form, false, word("offline"));
  } finally {
    button.disabled = false;
  }
});

// ------------------------------------------------------------------------------------------

resume();
if (study.dataset.complete) films.collect({});
else if (navigator.onLine === false) offline();
else open();
tick();
