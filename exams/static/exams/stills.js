/* Stills of the candidate at random moments, with consent only. The camera is on while one is taken, never between.
   Whatever fails here leaves the exam alone: a still that finds no network is dropped, a camera that does not open is
   told once and not tried again. */

import { call } from "./call.js";

const APART = 60000; // ms between two stills, at least
const LATER = 5000; // ms until the next try while the exam is paused or the page is not seen
const WARM_UP = 700; // ms until a camera has found the light
const OPENING = 5000; // ms within which a picture has to appear, or the camera is closed again
const PATIENCE = 20000;
const LARGEST = [480, 360];
const QUALITY = 0.6;
const OVER = [403, 404, 409, 410, 423]; // answers after which no still will be taken

/* So many moments between two, at random and at least `APART`; fewer where there is no room. */
export function drawnMoments(most, from, until, random = Math.random) {
  const number = Math.max(0, Math.min(most, Math.floor((until - from) / APART)));
  const free = until - from - (number - 1) * APART;
  const places = Array.from({ length: number }, () => random() * free).sort((one, other) => one - other);
  return places.map((place, index) => Math.round(from + place + index * APART));
}

const rest = (time) => new Promise((resolve) => setTimeout(resolve, time));

const within = (time, work) =>
  Promise.race([work, rest(time).then(() => { throw new Error("no picture"); })]);

/* One picture as base64; rejects when there is no camera or it may not be used. */
async function photograph() {
  const [width, height] = LARGEST;
  const wanted = { facingMode: "user", width: { ideal: width }, height: { ideal: height } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: wanted });
  try {
    const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: stream });
    await within(OPENING, video.play());
    await rest(WARM_UP);
    return small(video);
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

function small(video) {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, LARGEST[0] / videoWidth, LARGEST[1] / videoHeight);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
}

export class Stills {
  /* `element`: what the page says about stills, null where none are taken; `waits()`: the exam is paused;
     `failed()`: the camera cannot be used. */
  constructor({ element, store, clock, token, waits, failed }) {
    Object.assign(this, { element, clock, token, waits, failed });
    this.over = !element;
    if (this.over) return;
    this.store = `stills-${store}`;
    const { moments, last } = this.read();
    this.moments = moments ?? drawnMoments(Number(element.dataset.stills), clock.now(), clock.now() + clock.left());
    this.last = last ?? 0;
    this.write();
    element.querySelector("button").addEventListener("click", () => this.withdraw());
    this.next();
  }

  /* The moments are drawn once for a sitting, a reload goes on with them. */
  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.store) ?? "{}");
    } catch {
      return {};
    }
  }

  write() {
    try {
      sessionStorage.setItem(this.store, JSON.stringify({ moments: this.moments, last: this.last }));
    } catch {
      /* private browsing without storage: the server keeps to the number */
    }
  }

  next() {
    if (this.over || !this.moments.length) return;
    const due = Math.max(this.moments[0], this.last + APART);
    this.timer = setTimeout(() => this.take(), Math.max(0, due - this.clock.now()));
  }

  async take() {
    if (this.over) return;
    if (this.waits() || document.hidden) {
      this.timer = setTimeout(() => this.take(), LATER);
      return;
    }
    this.moments.shift();
    this.last = this.clock.now();
    this.write();
    const image = await photograph().catch(() => "");
    if (this.over) return;
    if (image) await this.send(image);
    else this.giveUp();
    this.next();
  }

  async send(image) {
    try {
      const { status } = await call(this.element.dataset.save, JSON.stringify({ image }), this.manner);
      if (OVER.includes(status)) this.stop();
    } catch {
      /* the network is away: this one is dropped */
    }
  }

  giveUp() {
    this.moments = [];
    this.write();
    this.show("failed");
    this.failed();
  }

  /* Stops here at once, whatever the network does; the button stays until the server has heard of it. */
  async withdraw() {
    this.stop();
    this.moments = [];
    this.write();
    this.show("unsent");
    try {
      const { status } = await call(this.element.dataset.withdraw, "{}", this.manner);
      if (status === 200) this.show("withdrawn");
    } catch {
      /* the page says that it has to be pressed again */
    }
  }

  get manner() {
    return { token: this.token, patience: PATIENCE };
  }

  show(name) {
    for (const words of this.element.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== name;
    this.element.querySelector("button").hidden = name === "withdrawn";
  }

  stop() {
    this.over = true;
    clearTimeout(this.timer);
  }
}
