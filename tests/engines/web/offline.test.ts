import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const PAGE = 'https://site.test/en/draw/';
const [SCRIPT, WORKER, WEIGHTS] = ['/_astro/page.js', '/_astro/worker.js', '/models/x/weights.bin'].map(
  (path) => `https://site.test${path}`,
) as [string, string, string];

let cached: Set<string>;
/** What storing or fetching an address does before it succeeds. */
let trouble: Map<string, () => Promise<unknown>>;

/** As if the module had just been loaded by a page. */
async function keep(): Promise<void> {
  vi.resetModules();
  const offline = await import('../../../src/engines/web/offline.ts');
  void offline.keep([WORKER, WEIGHTS]);
}

beforeEach(() => {
  cached = new Set();
  trouble = new Map();
  vi.useFakeTimers();
  vi.stubGlobal('location', new URL(PAGE));
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ name: SCRIPT } as PerformanceEntry]);
  vi.stubGlobal('caches', {
    open: () =>
      Promise.resolve({
        match: (url: string) => Promise.resolve(cached.has(url) ? new Response('before') : undefined),
        keys: () => Promise.resolve([...cached].map((url) => ({ url }))),
        delete: (url: string) => Promise.resolve(cached.delete(url)),
        put: async (url: string) => {
          await trouble.get(`put ${url}`)?.();
          cached.add(url);
        },
      }),
  });
  vi.stubGlobal('fetch', async (url: string, { signal }: RequestInit = {}) => {
    const given = trouble.get(`fetch ${url}`);
    if (!given) return new Response('now');
    const aborted = new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error())));
    return (await Promise.race([given(), aborted])) as Response;
  });
  // Node's own counts real time.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), milliseconds);
    return controller.signal;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Goes wrong once. */
const once = (what: string, problem: () => Promise<unknown>): void => {
  trouble.set(what, () => {
    trouble.delete(what);
    return problem();
  });
};

it('keeps the page and what it has loaded', async () => {
  await keep();
  await vi.advanceTimersByTimeAsync(0);
  expect(cached).toEqual(new Set([SCRIPT, WORKER, WEIGHTS, PAGE]));
});

it('keeps the others where one cannot be stored, and tries that one again', async () => {
  once(`put ${WEIGHTS}`, () => Promise.reject(new DOMException('full', 'QuotaExceededError')));
  await keep();
  await vi.advanceTimersByTimeAsync(0);
  expect(cached).toEqual(new Set([SCRIPT, WORKER, PAGE]));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(cached).toContain(WEIGHTS);
});

it('does not keep a page whose script it could not keep, but does so later', async () => {
  once(`fetch ${WORKER}`, () => Promise.resolve(new Response('down', { status: 503 })));
  await keep();
  await vi.advanceTimersByTimeAsync(0);
  expect(cached).toEqual(new Set([SCRIPT, WEIGHTS]));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(cached).toEqual(new Set([SCRIPT, WORKER, WEIGHTS, PAGE]));
});

it('gives up a file that does not arrive, and tries it again', async () => {
  once(`fetch ${WEIGHTS}`, () => new Promise(() => undefined));
  await keep();
  await vi.advanceTimersByTimeAsync(50_000);
  expect(cached).not.toContain(WEIGHTS);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(cached).toEqual(new Set([SCRIPT, WORKER, WEIGHTS, PAGE]));
});

it('begins another cache where what was stored is not there, as in private windows of WebKit', async () => {
  let works = false;
  const { open } = caches;
  const remove = () => Promise.resolve((works = true));
  const broken = async () => ({ ...(await open('')), put: () => Promise.resolve() });
  vi.stubGlobal('caches', { open: () => (works ? open('') : broken()), delete: remove });
  await keep();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(cached).toEqual(new Set([SCRIPT, WORKER, WEIGHTS, PAGE]));
});

it('is quiet where the browser allows no storage', async () => {
  vi.stubGlobal('caches', { open: () => Promise.reject(new DOMException('no', 'SecurityError')) });
  await keep();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(cached.size).toBe(0);
});
