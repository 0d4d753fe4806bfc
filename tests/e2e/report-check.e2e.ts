import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it, vi } from 'vitest';
import { parseAblation } from '../../src/artifacts/ablation.ts';
import { decodeFloat16 } from '../../src/artifacts/float16.ts';
import { initialise } from '../../src/network/initialise.ts';
import { CHANGE_IDS, CHANGES } from '../../src/training/ablation.ts';
import { presets } from '../../src/training/presets.ts';
import { predictedClasses } from '../../src/evaluation/metrics.ts';
import { expectClean, useBrowser } from './browser.ts';

const { open } = useBrowser();
/** A whole test set takes half a minute where nothing else runs. */
const WAIT = { timeout: 600_000, interval: 200 };

const published = (path: string) => readFileSync(join(inject('dist'), path));
const labels = () => new Uint8Array(published('data/test-labels.bin'));
const answersOf = (id: string) =>
  predictedClasses(
    decodeFloat16(new Uint16Array(new Uint8Array(published(`models/${id}/predictions.bin`)).buffer)),
    10,
  );
/** How many of the first images a network classifies correctly, by its published predictions. */
const correctOf = (id: string, images: number) => {
  const [truth, answers] = [labels(), answersOf(id)];
  return [...answers.subarray(0, images)].filter((answer, image) => answer === truth[image]).length;
};

const data = (page: Page, hook: string, key: string) =>
  page.getByTestId(`verify-${hook}`).getAttribute(`data-${key}`);
const reach = (page: Page, state: string) =>
  vi.waitFor(async () => expect(await data(page, 'status', 'state')).toBe(state), WAIT);
const done = async (page: Page) => Number(await data(page, 'status', 'done'));
const said = (page: Page) => page.getByTestId('verify-status').innerText();

/** Leaves the panel so many of the test images. */
const few = (images: number) => async (page: Page) => {
  await page.route('**/data/test-labels.bin', (route) =>
    route.fulfill({ body: Buffer.from(labels().subarray(0, images)) }),
  );
  await page.addInitScript((count) => {
    document.addEventListener('DOMContentLoaded', () => {
      const panel = document.querySelector<HTMLElement>('#check')!;
      const setup = JSON.parse(panel.dataset['setup']!) as { test: { count: number; sheets: unknown[] } };
      setup.test.count = count;
      setup.test.sheets.splice(1);
      panel.dataset['setup'] = JSON.stringify(setup);
    });
  }, images);
};

