/* Films of a lesson: what was really played, and no jumping ahead on the first viewing.
   The server decides what counts; this only reports and keeps the player where counting goes on. */

const JUMP = 1.5; // seconds that a player may land ahead of what was watched
const STEP = 1.2; // two time updates lie closer together than this while playing at normal speed

class Film {
  constructor(figure, watched, words) {
    this.id = figure.dataset.film;
    this.length = Number(figure.dataset.seconds);
    this.video = figure.querySelector("video");
    this.note = figure.querySelector(".film-note");
    this.words = words;
    this.watched = watched; // acknowledged by the server
    this.played = watched; // seen here without a gap, not all of it acknowledged yet
    this.last = null;
    this.video.addEventListener("timeupdate", () => this.follow());
    this.video.addEventListener("seeking", () => this.hold());
    this.video.addEventListener("pause", () => { this.last = null; });
    this.video.addEventListener("ratechange", () => {
      if (this.video.playbackRate > 1 && this.played < this.length - 1) this.video.playbackRate = 1;
    });
    this.video.addEventListener("loadedmetadata", () => this.goOn(), { once: true });
    if (this.video.readyState >= 1) this.goOn();
  }

  get running() { return !this.video.paused && !this.video.ended; }

  goOn() {
    if (this.watched > 2 && this.watched < this.length - 2) this.video.currentTime = this.watched;
  }

  follow() {
    const now = this.video.currentTime;
    if (this.running || this.video.ended) {
      const joined = this.last === null ? now <= this.played + JUMP : now - this.last < STEP * this.video.playbackRate;
      if (joined && now > this.played && (this.last ?? now) <= this.played + JUMP) this.played = Math.min(now, this.length);
    }
    this.last = this.running ? now : null;
  }

  hold() {
    if (this.video.currentTime > this.played + JUMP && this.played < this.length - 1) {
      this.video.currentTime = this.played;
      this.note.textContent = this.words.jump;
    }
    this.last = null;
  }

  /** Spans not yet acknowledged. */
  open() { return this.played > this.watched ? [[this.watched, this.played]] : []; }

  acknowledge(seconds) { this.watched = Math.max(this.watched, seconds); }

  /** Without network nothing counts: stop, and go back to what the server knows. */
  stop() {
    if (this.running) this.video.pause();
    this.played = this.watched;
    if (this.video.currentTime > this.watched + JUMP && this.watched < this.length - 1) this.video.currentTime = this.watched;
  }
}

export class Films {
  constructor(words) { this.words = words; this.all = new Map(); }

  /** Take up the films that are on the page now. */
  collect(watched) {
    for (const figure of document.querySelectorAll("[data-film]")) {
      const id = figure.dataset.film;
      if (!this.all.has(id)) this.all.set(id, new Film(figure, watched[id] ?? 0, this.words));
    }
  }

  get running() { return [...this.all.values()].some((film) => film.running); }

  played() {
    const spans = {};
    for (const film of this.all.values()) {
      const open = film.open();
      if (open.length) spans[film.id] = open;
    }
    return spans;
  }

  acknowledge(watched) { for (const [id, seconds] of Object.entries(watched)) this.all.get(id)?.acknowledge(seconds); }

  stop() { for (const film of this.all.values()) film.stop(); }

  pause() { for (const film of this.all.values()) if (film.running) film.video.pause(); }
}
