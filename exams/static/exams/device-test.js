/* The test of a device before the exam, with the modules that the exam itself uses. Results go to the server, which
   judges them; the page is then shown again with what came of it. */

import { call } from "./call.js";
import { Clock } from "./clock.js";
import { Journal } from "./journal.js";

const PINGS = 3;
const PATIENCE = 10000; // ms
const LONGEST = 60000; // what the server takes
const FARTHEST = 10 * 366 * 86400000;

/* An answer written by one page must be there for the next one. */
async function journalWorks() {
  const name = `device-test-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const first = await Journal.open(name, 0);
  const written = await first.append(1, ["o1"]);
  const second = await Journal.open(name, 0);
  const read = await second.pending();
  const works = second.durable && read.some(({ number, response }) => number === written.number && response[0] === "o1");
  await second.forget();
  return works;
}

async function workerWorks(address) {
  if (!("serviceWorker" in navigator)) return false;
  try {
    return Boolean(await navigator.serviceWorker.register(address));
  } catch {
    return false;
  }
}

/* The middle one of some ways there and back, and how much this device's clock is ahead by then. */
async function measureTrips(address, token) {
  const trips = [];
  const clock = new Clock(Date.now(), 0);
  for (let ping = 0; ping < PINGS; ping += 1) {
    const { status, content, took } = await call(address, "{}", { token, patience: PATIENCE });
    if (status !== 200) throw new Error(`answered ${status}`);
    clock.learn(content.now, 0, took);
    trips.push(took);
  }
  trips.sort((one, other) => one - other);
  return { trip: trips[(PINGS - 1) / 2], ahead: Date.now() - clock.now() };
}

async function test({ worker, ping, page, token }) {
  const { trip, ahead } = await measureTrips(ping, token);
  const results = {
    journal: await journalWorks(),
    worker: await workerWorks(worker),
    full_screen: Boolean(document.fullscreenEnabled || document.webkitFullscreenEnabled),
    trip_ms: Math.min(LONGEST, Math.round(trip)),
    clock_ms: Math.max(-FARTHEST, Math.min(FARTHEST, Math.round(ahead))),
  };
  const { status } = await call(page, JSON.stringify(results), { token, patience: PATIENCE });
  return status;
}

const card = document.querySelector("[data-device-test]");
const button = card.querySelector("button");
const show = (name) => {
  for (const part of card.querySelectorAll("[data-say]")) part.hidden = part.dataset.say !== name;
};

async function run() {
  button.disabled = true;
  show("busy");
  try {
    const status = await test(card.dataset);
    if (status === 200) return location.reload();
    show(status === 409 ? "closed" : "failed");
  } catch {
    show("failed");
  }
  button.disabled = false;
  return undefined;
}

show("ready");
button.hidden = false;
button.addEventListener("click", run);