describe('check it here', () => {
  it(
    'counts all test images on wasm, paused, with a worker killed, and the figures can show it',
    { timeout: 900_000 },
    async () => {
      const opened = await open('/en/?backend=wasm');
      const { page } = opened;
      expect(await data(page, 'status', 'state')).toBe('idle');
      await page.getByTestId('verify-run').hover();
      await page
        .locator('#check .cost')
        .filter({ hasText: /Loads \d+(\.\d)? MB .* about \d+ (sec|min)/ })
        .waitFor();
      await page.getByTestId('verify-start').click();
      await vi.waitFor(async () => expect(await done(page)).toBeGreaterThan(0), WAIT);
      await page.getByTestId('verify-pause').click();
      await reach(page, 'paused');
      // The pieces at hand, one of 32 images for each of two workers, are finished, and no further one is begun.
      const paused = await done(page);
      await page.waitForTimeout(4000);
      const kept = await done(page);
      expect(kept - paused).toBeLessThanOrEqual(64);
      expect(await page.locator('#check .sofar').innerText()).toMatch(
        /So far [\d,]+ of [\d,]+ are right: \d+\.\d+%/,
      );
      await page.getByTestId('verify-start').click();
      await vi.waitFor(async () => expect(await done(page)).toBeGreaterThan(6000), WAIT);
      await page.workers()[0]!.evaluate(() => self.close());
      await reach(page, 'done');
      expect(await page.locator('#check .events').innerText()).toMatch(/A worker stopped after [6-9],\d{3}/);
      const { test } = JSON.parse(published('models/baseline/metrics.json').toString()) as {
        test: { correct: number };
      };
      const correct = Number(await data(page, 'result', 'correct'));
      expect(Math.abs(correct - test.correct)).toBeLessThanOrEqual(3);
      expect(Number(await data(page, 'result', 'accuracy'))).toBe(correct / 10_000);
      expect(Number(await data(page, 'result', 'differ'))).toBeLessThanOrEqual(3);
      const result = page.getByTestId('verify-result');
      expect(await result.innerText()).toContain('the SHA-256 of every file is the one in metrics.json');
      const [file] = await Promise.all([page.waitForEvent('download'), result.getByRole('button').click()]);
      const content = JSON.parse(readFileSync(await file.path(), 'utf8')) as {
        correct: number;
        answers: string;
      };
      expect([content.correct, content.answers.length]).toEqual([correct, 10_000]);
      expectClean(opened);
      await opened.close();
    },
  );

  it('counts what is computed, not what was published: other weights, another number, and the hash tells', async () => {
    const images = 256;
    const { page, close } = await open('/en/?backend=wasm', {
      async prepare(page) {
        await few(images)(page);
        await page.route('**/models/baseline/weights.bin', (route) =>
          route.fulfill({ body: published('models/augment-shirt/weights.bin') }),
        );
      },
    });
    expect(correctOf('augment-shirt', images)).not.toBe(correctOf('baseline', images));
    await page.getByTestId('verify-start').click();
    await reach(page, 'done');
    expect(Number(await data(page, 'result', 'correct'))).toBe(correctOf('augment-shirt', images));
    expect(Number(await data(page, 'result', 'differ'))).toBeGreaterThan(0);
    const text = await page.getByTestId('verify-result').innerText();
    expect(text).toContain('These are not the published weights: the SHA-256 of baseline/weights.bin');
    // Figures 3 and 4 and Table 2 can show it, and what is published again.
    const matrix = page.locator('#fig-4 .variant.wide svg');
    const table = page.locator('#table-2 tbody');
    await page.locator('#fig-4').scrollIntoViewIfNeeded();
    const [published4, published2] = [await matrix.textContent(), await table.innerText()];
    for (const place of ['#fig-4', '#table-2']) {
      await page.locator(place).getByRole('button', { name: 'here (baseline)' }).click();
    }
    expect(await matrix.textContent()).not.toBe(published4);
    expect(await table.innerText()).not.toBe(published2);
    for (const place of ['#fig-4', '#table-2']) {
      await page.locator(place).getByRole('button', { name: 'published' }).click();
    }
    expect(await matrix.textContent()).toBe(published4);
    expect(await table.innerText()).toBe(published2);
    await close();
  });

  it('says in one sentence what is missing or broken, and goes on where it was', async () => {
    const { page, close } = await open('/en/?backend=wasm', { prepare: few(128) });
    await page.getByTestId('verify-run').selectOption('mine');
    await page.getByTestId('verify-start').click();
    await reach(page, 'error');
    expect(await said(page)).toContain('keeps no network that you taught');
    await page.getByTestId('verify-run').selectOption('baseline');
    await page.route('**/models/baseline/weights.bin', (route) => route.fulfill({ body: 'nothing' }));
    await page.getByTestId('verify-start').click();
    await reach(page, 'error');
    expect(await said(page)).toMatch(/baseline\/weights\.bin cannot be read/);
    expect(await page.getByTestId('verify-result').isVisible()).toBe(false);
    await page.unroute('**/models/baseline/weights.bin');
    await page.getByTestId('verify-start').click();
    await reach(page, 'done');
    expect(Number(await data(page, 'result', 'correct'))).toBe(correctOf('baseline', 128));
    await close();
  });

  it('names a missing sprite', async () => {
    const { page, close } = await open('/en/runs/?backend=wasm', {
      async prepare(page) {
        await few(128)(page);
        await page.route('**/data/test-0.webp', (route) => route.fulfill({ status: 404 }));
      },
    });
    await page.locator('#best-flips summary').first().click();
    await page.locator('#best-flips').getByRole('button', { name: 'Check it in this browser' }).click();
    expect(await page.getByTestId('verify-run').inputValue()).toBe('best-flips');
    await page.getByTestId('verify-start').click();
    await reach(page, 'error');
    expect(await said(page)).toContain('data/test-0.webp is not on the server');
    await page.unroute('**/data/test-0.webp');
    await page.getByTestId('verify-start').click();
    await reach(page, 'done');
    // Twice as many predictions as images: mirrored ones too.
    expect(await done(page)).toBe(256);
    expect(
      Math.abs(Number(await data(page, 'result', 'correct')) - correctOf('best-flips', 128)),
    ).toBeLessThanOrEqual(1);
    await close();
  });

  it('checks the network that the reader has taught, beside the published one', async () => {
    const { architecture } = presets['smoke']!.recipe;
    const weights = Object.entries(initialise(architecture, 1)).map(([name, { shape, data }]) => ({
      ...{ name, shape, data: [...data] },
    }));
    const { page, close } = await open('/en/?backend=wasm', { prepare: few(64) });
    await page.evaluate(
      async ({ architecture, weights }) => {
        const request = indexedDB.open('fashion-mnist-report', 1);
        request.onupgradeneeded = () => request.result.createObjectStore('values');
        await new Promise((resolve) => (request.onsuccess = resolve));
        const writing = request.result.transaction('values', 'readwrite');
        const own = weights.map(({ name, shape, data }) => [name, { shape, data: Float32Array.from(data) }]);
        writing.objectStore('values').put({ architecture, weights: Object.fromEntries(own) }, 'network/mine');
        await new Promise((resolve) => (writing.oncomplete = resolve));
        request.result.close();
      },
      { architecture, weights },
    );
    await page.getByTestId('verify-run').selectOption('mine');
    await page.getByTestId('verify-start').click();
    await reach(page, 'done');
    // Of random weights, which know nothing.
    expect(Number(await data(page, 'result', 'accuracy'))).toBeLessThan(0.5);
    const text = await page.getByTestId('verify-result').innerText();
    expect(text).toContain('The weights are those that this browser keeps of the network you taught.');
    expect(text).toMatch(/Only here right: \d+; only the published ones right: \d+\. McNemar’s test: p/);
    await close();
  });

  it('goes on after it was stopped, and after its tab was lost', async () => {
    // An ensemble of mirror images predicts each of the images twice.
    const images = 640;
    const { page, close } = await open('/en/?backend=wasm', { prepare: few(images) });
    await page.getByTestId('verify-run').selectOption('best-flips');
    await page.getByTestId('verify-start').click();
    await vi.waitFor(async () => expect(await done(page)).toBeGreaterThan(0), WAIT);
    await page.getByTestId('verify-stop').click();
    expect(await data(page, 'status', 'state')).toBe('idle');
    await page.getByTestId('verify-start').click();
    await vi.waitFor(async () => expect(await done(page)).toBeGreaterThan(1000), WAIT);
    await page.reload();
    await page.getByTestId('verify-run').selectOption('best-flips');
    await page.getByTestId('verify-start').click();
    await reach(page, 'done');
    expect(await page.locator('#check .events').innerText()).toMatch(/has kept 1,0\d\d predictions/);
    const correct = Number(await data(page, 'result', 'correct'));
    expect(Math.abs(correct - correctOf('best-flips', images))).toBeLessThanOrEqual(1);
    await close();
  });

  it('computes the same on webgpu', async () => {
    const images = 24;
    const opened = await open('/en/?backend=webgpu', { prepare: few(images) });
    await opened.page.getByTestId('verify-start').click();
    await reach(opened.page, 'done');
    expect(Number(await data(opened.page, 'result', 'correct'))).toBe(correctOf('baseline', images));
    expect(await opened.page.getByTestId('verify-result').innerText()).toContain('by webgpu (');
    expectClean(opened);
    await opened.close();
  });
});

