/* The journal of one attempt: every change is written here before anything else happens to it.

   Changes are numbered upwards. A number is one more than the highest that this browser has seen, its own (shared by
   all tabs through one IndexedDB transaction) and the server's. `client` is a random number of the browser; it breaks
   ties between two devices. The server keeps, for each question, the change with the highest (number, client).
   Without IndexedDB (private windows of old browsers) the journal lives in memory and says so: `durable` is false.
   `now` gives the server's time, by which changes are dated: the clock of a phone may be wrong by a day. */

import { Ahead } from "./ahead.js";

const DATABASE = "sanzhen-attempts";
const KEEP_DAYS = 30;

const asPromise = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const finished = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = transaction.onerror = () => reject(transaction.error);
});
const randomClient = () => {
  const words = crypto.getRandomValues(new Uint32Array(2));
  return (words[0] % 0x100000) * 0x100000000 + words[1] || 1;
};

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("meta", { keyPath: "attempt" });
      request.result.createObjectStore("changes", { keyPath: ["attempt", "number"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

const range = (attempt) => IDBKeyRange.bound([attempt, 0], [attempt, Infinity]);

export class Journal {
  constructor(attempt, database, meta) {
    this.attempt = attempt;
    this.database = database;
    this.client = meta.client;
    this.counter = meta.counter;
    this.flags = new Set(meta.flags);
    this.changes = new Map();
    this.ahead = new Ahead(attempt);
    this.now = Date.now;
    this.anchor = meta.anchor ?? null; // what an earlier page knew of the time, see Clock.anchored
  }

  get durable() {
    return this.database !== null;
  }

  /* Opens the journal of an attempt; `highest` is the highest number that the server has. */
  static async open(attempt, highest) {
    const meta = { attempt, client: randomClient(), counter: highest, flags: [], at: Date.now() };
    let database = null;
    try {
      database = await openDatabase();
      const transaction = database.transaction(["meta", "changes"], "readwrite");
      const store = transaction.objectStore("meta");
      const known = await asPromise(store.get(attempt));
      if (known) Object.assign(meta, known, { counter: Math.max(known.counter, highest) });
      store.put(meta);
      const rows = await asPromise(transaction.objectStore("changes").getAll(range(attempt)));
      await finished(transaction);
      const journal = new Journal(attempt, database, meta);
      for (const row of rows) journal.changes.set(row.number, row);
      await journal.takeOver();
      journal.sweep();
      return journal;
    } catch {
      return new Journal(attempt, null, meta);
    }
  }

  /* Remembers the time for a page that is opened without network. */
  async remember(anchor) {
    this.anchor = anchor;
    if (!this.database) return;
    try {
      const store = this.database.transaction("meta", "readwrite").objectStore("meta");
      const meta = await asPromise(store.get(this.attempt));
      if (meta) store.put({ ...meta, anchor });
    } catch {
      // The time is learnt again with the next answer of the server.
    }
  }

  /* What an earlier page was writing when it went away, unless the journal has it or something later. */
  async takeOver() {
    const latest = this.latest();
    for (const [key, change] of this.ahead.left()) {
      if (!(latest.get(change.position)?.made_at >= change.made_at)) await this.keep(change);
      this.ahead.drop(key);
    }
  }

  /* Writes a change down and returns it. Resolves only when it is on the disk (or in memory, without one). */
  async append(position, response) {
    const change = { attempt: this.attempt, position, response, made_at: new Date(this.now()).toISOString(), sent: false };
    const key = this.ahead.put(change); // before anything is waited for
    await this.keep(change);
    this.ahead.drop(key);
    return change;
  }

  async keep(change) {
    if (this.database) {
      try {
        const transaction = this.database.transaction(["meta", "changes"], "readwrite", { durability: "strict" });
        const store = transaction.objectStore("meta");
        const meta = await asPromise(store.get(this.attempt));
        change.number = Math.max(meta ? meta.counter : 0, this.counter) + 1;
        store.put({ attempt: this.attempt, client: this.client, flags: [...this.flags], ...meta, counter: change.number, at: Date.now() });
        transaction.objectStore("changes").put(change);
        await finished(transaction);
      } catch {
        this.database = null;
      }
    }
    if (!this.database) change.number = this.counter + 1;
    this.counter = Math.max(this.counter, change.number);
    this.changes.set(change.number, change);
  }

  /* What the server has not acknowledged yet, oldest first; looks into the other tabs' writing too. */
  async pending() {
    if (this.database) {
      try {
        const store = this.database.transaction("changes").objectStore("changes");
        for (const row of await asPromise(store.getAll(range(this.attempt)))) this.changes.set(row.number, row);
      } catch {
        this.database = null;
      }
    }
    return this.unsent();
  }

  unsent() {
    return [...this.changes.values()].filter((change) => !change.sent).sort((one, other) => one.number - other.number);
  }

  /* The server has these for good. */
  async acknowledge(numbers, highest) {
    this.counter = Math.max(this.counter, highest);
    const rows = numbers.map((number) => this.changes.get(number)).filter(Boolean);
    for (const row of rows) row.sent = true;
    if (!this.database || !rows.length) return;
    try {
      const transaction = this.database.transaction("changes", "readwrite");
      for (const row of rows) transaction.objectStore("changes").put(row);
      await finished(transaction);
    } catch {
      this.database = null;
    }
  }

  /* The newest change of each question. */
  latest() {
    const newest = new Map();
    for (const change of this.changes.values()) {
      const known = newest.get(change.position);
      if (!known || known.number < change.number) newest.set(change.position, change);
    }
    return newest;
  }

  async flag(position, on) {
    if (on) this.flags.add(position);
    else this.flags.delete(position);
    if (!this.database) return;
    try {
      const store = this.database.transaction("meta", "readwrite").objectStore("meta");
      const meta = await asPromise(store.get(this.attempt));
      if (meta) store.put({ ...meta, flags: [...this.flags] });
    } catch {
      // Marks are a convenience; an answer never depends on them.
    }
  }

  /* After the receipt: nothing of the answers stays on a device that others may use. */
  async forget() {
    this.ahead.forget();
    if (!this.database) return;
    try {
      const transaction = this.database.transaction(["meta", "changes"], "readwrite");
      transaction.objectStore("meta").delete(this.attempt);
      transaction.objectStore("changes").delete(range(this.attempt));
      await finished(transaction);
    } catch {
      // The sweep of a later attempt removes it.
    }
  }

  async sweep() {
    try {
      const transaction = this.database.transaction(["meta", "changes"], "readwrite");
      const store = transaction.objectStore("meta");
      for (const meta of await asPromise(store.getAll())) {
        if (Date.now() - meta.at < KEEP_DAYS * 86400000) continue;
        store.delete(meta.attempt);
        transaction.objectStore("changes").delete(range(meta.attempt));
      }
    } catch {
      // Tidying may fail; nothing depends on it.
    }
  }
}
