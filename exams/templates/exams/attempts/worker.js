/* Keeps the paper of an open attempt for a reload without network. Answers are not its business: they are in the
   page's own journal. The page first comes from the network; only when that fails, or takes too long, from here.
   One paper at a time: keeping one throws away all others, so that a shared phone holds none of somebody else. */

const PATIENCE = 4000; // ms until a page that does not come is taken from the cache
const PAGE = /^\/exams\/attempts\/([0-9a-f-]{36})\/$/;
const PART = /^\/(static|exams\/pictures)\//;
const nameOf = (attempt) => `attempt-${attempt}`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep: attempt, page, parts } = event.data;
  event.waitUntil(keep(attempt, page, parts));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const page = PAGE.exec(pathname);
  if (page && request.mode === "navigate") event.respondWith(pageOf(request, page[1]));
  else if (PART.test(pathname)) event.respondWith(partOf(request));
});

async function keep(attempt, page, parts) {
  for (const name of await caches.keys()) if (name !== nameOf(attempt)) await caches.delete(name);
  const cache = await caches.open(nameOf(attempt));
  const have = new Set((await cache.keys()).map((request) => request.url));
  if (!have.has(new URL(page, self.location.origin).href)) await store(cache, page);
  await Promise.all(parts.filter((part) => !have.has(part)).map((part) => store(cache, part)));
}

/* Only what is there and is what was asked for: a redirect to the result or to signing in is no paper. */
async function store(cache, address) {
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) await cache.put(address, answer);
  } catch {
    // The network is away; the next page tries again.
  }
}

async function pageOf(request, attempt) {
  const address = request.url.split(/[?#]/)[0];
  const kept = await caches.match(address, { cacheName: nameOf(attempt), ignoreVary: true });
  const coming = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await (await caches.open(nameOf(attempt))).put(address, answer.clone());
    else if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 404) await caches.delete(nameOf(attempt));
    return answer;
  });
  if (!kept) return coming;
  const patience = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([coming.catch(() => kept), patience]);
}

async function partOf(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request.url, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
