/** Each lesson as it begins, at one click: what it gains in a browser, and what can be done with what was taught. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, inject, it, vi } from 'vitest';
import { expectClean, useBrowser } from './browser.ts';
import { choose, data, reach, said, train } from './lesson.ts';
import { drawLine } from './pad.ts';

const { open } = useBrowser();
const WAIT = { timeout: 60_000, interval: 100 };
const LONG = { timeout: 400_000 };
const address = '/en/finetune/?backend=wasm&sample=100';

const gain = async (page: Page) => ({
  before: await data(page, 'ft-gain', 'before'),
  after: await data(page, 'ft-gain', 'after'),
  cost: await data(page, 'ft-gain', 'cost'),
});
const gained = (page: Page) => page.getByTestId('ft-gained').innerText();
const begins = (page: Page) => page.getByTestId('ft-begins').innerText();

it('drawings: the page opens on it, and one click teaches it', LONG, async () => {
  const opened = await open(address, { viewport: { width: 1366, height: 768 } });
  const { page } = opened;
  expect(await page.getByTestId('ft-task').inputValue()).toBe('drawings');
  expect(await page.getByTestId('ft-epochs').isVisible()).toBe(false);
  expect(await page.getByTestId('ft-warning').isVisible()).toBe(false);
  expect(await begins(page)).toMatch(/^Begins with the published weights of baseline \(SHA-256 \w{8}…\)/);
  expect(await train(page)).toBe('done');
  const { before, after, cost } = await gain(page);
  expect(before).toBe(58);
  expect(after - before).toBeGreaterThanOrEqual(20);
  expect(cost).toBeLessThanOrEqual(2);
  expect(await gained(page)).toContain('58.0% were right before');
  // On a projector all that moves is in sight.
  for (const id of ['ft-start', 'ft-gain', 'ft-curves']) {
    const box = (await page.getByTestId(id).boundingBox())!;
    expect([id, box.y >= 0, box.y + box.height <= 768]).toEqual([id, true, true]);
  }
  const strip = page.locator('#strip li');
  expect(await page.locator('#strip .right').count()).toBeGreaterThan(20);
  // The reader chooses which image is watched; the weights that are trained have moved, the others are said to stay.
  await strip.nth(4).click();
  expect(await strip.nth(4).getAttribute('class')).toContain('watched');
  expect(await page.locator('#watched').innerText()).toContain('Trouser');
  expect(await page.locator('#filters-caption').innerText()).toContain('stay as they are');
  const greys = await page.locator('#last-layer').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    return { width, height, greys: new Set(data.filter((_, i) => i % 4 === 0)).size };
  });
  expect(greys).toMatchObject({ width: 128, height: 10 });
  expect(greys.greys).toBeGreaterThan(10);
  expectClean(opened);
  await opened.close();
});

it('a class of its own: learned, kept, eleven bars, taken along and brought back', LONG, async () => {
  const opened = await open(address);
  const { page } = opened;
  await page.getByTestId('ft-task').selectOption('class');
  expect(await page.getByTestId('ft-class-name').inputValue()).toBe('Hat');
  expect(await train(page)).toBe('done');
  const { before, after, cost } = await gain(page);
  expect([before, after >= 80, cost <= 2]).toEqual([0, true, true]);
  expect(await page.getByTestId('ft-drawings').locator('[data-answer="10"]').count()).toBeGreaterThan(7);

  const files: { name: string; mimeType: string; buffer: Buffer }[] = [];
  page.on('download', (each) => {
    void each.path().then(async (path) => {
      files.push({ name: each.suggestedFilename(), mimeType: '', buffer: await readFile(path) });
    });
  });
  await page.getByTestId('ft-download').click();
  await vi.waitFor(() => expect(files.length).toBe(2), WAIT);
  const json = files.find(({ name }) => name === 'model.json')!;
  expect(JSON.parse(json.buffer.toString())).toMatchObject({
    userDefinedMetadata: { classes: { 10: 'Hat' } },
  });
  await page.getByTestId('ft-keep').click();
  await page.getByTestId('ft-use').waitFor({ timeout: 60_000 });

  await page.getByTestId('ft-reset').click();
  // A class of which there are no other drawings: the figure is said to be of those that were taught.
  await page.getByTestId('ft-class-name').fill('Something else');
  await page.getByTestId('ft-remove-all').click();
  for (const x of [200, 400]) {
    await drawLine(page, [
      [x, 100],
      [300, 400],
    ]);
    await page.getByTestId('ft-add').click();
  }
  await choose(page, { epochs: 1 });
  expect(await train(page)).toBe('done');
  expect(await gained(page)).toMatch(/^Something else: of 2 drawings.*learned by heart/);
  await page.getByTestId('ft-upload').setInputFiles(files);
  await vi.waitFor(
    async () => expect(await page.getByTestId('ft-class-name').inputValue()).toBe('Hat'),
    WAIT,
  );
  expect(await page.getByTestId('ft-model').inputValue()).toBe('taught');
  expect(await begins(page)).toBe('Begins with the network you have taught or loaded.');
  await choose(page, { task: 'trade' });
  expect(await page.getByTestId('ft-warning').innerText()).toContain('knows eleven classes');
  expect(await train(page)).toBe('error');
  expect(await said(page)).toContain('knows eleven classes');
  expect(await page.getByTestId('ft-download').isEnabled()).toBe(true);

  await page.goto(`${inject('site')}/en/draw/?backend=wasm&model=mine`);
  await drawLine(page, [
    [100, 300],
    [200, 300],
    [200, 150],
    [360, 150],
    [360, 300],
    [460, 300],
  ]);
  await page.waitForSelector('[data-testid=result]:is([data-state=ready], [data-state=unsure])', WAIT);
  const bars = page.locator('.bars li');
  expect(await bars.count()).toBe(11);
  expect(await bars.last().innerText()).toContain('Hat');
  expectClean(opened);
  await opened.close();
});

it('what a class costs: shirts are found, and each run stays as a point', LONG, async () => {
  const opened = await open(address);
  const { page } = opened;
  await page.getByTestId('ft-task').selectOption('trade');
  expect(await page.getByTestId('ft-replay').isVisible()).toBe(true);
  expect(await train(page)).toBe('done');
  const first = await gain(page);
  expect(first.after - first.before).toBeGreaterThanOrEqual(5);
  expect(await gained(page)).toContain('95% interval');
  await page.getByTestId('ft-replay').fill('0.8');
  expect(await train(page)).toBe('done');
  expect((await gain(page)).before).toBe(first.before);
  expect(await page.getByTestId('ft-trade').locator('circle').count()).toBe(3);
  expectClean(opened);
  await opened.close();
});

it('forgetting: two runs side by side, of which one forgets', LONG, async () => {
  const opened = await open(address);
  const { page } = opened;
  await page.getByTestId('ft-task').selectOption('forget');
  await page.getByTestId('ft-start').click();
  await page.getByTestId('ft-gain').locator('span').nth(1).waitFor(LONG);
  // There is no after yet, and between the runs it is not done.
  expect(await page.getByTestId('ft-gained').isVisible()).toBe(false);
  expect(await reach(page, 'done', 'training')).toBe('training');
  await reach(page, 'done');
  expect((await gain(page)).cost).toBeLessThanOrEqual(3);
  const told = await gained(page);
  const lost = Number(/Without replay:.*?it lost ([\d.]+) points/.exec(told)?.[1]);
  expect(lost).toBeGreaterThan(10);
  expect(told).toContain('With replay:');
  // What is forgotten is as large as what is learned.
  expect(await page.getByTestId('ft-gain').locator('.test').count()).toBe(2);
  expectClean(opened);
  await opened.close();
});
