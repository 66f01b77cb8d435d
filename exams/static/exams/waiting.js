/* The exam's page while its reader waits at the proctor's desk: shown again as soon as something was decided. */

const EVERY = [4000, 7000]; // ms, at random: a room does not ask all at once

const waiting = document.querySelector("[data-waiting]");
const [least, most] = EVERY;

async function ask() {
  try {
    const response = await fetch(waiting.dataset.waiting, { credentials: "same-origin", cache: "no-store" });
    if (response.redirected) return location.reload(); // signed out meanwhile
    if (response.ok && (await response.json()).last !== Number(waiting.dataset.known)) return location.reload();
  } catch {
    // The network is away; the next time it may be there.
  }
  return later();
}

function later() {
  setTimeout(ask, least + Math.random() * (most - least));
}

later();