describe('a graphics card that is lost in a check', () => {
  it('is said in a sentence; what was counted is kept, and another start goes on from there', async () => {
    const images = 96;
    const { page, close } = await open('/en/?backend=webgpu', { prepare: few(images) });
    await page.getByTestId('verify-start').click();
    await vi.waitFor(async () => expect(await done(page)).toBeGreaterThan(0), WAIT);
    await page.workers()[0]!.evaluate(() => {
      const { createCommandEncoder } = GPUDevice.prototype;
      GPUDevice.prototype.createCommandEncoder = function (this: GPUDevice, ...parameters) {
        this.destroy();
        return createCommandEncoder.apply(this, parameters);
      };
    });
    await reach(page, 'error');
    const kept = await done(page);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(images);
    expect(await said(page)).not.toBe('');
    expect(await page.getByTestId('verify-result').isVisible()).toBe(false);
    await page.getByTestId('verify-start').click();
    await reach(page, 'done');
    expect(Number(await data(page, 'result', 'correct'))).toBe(correctOf('baseline', images));
    await close();
  });
});

describe('train it here', () => {
  it('begins with random weights, draws into the figure, and stops when it is told to', async () => {
    const opened = await open('/en/?backend=wasm');
    const { page } = opened;
    await page.locator('#fig-2').scrollIntoViewIfNeeded();
    await page.locator('#fig-2[data-awake]').waitFor();
    const status = page.getByTestId('train-here-status');
    expect(await status.getAttribute('data-state')).toBe('idle');
    await page.getByTestId('train-here-start').click();
    await vi.waitFor(async () => expect(await status.getAttribute('data-first-loss')).not.toBeNull(), WAIT);
    const loss = Number(await status.getAttribute('data-first-loss'));
    expect(loss).toBeGreaterThan(2.2);
    expect(loss).toBeLessThan(2.7);
    await page
      .locator('#fig-2 .variant.wide .panel.loss .curve.run-2 circle')
      .nth(2)
      .waitFor({ timeout: 120_000 });
    await page.getByTestId('train-here-stop').click();
    await vi.waitFor(async () => expect(await status.getAttribute('data-state')).toBe('done'), WAIT);
    const accuracy = Number(await page.getByTestId('train-here-result').getAttribute('data-accuracy'));
    expect(accuracy).toBeGreaterThan(0);
    expect(accuracy).toBeLessThan(1);
    expectClean(opened);
    await opened.close();
  });
});

