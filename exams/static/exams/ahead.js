/* What is on its way into the journal. A page that goes away takes an open IndexedDB transaction with it; what is
   written here is there at once, also in the last moment of a page. The next page puts it into the journal. */

const PREFIX = "sanzhen-ahead-";

export class Ahead {
  constructor(attempt) {
    this.prefix = `${PREFIX}${attempt}-`;
  }

  /* Returns the key for `drop`; null where nothing can be stored, then only the journal keeps the change. */
  put(change) {
    const key = `${this.prefix}${crypto.getRandomValues(new Uint32Array(2)).join("")}`;
    try {
      localStorage.setItem(key, JSON.stringify(change));
      return key;
    } catch {
      return null;
    }
  }

  drop(key) {
    if (key) localStorage.removeItem(key);
  }

  /* [key, change] of all that an earlier page left here, oldest first. */
  left() {
    try {
      return this.keys()
        .map((key) => [key, JSON.parse(localStorage.getItem(key))])
        .sort(([, one], [, other]) => (one.made_at < other.made_at ? -1 : 1));
    } catch {
      return [];
    }
  }

  forget() {
    try {
      this.keys().forEach((key) => localStorage.removeItem(key));
    } catch {
      // There is no storage, so nothing is in it.
    }
  }

  keys() {
    return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
  }
}
