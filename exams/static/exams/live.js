/* The live board: asks every few seconds what is new and changes only the seats that have changed. */

const EVERY = 4000; // ms
const board = document.getElementById("board");
const words = JSON.parse(document.getElementById("live-words").textContent);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const state = document.getElementById("live-state");
const sprite = one("svg.i use")?.getAttribute("href").split("#")[0];

let shown = "all";
let server = Number(board.dataset.now);
let here = performance.now();
const now = () => server + performance.now() - here;

const NAMES = ["pk", "status", "paused", "answered", "seen", "answeredAt", "ended", "leaves", "signals", "held", "stills"];
const rows = new Map(); // pk → row as last seen

/* The same rules as exams/proctoring/screens.py `state_of`. */
function stateOf(row) {
  if (row.status !== "writing") return row.status;
  if (row.paused) return "paused";
  if (row.seen && now() - row.seen > words.offline_ms) return "offline";
  if (row.answeredAt && now() - row.answeredAt > words.idle_ms) return "idle";
  return "writing";
}

const BADGES = { writing: "part", idle: "warn", offline: "warn", paused: "info", submitted: "ok", voided: "off" };
const minds = (row, is) => row.leaves > words.tolerance || row.signals > 0 || row.held > 0 || row.stills > 0 || is === "offline" || is === "idle";

function badge(kind, text) {
  const span = document.createElement("span");
  span.className = `badge badge-${kind === "part" ? "ok" : kind}`;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#badge-${kind}`);
  svg.append(use);
  span.append(svg, text);
  return span;
}

function ago(moment) {
  const seconds = Math.max(0, Math.round((now() - moment) / 1000));
  if (seconds < 5) return words.just;
  return seconds < 120 ? fill(words.ago, { n: seconds }) : fill(words.minutes_ago, { n: Math.floor(seconds / 60) });
}

const clock = (moment) =>
  new Date(moment).toLocaleTimeString("zh-CN", { hour12: false, hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });

function mark(row, is) {
  if (row.held) return ["bad", fill(words.held, { n: row.held })];
  if (row.leaves > words.tolerance) return ["bad", fill(words.left, { n: row.leaves })];
  if (is === "writing" && row.signals) return ["warn", fill(words.signals, { n: row.signals })];
  if (row.stills) return ["info", fill(words.stills, { n: row.stills })];
  return [BADGES[is], words[is]];
}

function draw(row) {
  const item = one(`[data-pk="${row.pk}"]`, board);
  if (!item) return false;
  const is = stateOf(row);
  const seat = one(".seat", item);
  const [kind, text] = mark(row, is);
  const drawn = `${kind}|${text}|${row.answered}|${row.ended}`;
  if (item.dataset.drawn !== drawn) {
    item.dataset.drawn = drawn;
    one("[data-badge]", item).replaceChildren(badge(kind, text));
    one("[data-answered]", item).textContent = row.answered;
    one("progress", item).value = row.answered;
    for (const [name, on] of [["seat-done", is === "submitted"], ["seat-none", is === "voided"], ["seat-bad", kind === "bad"], ["seat-warn", kind === "warn"]]) {
      seat.classList.toggle(name, on);
    }
  }
  const seen = row.ended ? clock(row.ended) : row.seen ? ago(row.seen) : "—";
  const place = one("[data-seen]", item);
  if (place.textContent !== seen) place.textContent = seen;
  const open = is !== "submitted" && is !== "voided";
  item.hidden = (shown === "mind" && !minds(row, is)) || (shown === "open" && !open);
  return true;
}

function tally() {
  const count = { writing: 0, away: 0, signals: 0, paused: 0, submitted: 0, all: rows.size, mind: 0, open: 0 };
  for (const row of rows.values()) {
    const is = stateOf(row);
    if (is === "idle" || is === "offline") count.away += 1;
    else if (is in count) count[is] += 1;
    if (row.leaves > words.tolerance || row.signals || row.held) count.signals += 1;
    if (minds(row, is)) count.mind += 1;
    if (is !== "submitted" && is !== "voided") count.open += 1;
  }
  for (const element of all("[data-tally]")) element.textContent = count[element.dataset.tally];
}

async function ask() {
  let content = null;
  try {
    const answer = await fetch(board.dataset.rows, { credentials: "same-origin", cache: "no-store", redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    content = await answer.json();
  } catch {
    tell(false);
  }
  if (content) show(content);
  setTimeout(ask, document.hidden ? 4 * EVERY : EVERY);
}

function show(content) {
  [server, here] = [content.now, performance.now()];
  let known = true;
  for (const values of content.rows) {
    const row = Object.fromEntries(NAMES.map((name, place) => [name, values[place]]));
    rows.set(row.pk, row);
    known = draw(row) && known;
  }
  tally();
  if (!known && !one("textarea:focus, input:focus")) window.location.reload(); // somebody new has started
  tell(true);
}

function tell(good) {
  state.hidden = false;
  state.classList.toggle("state-warn", !good);
  one(".word", state).textContent = good ? clock(now()) : "—";
}

/* --- one seat --- */

async function openSeat(link, pk) {
  const answer = await fetch(board.dataset.seat.replace(/\/0\/$/, `/${pk}/`), { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(answer.status);
  const place = document.getElementById("seat");
  place.innerHTML = await answer.text();
  for (const other of all(".seat[aria-current]", board)) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  history.replaceState(null, "", link.getAttribute("href").replace(/#.*/, ""));
  if (place.getBoundingClientRect().top > window.innerHeight) place.scrollIntoView();
  place.focus({ preventScroll: true });
}

board.addEventListener("click", (event) => {
  const link = event.target.closest(".seat");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  openSeat(link, link.closest("[data-pk]").dataset.pk).catch(() => window.location.assign(link.href));
});

for (const chip of all("[data-show]")) {
  chip.addEventListener("click", () => {
    shown = chip.dataset.show;
    for (const other of all("[data-show]")) other.setAttribute("aria-pressed", String(other === chip));
    for (const row of rows.values()) draw(row);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const open of all(".whole[open]")) open.open = false;
});

ask();
