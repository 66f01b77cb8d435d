/* The paper without network: a service worker (exams/attempts/worker.js) keeps the page of this attempt and what it
   needs, until the attempt is handed in. Where there is none, only a reload without network fails. */

const WARM_AFTER = [3000, 15000]; // ms, at random: a room that starts together does not ask for its papers twice at once

export async function keepForOffline(address, attempt) {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(address);
    const { active } = await navigator.serviceWorker.ready;
    const [least, most] = WARM_AFTER;
    setTimeout(() => {
      const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
      const shown = [...document.images, ...document.querySelectorAll("script[src], link[rel=stylesheet]")].map((e) => e.src || e.href);
      const parts = [...new Set([...loaded, ...shown])].filter(
        (name) => name.startsWith(location.origin) && /^\/(static|exams\/pictures)\//.test(new URL(name).pathname),
      );
      active.postMessage({ keep: attempt, page: location.pathname, parts });
    }, least + Math.random() * (most - least));
  } catch {
    // Private windows and old browsers: the journal works all the same.
  }
}

/* Handed in: nothing of the paper stays on a device that others may use. */
export async function forgetOffline(attempt) {
  try {
    await caches.delete(`attempt-${attempt}`);
  } catch {
    // There was none.
  }
}
