/* The pulse of an open page: every few seconds it tells the server that it is there and what it noticed, and hears what
   is new: the deadline, a pause, messages. The answers travel by themselves (delivery.js); without the pulse the exam
   goes on. */

import { call } from "./call.js";

const EVERY = 4000; // ms; what a proctor does is on the page within five seconds
const HIDDEN = 15000; // a page that nobody sees may wait
const BACK_OFF = [4000, 8000, 15000, 30000];
const PATIENCE = 10000;

export class Pulse {
  /* `hear(answer)` for every answer; `ended()` for 409, 410 and 423; `news` and `seen`: what is known. */
  constructor({ address, client, token, clock, signals, hear, ended, news = 0, seen = 0 }) {
    Object.assign(this, { address, client, token, clock, signals, hear, ended, news, seen });
    this.failures = 0;
    this.over = false;
    this.busy = false;
    this.timer = 0;
    document.addEventListener("visibilitychange", () => !document.hidden && this.soon(0));
    window.addEventListener("online", () => this.soon(0));
  }

  soon(wait) {
    if (this.over) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beat(), wait);
  }

  /* The answer to a saved packet names the same counter: something new is asked for at once. */
  noticed(news) {
    if (news !== undefined && news !== this.news) this.soon(0);
  }

  stop() {
    this.over = true;
    clearTimeout(this.timer);
  }

  async beat() {
    if (this.over || this.busy) return;
    this.busy = true;
    let wait = BACK_OFF[Math.min(this.failures, BACK_OFF.length - 1)];
    try {
      const batch = this.signals?.take(50) ?? [];
      const { status, content, took } = await this.post(batch);
      if (status === 200 || status === 400) this.signals?.acknowledge(batch.length);
      if (status === 200) {
        this.failures = 0;
        this.take(content, took);
        wait = document.hidden ? HIDDEN : EVERY * (0.85 + 0.15 * Math.random());
      } else if (status === 409 || status === 410 || status === 423) {
        this.ended();
      } else this.failures += 1;
    } catch {
      this.failures += 1;
    } finally {
      this.busy = false;
    }
    this.soon(wait);
  }

  take(content, took) {
    this.clock.learn(content.now, content.deadline, took);
    const fresh = content.news !== this.news;
    this.news = content.news;
    this.seen = Math.max(this.seen, ...content.messages.map(({ id }) => id));
    this.hear(content, fresh);
  }

  post(signals) {
    const body = JSON.stringify({ client: this.client, news: this.news, messages_seen: this.seen, signals });
    return call(this.address, body, { token: this.token, patience: PATIENCE });
  }
}
