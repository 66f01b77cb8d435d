/* What the candidate is told during the exam: messages from the proctors, changes of the time, a pause. */

const one = (selector, root = document) => root.querySelector(selector);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const time = (moment) =>
  new Date(moment).toLocaleTimeString("zh-CN", { hour12: false, hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });

export class Notices {
  /* What this tab has shown before, reloads included, is listed but does not stand in the way again. */
  constructor(words, attempt) {
    this.words = words;
    this.store = `messages-${attempt}`;
    this.shown = Number(sessionStorage.getItem(this.store) ?? 0);
    this.list = document.getElementById("notices");
    this.dialog = document.getElementById("message-dialog");
    this.pauseDialog = document.getElementById("pause-dialog");
    this.waiting = [];
    this.pauseDialog.addEventListener("cancel", (event) => event.preventDefault());
    this.dialog.addEventListener("close", () => this.next());
  }

  /* A message or a warning wants to be seen, so it stands in the way until it is confirmed; all are kept in a list. */
  message({ id, kind, text, at }) {
    this.note(`${this.words[kind]}：${text}`, at);
    if (id <= this.shown) return;
    this.shown = id;
    sessionStorage.setItem(this.store, String(id));
    this.waiting.push({ kind, text });
    if (!this.dialog.open) this.next();
  }

  next() {
    const message = this.waiting.shift();
    if (!message) return;
    one("h2", this.dialog).textContent = this.words[message.kind];
    one("p", this.dialog).textContent = message.text;
    this.dialog.classList.toggle("is-warning", message.kind === "warning");
    this.dialog.showModal();
  }

  /* A new deadline, with the sentence that explains it. */
  deadline(why, at) {
    this.note(why, at);
    this.say(why);
  }

  /* A leave of the page was counted. */
  left({ count, tolerance }, at) {
    const text = fill(this.words.left_page, { n: count, allowed: tolerance });
    this.note(text, at);
    this.say(text);
  }

  paused(on) {
    if (on && !this.pauseDialog.open) this.pauseDialog.showModal();
    if (!on && this.pauseDialog.open) this.pauseDialog.close();
  }

  note(text, at) {
    const item = document.createElement("li");
    const moment = document.createElement("time");
    moment.className = "num t-2";
    moment.textContent = time(at);
    item.append(moment, ` ${text}`);
    one("ul", this.list).prepend(item);
    this.list.hidden = false;
  }

  /* Calmly at the edge, for some seconds, and to screen readers. */
  say(text) {
    const place = document.getElementById("toast");
    place.textContent = text;
    place.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { place.hidden = true; }, 8000);
  }
}
