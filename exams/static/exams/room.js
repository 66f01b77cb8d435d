/* What comes from the room into an open page, and what the page tells the room: time, pauses, messages, signals, stills. */

import { Notices } from "./notices.js";
import { Pulse } from "./pulse.js";
import { Signals } from "./signals.js";
import { Stills } from "./stills.js";

export class Room {
  /* `question()` gives the position on the screen; `pausing()` is called before a pause begins or ends; `ended()` when
     the server says that this page may not go on. */
  constructor({ form, words, clock, journal, token, question, pausing, ended }) {
    Object.assign(this, { form, clock, journal, pausing });
    this.paused = form.dataset.paused === "1";
    this.deadline = clock.deadline;
    this.leftPage = false; // a leave ended that the server has not answered yet
    this.notices = new Notices(words, form.dataset.key);
    this.signals = this.watch(question);
    this.pulse = new Pulse({
      address: form.dataset.pulse,
      client: journal.client,
      token,
      clock,
      signals: this.signals,
      news: -1, // whatever was said before this page was opened is new to it
      hear: (content, fresh) => this.hear(content, fresh),
      ended,
    });
    this.stills = new Stills({
      element: form.querySelector("[data-stills]"),
      store: form.dataset.key,
      clock,
      token,
      waits: () => this.paused,
      failed: () => this.signals.note("no_camera"),
    });
    this.notices.paused(this.paused);
    this.pulse.soon(500);
  }

  watch(question) {
    const button = this.form.querySelector("[data-full-screen]");
    const signals = new Signals({
      rules: JSON.parse(this.form.dataset.rules),
      now: () => this.clock.now(),
      store: this.form.dataset.key,
      question,
      onLeave: () => {
        this.leftPage = true;
        this.pulse?.soon(0);
      },
      onFullScreen: (inside) => { button.hidden = inside || !signals.wantsFullScreen; },
    });
    button.hidden = Boolean(document.fullscreenElement) || !signals.wantsFullScreen;
    button.addEventListener("click", () => signals.enterFullScreen());
    return signals;
  }

  hear(content, fresh) {
    if (content.why && fresh && content.deadline !== this.deadline) this.notices.deadline(content.why, content.now);
    this.deadline = content.deadline;
    if (this.paused !== content.paused) this.pausing();
    this.paused = content.paused;
    this.form.classList.toggle("paused", this.paused);
    this.notices.paused(this.paused);
    for (const message of content.messages) this.notices.message(message);
    if (content.left) {
      if (this.leftPage) this.notices.left(content.left, content.now);
      this.leftPage = false;
    }
    this.journal.remember(this.clock.anchored());
  }

  /* `forGood`: handed in; otherwise another device goes on, and what was noticed stays for a way back. */
  leave(forGood) {
    this.pulse.stop();
    this.stills.stop();
    if (forGood) this.signals.stop();
  }
}
