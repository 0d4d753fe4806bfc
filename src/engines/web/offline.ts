/** Caches what a page and its worker have loaded, for public/sw.js to serve when there is no network. */

const CACHE = 'offline';

/** What this page has already dealt with. */
const kept = new Set<string>();

/**
 * Caches this page and what it has loaded from its own origin. What is cached already is kept if its name carries a hash.
 * A file that cannot be fetched, or a browser that does not allow storage, is no failure: the page simply needs the
 * network again.
 * @param more addresses of files that its worker has loaded
 */
export async function keep(more: readonly string[]): Promise<void> {
  if (!('caches' in globalThis)) return; // Absent on pages that are not served over https.
  const page = location.origin + location.pathname;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  const own = [...loaded, ...more].filter((url) => new URL(url).origin === location.origin && !kept.has(url));
  try {
    const cache = await caches.open(CACHE);
    for (const url of own) kept.add(url);
    await Promise.all(own.map((url) => add(cache, url)));
    if (kept.has(page)) return;
    kept.add(page);
    const before = await cache.match(page);
    const now = await fresh(page);
    if (!now?.ok) return;
    if (before && (await before.text()) !== (await now.clone().text())) await removeOld(cache);
    // Last: where the reader leaves before, it is done again on the next visit.
    await cache.put(page, now);
  } catch {
    // Storage is blocked or full.
  }
}

/** The page is another than the cached one was: files and pages of the site as it was before are needed no more. */
async function removeOld(cache: Cache): Promise<void> {
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    const built = pathname.includes('/_astro/') || pathname.endsWith('/');
    if (built && !kept.has(url)) await cache.delete(url);
  }
}

async function add(cache: Cache, url: string): Promise<void> {
  if (url.includes('/_astro/') && (await cache.match(url))) return;
  const response = await fresh(url);
  if (response?.ok) await cache.put(url, response);
}

// The service worker would answer from its cache, and the browser from its own, which may be out of date.
const fresh = (url: string): Promise<Response | null> => fetch(url, { cache: 'no-cache' }).catch(() => null);

/** Called by a page: installs the service worker, which takes over from the next visit on. */
export async function serveOffline(script: string, scope: string): Promise<void> {
  try {
    await navigator.serviceWorker?.register(script, { scope });
  } catch {
    // Not allowed here, as in some private windows: the page still works online.
  }
}
