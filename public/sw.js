/**
 * Lets the drawing page work offline once it has been used: the page and its worker put what they have loaded into the
 * cache "offline" (src/engines/web/offline.ts), and this script serves it from there. It stores nothing itself.
 */
const CACHE = 'offline';

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
  try {
    return await fetch(request);
  } catch (error) {
    const found = await cached(request);
    if (found) return found;
    throw error;
  }
}