describe('the first screen and the marks', () => {
  it('says whether the result holds, and leads to what can be tried', async () => {
    const { page, close } = await open('/en/');
    const { test } = JSON.parse(published('models/baseline/metrics.json').toString()) as {
      test: { accuracy: number };
    };
    const abstract = page.locator('section.abstract');
    expect(await abstract.innerText()).toContain(
      `${(100 * test.accuracy).toFixed(2)}% of the test images are right here`,
    );
    const [top, bottom] = [await abstract.boundingBox(), 900];
    expect(top!.y + top!.height).toBeLessThan(bottom);
    expect(await abstract.locator('.crop').count()).toBe(10);
    await abstract.getByRole('link', { name: 'Check all 10,000 images' }).click();
    await page.waitForFunction(() => {
      const { top } = document.querySelector('#check')!.getBoundingClientRect();
      return top >= 0 && top < innerHeight;
    });
    await close();
  });

  it('Table 5 has what each change brought, with its test and its cost, in both languages', async () => {
    const { changes, images } = parseAblation(
      'models',
      JSON.parse(String(published('models/ablation.json'))),
    );
    for (const [address, kept, training] of [
      ['/en/', 'kept', 'no training'],
      ['/', '采用', '无需训练'],
    ] as const) {
      const { page, close } = await open(address, { javaScriptEnabled: false });
      const rows = page.locator('#table-5 .numbers');
      expect(await rows.count()).toBe(CHANGE_IDS.length);
      const texts = await rows.allInnerTexts();
      CHANGE_IDS.forEach((id, row) => {
        const { correctAfter, onlyBefore, onlyAfter } = changes[id];
        expect(texts[row]).toContain(`${((100 * correctAfter) / images).toFixed(2)}%`);
        expect(texts[row]).toContain(`${onlyAfter} : ${onlyBefore}`);
      });
      expect(texts[CHANGE_IDS.indexOf('mirror')]).toContain(training);
      expect(await page.locator('#table-5 .words', { hasText: kept }).count()).toBe(
        CHANGE_IDS.filter((id) => CHANGES[id].kept).length,
      );
      await close();
    }
  });

  it('Table 3 is filtered by its marks, and its numbers open the panel of the others', async () => {
    const { page, close } = await open('/en/', { javaScriptEnabled: false });
    const rows = page.locator('#table-3 tr[data-mark]');
    const shown = (mark: string) =>
      page.locator(`#table-3 tr[data-mark="${mark}"]`).filter({ visible: true }).count();
    const all = await rows.filter({ visible: true }).count();
    const counts = [await shown('same'), await shown('noise'), await shown('apart')];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all);
    await page.locator('#table-3').getByLabel('within noise').check();
    expect([await shown('same'), await shown('noise'), await shown('apart')]).toEqual([0, counts[1], 0]);
    expect(await page.locator('#table-3 fieldset').innerText()).toContain(`within noise: ${counts[1]}`);
    await page.locator('.overview .reproduced').first().click();
    const panel = page.locator('.overview .details').first();
    expect(await panel.innerText()).toMatch(
      /95% interval of the difference\s+[+−]\d\.\d\d … [+−]\d\.\d\d points/,
    );
    expect(await panel.locator('a').getAttribute('href')).toContain('baseline/metrics.json');
    await close();
  });

  it('on a phone the ways to try it stay in reach, further down too', async () => {
    const { page, close } = await open('/en/', { viewport: { width: 390, height: 844 } });
    await page.locator('#s8').scrollIntoViewIfNeeded();
    for (const name of ['Check', 'Draw', 'Teach']) {
      expect(await page.locator('.contents .demos').getByRole('link', { name }).isVisible()).toBe(true);
    }
    const box = await page.locator('.contents .demos').boundingBox();
    expect(box!.y).toBeLessThan(100);
    expect(await page.locator('#fig-3 + .try, #fig-4 + .try').count()).toBe(2);
    await close();
  });
});
