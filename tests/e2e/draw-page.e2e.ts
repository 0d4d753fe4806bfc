/** The drawing pages as pages: accessible in use and at rest, in both themes, on a phone. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it, vi } from 'vitest';
import { expectClean, hold, useBrowser, violationsOf } from './browser.ts';
import { answer, drawSomething, place } from './pad.ts';
import { publishedIds } from './reference.ts';
import { classNames } from '../../src/i18n/site.ts';
import { draw } from '../../src/i18n/demos.ts';
import { megabytes } from '../../src/i18n/format.ts';

const { open } = useBrowser();

it.each([
  ['/draw/', 'light'],
  ['/draw/', 'dark'],
  ['/en/draw/', 'light'],
  ['/en/draw/', 'dark'],
] as const)('%s is accessible in %s, with a drawing and its answer', async (path, colorScheme) => {
  // Without motion: what is still fading has no contrast yet.
  const opened = await open(`${path}?backend=wasm`, { colorScheme, reducedMotion: 'reduce' });
  const { page } = opened;
  await page.locator('details').first().locator('summary').click();
  await page.locator('[data-template="9"]').click();
  await page.locator('#gallery summary').click();
  await page.getByTestId('thumb').first().waitFor();
  await answer(page);
  expect(await violationsOf(page, colorScheme)).toEqual([]);
  expectClean(opened);
  await opened.close();
});

it.each(['/draw/', '/en/draw/'] as const)('%s fits a phone, its answer beside the pad', async (path) => {
  const opened = await open(`${path}?backend=wasm`, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const { page } = opened;
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  const pad = (await page.getByTestId('pad').boundingBox())!;
  expect(Math.min(pad.width, pad.height)).toBeGreaterThanOrEqual(280);
  const result = (await page.getByTestId('result').boundingBox())!;
  expect(pad.y - (result.y + result.height)).toBeLessThan(40);
  expect(pad.y + pad.height - result.y).toBeLessThan(844);
  for (const tool of ['tool-brush', 'tool-fill', 'tool-eraser', 'undo', 'redo', 'clear']) {
    expect((await page.getByTestId(tool).boundingBox())!.height, tool).toBeGreaterThanOrEqual(44);
  }
  expectClean(opened);
  await opened.close();
});

it.each(['/draw/', '/en/draw/'] as const)('%s keeps the pad where it is while answers come', async (path) => {
  const opened = await open(`${path}?backend=wasm`, { viewport: { width: 390, height: 844 } });
  const { page } = opened;
  await page.getByTestId('pad').evaluate((pad) => {
    const places = new Set<number>();
    const look = () => {
      places.add(pad.getBoundingClientRect().top + scrollY);
      requestAnimationFrame(look);
    };
    look();
    Object.assign(globalThis, { places });
  });
  await page.mouse.move(...(await place(page, [100, 100])));
  await page.mouse.down();
  for (let i = 1; i <= 30; i++) {
    await page.mouse.move(...(await place(page, [100 + 12 * i, 100 + 150 * (i % 2) + 8 * i])));
    // The first answer comes while the pen is down.
    if (i === 5) await answer(page);
  }
  await page.mouse.up();
  await answer(page);
  expect(
    await page.evaluate(() => [...(globalThis as unknown as { places: Set<number> }).places]),
  ).toHaveLength(1);
  expectClean(opened);
  await opened.close();
});

it.each(['/draw/', '/en/draw/'] as const)(
  '%s has one line for each sentence in place of an answer',
  async (path) => {
    const opened = await open(path, { viewport: { width: 360, height: 800 } });
    const lang = path.startsWith('/en/') ? 'en' : 'zh';
    const unsure = classNames(lang).map((name) => draw(lang, 'unsure', { name }));
    const values = { loaded: megabytes(lang, 1.5e6), total: megabytes(lang, 1.7e6) };
    const texts = [...unsure, draw(lang, 'choosing'), draw(lang, 'loading', values), draw(lang, 'noAnswer')];
    const heights = await opened.page.locator('#answer').evaluate(
      (answer, sentences) =>
        sentences.map((sentence) => {
          answer.textContent = sentence;
          return answer.getBoundingClientRect().height;
        }),
      texts,
    );
    expect(new Set(heights).size).toBe(1);
    await opened.close();
  },
);

it('brings the pad in sight on a phone when something is put on it from below', async () => {
  const opened = await open('/draw/?backend=wasm', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    reducedMotion: 'reduce',
  });
  const { page } = opened;
  const inSight = () =>
    page.getByTestId('pad').evaluate((pad) => {
      const { top, bottom } = pad.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
  await page.locator('#gallery summary').tap();
  const thumb = page.getByTestId('thumb').last();
  await thumb.scrollIntoViewIfNeeded();
  expect(await inSight()).toBe(false);
  await thumb.tap();
  expect(await inSight()).toBe(true);
  expectClean(opened);
  await opened.close();
});

it('tells how much of the model has come, where the answer will be', async () => {
  const opened = await open('/en/draw/?backend=wasm', {
    prepare: (page) =>
      page.addInitScript(() => {
        const told: string[] = [];
        Object.assign(globalThis, { told });
        addEventListener('DOMContentLoaded', () => {
          const place = document.getElementById('answer')!;
          const tell = () => told.push(place.textContent);
          new MutationObserver(tell).observe(place, { childList: true });
        });
      }),
  });
  const { page } = opened;
  const size = (await page.getByTestId('load').innerText()).match(/[\d.]+ MB/)![0];
  await drawSomething(page);
  await answer(page);
  const told = await page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
  const parts = told.flatMap((text) => {
    const [, loaded, total] = text.match(/^Loading: ([\d.]+) MB of (.+)$/) ?? [];
    return loaded === undefined ? [] : [[Number(loaded), total] as const];
  });
  expect(parts.length).toBeGreaterThan(2);
  expect(parts[0]![0]).toBeLessThan(parts.at(-1)![0]);
  for (const [, total] of parts) expect(total).toBe(size);
  expectClean(opened);
  await opened.close();
});

it('loads nothing of the engine before it is asked for', async () => {
  const requests: string[] = [];
  const { page, close } = await open('/en/draw/?backend=wasm', {
    prepare: async (prepared) => prepared.on('request', (request) => requests.push(request.url())),
  });
  await page.waitForTimeout(500);
  expect(requests.filter((url) => /worker|\.wasm|\/models\//.test(url))).toEqual([]);
  await page.getByTestId('load').click();
  await page.locator('[data-testid=backend][data-backend]').waitFor();
  expect(requests.some((url) => url.endsWith('.wasm'))).toBe(true);
  expect(requests.some((url) => url.includes('webgpu') || url.includes('predictions'))).toBe(false);
  await close();
});

it('shows where the network looked and what looks alike, for those who open it', async () => {
  const opened = await open('/en/draw/?backend=wasm');
  const { page } = opened;
  await page.locator('#gallery summary').click();
  await page.locator('#gallery-class').selectOption('8');
  await page.getByTestId('thumb').first().click();
  await answer(page);
  const attention = page.getByTestId('attention');
  await attention.locator('summary').click();
  await page.waitForSelector('[data-testid=attention][data-state=ready]');
  const tinted = await attention.locator('canvas').evaluate((canvas) => {
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, 28, 28);
    return Array.from({ length: 28 * 28 }, (_, i) => data[4 * i] !== data[4 * i + 2]).filter(Boolean).length;
  });
  expect(tinted).toBeGreaterThan(0);
  expect(tinted).toBeLessThan(28 * 28);

  await page.getByTestId('similar').locator('summary').click();
  const alike = page.getByTestId('similar').locator('li');
  await alike.first().waitFor();
  expect(await alike.count()).toBe(6);
  const classes = await alike.evaluateAll((items) =>
    items.map((item) => (item as HTMLElement).dataset['class']),
  );
  expect(classes).toContain('8');
  await page.getByTestId('clear').click();
  await expect.poll(() => alike.count()).toBe(0);
  expectClean(opened);
  await opened.close();
});

it('shows the test images of the class chosen last, each once, however slowly they come', async () => {
  const { page, close } = await open('/en/draw/');
  const arrive = await hold(page, '**/data/**');
  await page.locator('#gallery summary').click();
  for (const label of ['8', '1', '8']) await page.locator('#gallery-class').selectOption(label);
  arrive();
  const thumbs = page.getByTestId('thumb');
  await thumbs.first().waitFor();
  await page.waitForTimeout(300);
  const ids = await thumbs.evaluateAll((all) => all.map((thumb) => (thumb as HTMLElement).dataset['image']));
  expect(ids.length).toBe(24);
  expect(new Set(ids).size).toBe(24);
  expect(await thumbs.first().getAttribute('aria-label')).toContain('Bag');
  await close();
});

it('says who answers, how well it does on drawings, and asks the report’s own network at one click', async () => {
  const opened = await open('/en/draw/?backend=wasm');
  const { page } = opened;
  const select = page.getByTestId('model-select');
  const groups = await select
    .locator('optgroup')
    .evaluateAll((all) =>
      all.map((group) => [
        (group as HTMLOptGroupElement).label,
        ...[...group.children].map((option) => (option as HTMLOptionElement).value),
      ]),
    );
  expect(groups.map(([label]) => label)).toEqual([
    'For drawings',
    'The report’s own',
    'The best on photographs',
    'Experiments',
  ]);
  const chosen = await select.inputValue();
  expect(groups[0]![1]).toBe(chosen);
  expect(groups[1]).toContain('baseline');

  const who = page.getByTestId('result').locator('.who:visible');
  expect(await who.innerText()).toMatch(new RegExp(`^${chosen} · Right on \\d+ of \\d+ drawings`));
  await drawSomething(page);
  const { probability } = await answer(page);
  await page.getByRole('button', { name: 'Ask the report’s own network' }).click();
  expect(await who.innerText()).toMatch(/^baseline · Right on \d+ of \d+ drawings/);
  expect(await select.inputValue()).toBe('baseline');
  await expect.poll(async () => (await answer(page)).probability, { timeout: 30_000 }).not.toBe(probability);
  await page.keyboard.press('Enter');
  expect(await select.inputValue()).toBe(chosen);
  await expect
    .poll(async () => (await answer(page)).probability, { timeout: 30_000 })
    .toBeCloseTo(probability, 5);
  // Under the same names below.
  const named = await page.locator('#figures th[scope=col]').allInnerTexts();
  expect(named).toEqual(expect.arrayContaining(['baseline', chosen]));
  expectClean(opened);
  await opened.close();
});

it('keeps a drawing with its class for teaching', async () => {
  const opened = await open('/en/draw/?backend=wasm');
  const { page } = opened;
  expect(await page.getByTestId('keep').isDisabled()).toBe(true);
  await page.locator('details').first().locator('summary').click();
  await page.locator('[data-template="3"]').click();
  // Nothing is kept under a class that nobody has chosen.
  expect(await page.getByTestId('keep-class').inputValue()).toBe('');
  await page.getByTestId('keep').click();
  expect(await page.getByTestId('message').innerText()).toContain('Choose what it was first');
  expect(await page.evaluate(() => localStorage.getItem('drawings'))).toBeNull();
  await page.getByTestId('keep-class').selectOption('3');
  await page.getByTestId('keep').click();
  expect(await page.getByTestId('kept').innerText()).toContain('Kept: Dress. Drawings kept so far: 1.');
  await page.getByTestId('kept').getByRole('link').click();
  await page.waitForURL('**/en/finetune/');
  const kept = await page.evaluate(
    () => JSON.parse(localStorage.getItem('drawings')!) as { label: number }[],
  );
  expect(kept.map(({ label }) => label)).toEqual([3]);
  expectClean(opened);
  await opened.close();
});

const models = join(inject('dist'), 'models');
const withEightBits = (await publishedIds(inject('dist'))).filter((id) =>
  existsSync(join(models, id, 'model-8bit.json')),
);

it.each(withEightBits)('%s is loaded in eight bits where the reader asks for it', async (id) => {
  const opened = await open(`/en/draw/?backend=wasm&model=${id}`);
  const { page } = opened;
  const weights = new Set<string>();
  page.on('request', (request) => {
    if (request.url().endsWith('.bin')) weights.add(request.url().split('/').at(-1)!);
  });
  await page.getByTestId('model-light').check();
  const offer = await page.getByTestId('load').textContent();
  expect(Number(/([\d.]+) MB/.exec(offer!)![1])).toBeLessThan(3);
  await drawSomething(page);
  const eightBit = await answer(page);
  expect([...weights]).toEqual(['weights-8bit.bin']);

  await page.getByTestId('model-light').uncheck();
  await vi.waitUntil(() => weights.has('weights.bin'), { timeout: 20_000 });
  const halfPrecision = await answer(page);
  expect(Math.abs(eightBit.probabilities[halfPrecision.label]! - halfPrecision.probability)).toBeLessThan(
    0.05,
  );
  expectClean(opened);
  await opened.close();
});
