/** Keeps what a page or worker has loaded for when there is no network; public/sw.js serves it then. */

const CACHE = 'offline';

/** What this page or worker has seen to already. */
const kept = new Set<string>();

/**
 * Puts everything that this page or worker has loaded from its own origin into the cache, and `more`. What is there
 * already stays if its name carries a hash; a file that cannot be had, or a browser that does not let one store, is no
 * failure: the page merely needs the network again.
 */
export async function keep(more: readonly string[] = []): Promise<void> {
  if (!('caches' in globalThis)) return; // Not on a page that is not served over https.
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  const own = [...loaded, ...more].filter((url) => new URL(url).origin === location.origin && !kept.has(url));
  try {
    const cache = await caches.open(CACHE);
    for (const url of own) kept.add(url);
    await Promise.all(own.map((url) => add(cache, url)));
  } catch {
    // Storage is blocked or full.
  }
}

async function add(cache: Cache, url: string): Promise<void> {
  if (url.includes('/_astro/') && (await cache.match(url))) return;
  // The service worker would answer from the cache; so would the browser, with what it has not asked for lately.
  const response = await fetch(url, { cache: 'no-cache' }).catch(() => null);
  if (response?.ok) await cache.put(url, response);
}

/** From a page: installs the service worker. It takes over from the next visit on. */
export async function serveOffline(script: string, scope: string): Promise<void> {
  try {
    await navigator.serviceWorker?.register(script, { scope });
  } catch {
    // Not allowed here, as in some private windows: the page works, with the network.
  }
}
