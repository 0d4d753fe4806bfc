/** Where a host isolates its pages, wasm computes on several threads; elsewhere on one. The answers are the same. */
import { afterAll, expect, inject, it } from 'vitest';
import { serve } from '../../src/node/static-server.ts';
import { expectClean, useBrowser } from './browser.ts';
import { answer, drawShirt } from './pad.ts';

const base = new URL(inject('site')).pathname.replace(/\/$/, '');
const isolated = await serve(inject('dist'), base, { isolated: true });
afterAll(() => {
  isolated.server.closeAllConnections();
  isolated.server.close();
});

const plain = useBrowser();
const sharing = useBrowser(() => isolated.origin + base);

it('draws the same answer on two threads and on one', async () => {
  const [one, several] = await Promise.all([plain, sharing].map(drawn));
  expect(one!.device).not.toContain('×');
  expect(several!.device).toMatch(/×[2-4]/);
  expect(several!.threads).toBeGreaterThan(0);
  expect(one!.threads).toBe(0);
  several!.probabilities.forEach((p, i) => expect(Math.abs(p - one!.probabilities[i]!)).toBeLessThan(1e-6));
});

async function drawn({ open }: ReturnType<typeof useBrowser>) {
  let threads = 0;
  const opened = await open('/en/draw/?backend=wasm', {
    prepare: async (page) =>
      page.on('request', (request) => {
        if (/\/thread-[^/]*\.js$/.test(request.url())) threads++;
      }),
  });
  await drawShirt(opened.page);
  const { probabilities } = await answer(opened.page);
  const device = (await opened.page.getByTestId('backend').textContent()) ?? '';
  expectClean(opened);
  await opened.close();
  return { probabilities, device, threads };
}
