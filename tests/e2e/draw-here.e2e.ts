/** The small pad in the report's chapter 7. */
import { expect, it } from 'vitest';
import { expectClean, hold, useBrowser } from './browser.ts';
import { answer, drawLine, PAD, padPixels } from './pad.ts';

const { open } = useBrowser();

it('is loaded at the first touch, answers in the report, and hands the drawing to the large pad', async () => {
  const requests: string[] = [];
  let arrive = () => undefined as void;
  const opened = await open('/en/?backend=wasm', {
    prepare: async (page) => {
      page.on('request', (request) => requests.push(request.url()));
      arrive = await hold(page, '**/draw-here*.js');
    },
  });
  const { page } = opened;
  const here = page.getByTestId('draw-here');
  await here.scrollIntoViewIfNeeded();
  const chapter = page.locator('section.chapter', { has: here });
  expect(await chapter.locator('h2').getAttribute('id')).toBe('s7');
  await page.waitForTimeout(300);
  expect(requests.filter((url) => /draw-here|worker|\.wasm$|\/models\/[^/]+\/weights/.test(url))).toEqual([]);

  // What is drawn while its script is on the way is not lost.
  await drawLine(page, [
    [150, 100],
    [400, 100],
  ]);
  expect(requests.some((url) => /draw-here/.test(url))).toBe(true);
  arrive();
  await answer(page);
  await page.getByTestId('pad').focus();
  for (const key of ['Space', 'Shift+ArrowDown', 'Space']) await page.keyboard.press(key);
  await answer(page);
  const drawn = await padPixels(page);
  expect([drawn[100 * PAD + 300], drawn[320 * PAD + 280], drawn[500 * PAD + 300]]).toEqual([210, 210, 0]);

  await here.getByRole('button', { name: 'Undo' }).click();
  await here.getByRole('button', { name: 'Clear' }).click();
  await expect.poll(() => page.getByTestId('result').getAttribute('data-state')).toBe('empty');
  await here.getByRole('button', { name: 'Undo' }).click();
  const left = await padPixels(page);
  await answer(page);

  // The reader's own drawing on the large pad is one step back.
  await page.evaluate(() =>
    localStorage.setItem('drawing', '[{"kind":"stroke","ink":9,"points":[10,10,8]}]'),
  );
  await here.getByTestId('draw-large').click();
  await page.waitForURL('**/en/draw/**');
  await expect.poll(() => padPixels(page), { timeout: 20_000 }).toEqual(left);
  await page.getByTestId('undo').click();
  expect((await padPixels(page))[10 * PAD + 10]).toBe(9);
  expectClean(opened);
  await opened.close();
});

it('says in a sentence that it cannot be loaded, and is loaded at another touch', async () => {
  const { page, close } = await open('/?backend=wasm');
  await page.route('**/draw-here*.js', (route) => route.abort());
  const pad = page.getByTestId('pad');
  await pad.scrollIntoViewIfNeeded();
  await pad.click();
  await expect.poll(() => page.getByTestId('failure').innerText()).toContain('联网后再试一次');
  await page.unroute('**/draw-here*.js');
  await pad.click();
  await answer(page);
  expect(await page.getByTestId('failure').isVisible()).toBe(false);
  await close();
});
