/* Takes the journal's changes to the server, in batches, until the server has acknowledged every one. */

import { call } from "./call.js";

const BATCH = 200;
const BATCH_BYTES = 250000; // a packet of long texts stays well below what the server reads
const KEEPALIVE_BYTES = 60000; // browsers refuse more for a request that may outlive its page
const GATHER = 250; // ms in which further changes join the packet
const PATIENCE = 15000; // ms after which a request counts as lost
const BACK_OFF = [1000, 2000, 4000, 8000, 15000, 30000];
const HEARTBEAT = 45000;

const bytes = (text) => new TextEncoder().encode(text).length;

/* The oldest changes, as many as one packet takes; never none of some. */
function batchOf(changes) {
  let size = 0;
  const end = changes.findIndex((change, place) => {
    size += bytes(JSON.stringify(change.response)) + 100;
    return place === BATCH || (place > 0 && size > BATCH_BYTES);
  });
  return end < 0 ? changes : changes.slice(0, end);
}

export class Delivery {
  /* `report(state)` is called on every change of state, `closed(kind, body)` once, when the attempt is over or goes on
     elsewhere, `news(number)` with each acknowledgement. */
  constructor({ journal, save, submit, token, report, closed, clock, news }) {
    Object.assign(this, { journal, token, report, closed, clock, news });
    this.addresses = { save, submit };
    this.state = { online: navigator.onLine !== false, pending: 0, delay: null, savedAt: null, problem: "" };
    this.failures = 0;
    this.writes = 0; // changes on their way into the journal
    this.refused = new Set(); // numbers that the server called malformed: kept here, they hold nothing else up
    this.busy = false;
    this.handing = false; // handing in takes everything along itself
    this.over = false;
    this.paused = false; // as the last acknowledgement said
    this.timer = 0;
    window.addEventListener("online", () => this.soon(0));
    window.addEventListener("offline", () => this.tell({ online: false }));
    document.addEventListener("visibilitychange", () => this.soon(document.hidden ? 0 : 50));
    window.addEventListener("pageshow", (event) => event.persisted && this.soon(0));
  }

  tell(change) {
    Object.assign(this.state, change);
    this.report(this.state);
  }

  /* A change is being written down: from this moment on nothing may say 已保存. */
  writing() {
    this.writes += 1;
    this.tell({ pending: this.waiting() });
  }

  waiting() {
    return this.journal.unsent().length + this.writes;
  }

  /* A change was written down. */
  noted() {
    this.writes -= 1;
    this.tell({ pending: this.waiting() });
    if (this.failures === 0) this.soon(GATHER);
  }

  soon(wait) {
    if (this.over || this.handing) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), wait);
  }

  async run() {
    if (this.busy || this.over || this.handing) return;
    this.busy = true;
    try {
      const changes = batchOf(await this.sendable());
      const answer = await this.post("save", changes);
      await this.handle(answer, changes);
    } catch {
      this.failed();
    } finally {
      this.busy = false;
    }
  }

  async sendable() {
    return (await this.journal.pending()).filter((change) => !this.refused.has(change.number));
  }

  post(kind, changes) {
    const body = JSON.stringify({
      client: this.journal.client,
      changes: changes.map(({ number, position, response, made_at }) => ({ number, position, response, made_at })),
    });
    const keepalive = bytes(body) < KEEPALIVE_BYTES;
    return call(this.addresses[kind], body, { token: this.token, patience: PATIENCE, keepalive });
  }

  async handle({ status, content, took }, changes) {
    if (status === 200) return this.taken(content, took);
    if (content.held?.length) await this.journal.acknowledge(content.held, 0); // kept for a ruling: delivered
    const lost = changes.length - (content.held?.length ?? 0);
    if (status === 202) return this.end("held", { ...content, lost });
    if (status === 409) return this.end("closed", content);
    if (status === 410) return this.end("late", { ...content, lost });
    if (status === 423) return this.end("moved", content);
    if (status === 400 && this.setAside(content, changes)) return this.soon(GATHER);
    if (status === 403 && content.error === "seb") this.tell({ problem: "seb", online: true });
    else if (status === 401 || status === 403) this.tell({ problem: "signed_out", online: true });
    else if (status >= 400 && status < 500) this.tell({ problem: "refused", online: true });
    else return this.failed();
    return this.again();
  }

  /* The changes that the server named; false when it named none. */
  setAside(content, changes) {
    const places = (content.problems ?? []).map(({ where }) => /^changes\.(\d+)\b/.exec(where)?.[1]);
    const named = places.map((place) => changes[place]?.number).filter((number) => number !== undefined);
    for (const number of named) this.refused.add(number);
    if (named.length) this.tell({ problem: "refused", online: true, pending: this.waiting() });
    return named.length > 0;
  }

  async taken(content, took) {
    this.failures = 0;
    this.clock.learn(content.now, content.deadline, took);
    this.paused = content.paused;
    await this.journal.acknowledge(content.acknowledged, content.highest);
    const pending = this.waiting();
    const savedAt = pending === 0 ? new Date(content.now) : this.state.savedAt;
    const problem = this.refused.size ? "refused" : "";
    this.tell({ online: true, problem, delay: Math.round(took), pending, savedAt });
    this.news?.(content.news);
    this.soon(pending > this.refused.size ? GATHER : HEARTBEAT);
  }

  failed() {
    this.tell({ online: false, pending: this.waiting() });
    this.again();
  }

  again() {
    const wait = BACK_OFF[Math.min(this.failures, BACK_OFF.length - 1)];
    this.failures += 1;
    this.soon(wait * (0.7 + 0.6 * Math.random()));
  }

  end(kind, content) {
    this.over = true;
    clearTimeout(this.timer);
    this.closed(kind, content);
  }

  /* What the answer does not name as counted or kept came too late. */
  async handedIn(content) {
    await this.journal.acknowledge([...content.acknowledged, ...content.held], 0);
    this.end("submitted", { ...content, lost: this.waiting() });
    return true;
  }

  /* Hands in, with everything outstanding; tries until the server has answered. `waiting` is called on each failure.
     With `goOn` the answers are saved first, and the server's time decides: false when there is time left. */
  async submit(waiting, goOn = null) {
    this.handing = true;
    clearTimeout(this.timer);
    let asked = goOn === null;
    for (let round = 0; !this.over; round += 1) {
      try {
        while (this.busy) await new Promise((resolve) => setTimeout(resolve, 50));
        if (this.over) return true;
        const changes = await this.sendable();
        const batch = batchOf(changes);
        const saving = !asked || batch.length < changes.length;
        const refused = this.refused.size;
        const answer = await this.post(saving ? "save" : "submit", batch);
        if (answer.status === 200 && !saving) return await this.handedIn(answer.content);
        await this.handle(answer, batch);
        if (answer.status === 200 && goOn?.()) return this.resumed();
        if (answer.status === 200) asked = true;
        if (answer.status === 200 || this.refused.size > refused) continue;
      } catch {
        this.tell({ online: false });
      }
      clearTimeout(this.timer);
      if (this.over) return true;
      waiting(this.state);
      await this.pause(BACK_OFF[Math.min(round, BACK_OFF.length - 1)]);
    }
    return true;
  }

  resumed() {
    this.handing = false;
    this.soon(GATHER);
    return false;
  }

  /* Waits, but no longer than until the network is back. */
  pause(wait) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        window.removeEventListener("online", done);
        resolve();
      };
      const timer = setTimeout(done, wait);
      window.addEventListener("online", done);
    });
  }
}
