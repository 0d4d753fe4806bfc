/**
 * Lets the drawing page work offline once it has been used: the page and its worker put what they have loaded into the
 * cache "offline" (src/engines/web/offline.ts), and this script serves it from there. It stores nothing itself.
 */
const CACHE = 'offline';
/** A server that is silent for so many milliseconds is not waited for where there is something to show … */
const PATIENCE = 3_000;
/** … and for so long after that, it is not waited for at all: a page needs more than one file. */
const SILENCE = 10_000;
let silentSince = -Infinity;

addEventListener('install', () => skipWaiting());

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  // Built files carry a hash in their names and never change; for everything else the network is asked first.
  const immutable = new URL(request.url).pathname.includes('/_astro/');
  const large = /\/models\/[^/]+\/[^/]+\.bin$/.test(request.url) && request.cache === 'default';
  event.respondWith(immutable || large ? cacheFirst(request) : networkFirst(request));
});

async function cached(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request, { ignoreSearch: request.mode === 'navigate' });
}

async function cacheFirst(request) {
  return (await cached(request)) ?? fetch(request);
}

async function networkFirst(request) {
  const waiting = new AbortController();
  const answer = fetch(request, { signal: waiting.signal });
  const sound = answer
    .then((response) => (response.status < 500 ? response : undefined))
    .catch(() => undefined);
  const patience = performance.now() - silentSince < SILENCE ? 0 : PATIENCE;
  const silence = new Promise((resolve) => setTimeout(resolve, patience, 'silence'));
  const first = await Promise.race([sound, silence]);
  if (first instanceof Response) return first;
  if (first === 'silence' && patience) silentSince = performance.now();
  const found = await cached(request);
  // Browsers hold few connections to a server, and those that wait are lost to the next page.
  if (found) waiting.abort();
  return found ?? answer;
}
