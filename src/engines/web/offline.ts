/** Caches what a page or worker has loaded, for public/sw.js to serve when there is no network. */

const CACHE = 'offline';

/** What this page or worker has already dealt with. */
const kept = new Set<string>();

/**
 * Caches everything that this page or worker has loaded from its own origin, and `more`. What is cached already is kept if
 * its name carries a hash. A file that cannot be fetched, or a browser that does not allow storage, is no failure: the
 * page simply needs the network again.
 */
export async function keep(more: readonly string[] = []): Promise<void> {
  if (!('caches' in globalThis)) return; // Absent on pages that are not served over https.
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
  // The service worker would answer from its cache, and the browser from its own, which may be out of date.
  const response = await fetch(url, { cache: 'no-cache' }).catch(() => null);
  if (response?.ok) await cache.put(url, response);
}

/** Called by a page: installs the service worker, which takes over from the next visit on. */
export async function serveOffline(script: string, scope: string): Promise<void> {
  try {
    await navigator.serviceWorker?.register(script, { scope });
  } catch {
    // Not allowed here, as in some private windows: the page still works online.
  }
}
