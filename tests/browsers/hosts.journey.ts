/** Hosts and browser profiles out of the ordinary, in every browser that `BROWSERS` names. */
import { describe, expect, it } from 'vitest';
import { BROWSER_NAMES, SHIRT, test, useReader } from './visit.ts';

describe.each(BROWSER_NAMES)('%s, on a host that isolates its pages', (name) => {
  const visit = useReader(name, (_, response) => {
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
  });
  const { open, evaluate, attribute, answered, teach } = visit;
  /** Whether it is computed on several threads, where the browser lets them share memory; WebKitGTK's does not. */
  const expectThreads = async (): Promise<void> => {
    expect(await attribute(test('backend'), 'data-backend')).toBe('wasm');
    const several = /×[2-9]/.test(await evaluate(`document.querySelector('${test('backend')}').textContent`));
    expect(several).toBe(await evaluate(`'SharedArrayBuffer' in window`));
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
