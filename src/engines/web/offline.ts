/** Caches what a page and its worker have loaded, for public/sw.js to serve when there is no network. */

const CACHE = 'offline';
/** Milliseconds after which what could not be kept is tried again … */
const RETRIES = [2_000, 10_000, 60_000];
/** … and after which a file that does not arrive is given up: it holds one of the few connections to the server. */
const PATIENCE = 60_000;

/** What this page has already dealt with, or is dealing with. */
const kept = new Set<string>();
/** What of it the cache must hold; the server may have had no file. */
const stored = new Set<string>();

/**
 * Caches this page and what it has loaded from its own origin. What is cached already is kept if its name carries a hash.
 * A file that cannot be had, or a browser that does not allow storage, is no failure: it is tried again, without the
 * others waiting for it, and without it the page simply needs the network again.
 * @param more addresses of files that its worker has loaded
 */
export async function keep(more: readonly string[]): Promise<void> {
  if (!('caches' in globalThis)) return; // Absent on pages that are not served over https.
  for (const wait of [...RETRIES, 0]) {
    const complete = await keepAll(more).catch(() => false);
    if (complete) return;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** @returns whether all of it is kept, or being kept by another call */
async function keepAll(more: readonly string[]): Promise<boolean> {
  const page = location.origin + location.pathname;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  const own = [...new Set([...loaded, ...more])].filter((url) => new URL(url).origin === location.origin);
  const cache = await caches.open(CACHE);
  const files = await Promise.all(own.map((url) => once(url, () => add(cache, url))));
  // Last, and not without its files: where the reader leaves before, the page as it was is still complete.
  const isComplete = own.every((url, i) => files[i] || !url.includes('/_astro/'));
  const isPageKept = isComplete && (await once(page, () => addPage(cache, page, own)));
  return (await isThere(cache)) && isPageKept && files.every(Boolean);
}

/**
 * Whether the cache holds what was stored; otherwise it is thrown away, for another to be begun. In private windows, WebKit
 * empties a cache when the page that filled it is left, and then takes no file again that it had before, without an error.
 */
async function isThere(cache: Cache): Promise<boolean> {
  const found = new Set((await cache.keys()).map(({ url }) => url));
  if ([...stored].every((url) => found.has(url))) return true;
  await caches.delete(CACHE);
  kept.clear();
  stored.clear();
  return false;
}

/** Does something for an address unless it has been done. @returns whether it is done */
async function once(url: string, work: () => Promise<void>): Promise<boolean> {
  if (kept.has(url)) return true;
  kept.add(url);
  try {
    await work();
    return true;
  } catch {
    kept.delete(url);
    return false;
  }
}

async function addPage(cache: Cache, page: string, needed: readonly string[]): Promise<void> {
  const before = await cache.match(page);
  const now = await fresh(page);
  if (!now) return;
  if (before && (await before.text()) !== (await now.clone().text())) {
    await removeOld(cache, new Set([...needed, ...kept]));
  }
  await cache.put(page, now);
  stored.add(page);
}

/** The page is another than the cached one was: files and pages of the site as it was before are needed no more. */
async function removeOld(cache: Cache, needed: ReadonlySet<string>): Promise<void> {
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    const built = pathname.includes('/_astro/') || pathname.endsWith('/');
    if (built && !needed.has(url)) await cache.delete(url);
  }
}

async function add(cache: Cache, url: string): Promise<void> {
  if (!url.includes('/_astro/') || !(await cache.match(url))) {
    const response = await fresh(url);
    if (!response) return;
    await cache.put(url, response);
  }
  stored.add(url);
}

/**
 * The file as the server has it now, null where it has none. The service worker would answer from its cache, and the
 * browser from its own, which may be out of date.
 * @throws Error where the server is silent, out of reach or in trouble: later it may not be
 */
async function fresh(url: string): Promise<Response | null> {
  const response = await fetch(url, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE) });
  if (response.status >= 500) throw new Error(`${url}: ${response.status}`);
  return response.ok ? response : null;
}

/** Called by a page: installs the service worker, which takes over from the next visit on. */
export async function serveOffline(script: string, scope: string): Promise<void> {
  try {
    await navigator.serviceWorker?.register(script, { scope });
  } catch {
    // Not allowed here, as in some private windows: the page still works online.
  }
}
