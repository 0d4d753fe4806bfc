/** Hosts and browser profiles out of the ordinary, in every browser that `BROWSERS` names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { base, BROWSER_NAMES, dist, SHIRT, test, useReader, WAIT } from './visit.ts';

describe.each(BROWSER_NAMES)('%s, on a host that isolates its pages', (name) => {
  const visit = useReader(name, (_, response) => {
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
  });
  const { open, evaluate, attribute, answered, teach } = visit;
  /**
   * Whether it is computed on several threads, where the browser lets them share memory; WebKitGTK's does not. Firefox
   * at times does not start the threads: then it must be computed on one, after a few seconds.
   */
  const expectThreads = async (): Promise<void> => {
    expect(await attribute(test('backend'), 'data-backend')).toBe('wasm');
    const several = /×[2-9]/.test(await evaluate(`document.querySelector('${test('backend')}').textContent`));
    if (name !== 'firefox') expect(several).toBe(await evaluate(`'SharedArrayBuffer' in window`));
  };

  it('draws and teaches on several threads', async () => {
    await open('/en/draw/?backend=wasm');
    expect(await evaluate('crossOriginIsolated')).toBe(true);
    await visit.reader.drag(test('pad'), SHIRT);
    await answered();
    await expectThreads();
    await teach();
    await expectThreads();
  });
});

// The driver of WebKit opens a private window, which forgets its caches with the page.
describe.each(BROWSER_NAMES.filter((name) => name !== 'webkit'))('%s, once it works offline', (name) => {
  let state: 'up' | 'down' | 'silent' | 'deployed' = 'up';
  const visit = useReader(name, (request, response) => {
    if (state === 'down') response.writeHead(503).end('down for maintenance');
    if (state === 'down' || state === 'silent') return true;
    if (state === 'up' || !request.url!.includes('/draw/')) return false;
    response.setHeader('content-type', 'text/html');
    const html = readFileSync(
      join(dist, request.url!.slice(base.length).split('?')[0]!, 'index.html'),
      'utf8',
    );
    response.end(html.replace('</html>', '<!-- another --></html>'));
    return true;
  });
  const { open, evaluate, answered } = visit;
  const has = (path: string): Promise<boolean> =>
    evaluate<boolean>(`caches.match('${base}${path}').then(Boolean)`);

  it('shows the cached page where the server fails or is silent, and drops what a deploy has replaced', async () => {
    await open('/en/draw/?backend=wasm');
    await visit.reader.drag(test('pad'), SHIRT);
    await answered();
    await vi.waitFor(async () => expect(await has('/en/draw/')).toBe(true), WAIT);
    await visit.reader.reload();
    await answered();
    for (const trouble of ['down', 'silent'] as const) {
      state = trouble;
      const started = performance.now();
      await visit.reader.reload();
      await answered();
      // 3 s of patience at most, and what the page itself takes.
      expect(performance.now() - started, trouble).toBeLessThan(15_000);
    }
    state = 'deployed';
    await evaluate(
      `caches.open('offline').then((cache) => Promise.all(['/_astro/old.js', '/en/old/', '/models/x/weights.bin'].map((path) => cache.put('${base}' + path, new Response('')))))`,
    );
    // For 10 s, a server that was silent is not waited for.
    await pause(11_000);
    await visit.reader.reload();
    await answered();
    await vi.waitFor(async () => expect(await has('/_astro/old.js')).toBe(false), WAIT);
    expect(await has('/en/old/')).toBe(false);
    expect(await has('/models/x/weights.bin')).toBe(true);
    state = 'down';
    await visit.reader.reload();
    await answered();
  });
});
