/** What the site makes of all that may once be published: built on made-up runs and ensembles, whatever there is. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_ENSEMBLES, ALL_RUNS, writeSyntheticPublic } from '../fixtures/synthetic-run.ts';
import { anchorOf } from '../../src/components/charts/figures.ts';
import { expectClean, hold, useBrowser, violationsOf } from './browser.ts';
import { serve } from '../../src/node/static-server.ts';

const BASE = '/several';
const folder = mkdtempSync(join(tmpdir(), 'several-runs-'));
let server: Server;
let site: string;

beforeAll(async () => {
  writeSyntheticPublic(join(folder, 'public'), ALL_RUNS, { ensembles: ALL_ENSEMBLES });
  const astro = join(createRequire(import.meta.url).resolve('astro/package.json'), '../bin/astro.mjs');
  await promisify(execFile)(process.execPath, [astro, 'build', '--outDir', join(folder, 'site')], {
    env: {
      ...process.env,
      // Vitest's own, which Astro's build would take for itself.
      ...{ BASE_URL: undefined, MODE: undefined, DEV: undefined, PROD: undefined, SSR: undefined },
      NODE_ENV: 'production',
      ASTRO_TELEMETRY_DISABLED: '1',
      BASE_PATH: BASE,
      PUBLIC_DIR: join(folder, 'public'),
    },
  });
  const served = await serve(join(folder, 'site'), BASE);
  server = served.server;
  site = served.origin + BASE;
}, 180_000);
afterAll(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const { open } = useBrowser(() => site);

const accuracyOf = (id: string): string => {
  const { test } = JSON.parse(readFileSync(join(folder, 'public/models', id, 'metrics.json'), 'utf8')) as {
    test: { accuracy: number };
  };
  return `${(100 * test.accuracy).toFixed(2)}%`;
};

describe('chapter 9', () => {
  it('measures what is published, names what is not, without JavaScript', async () => {
    const opened = await open('/en/', { javaScriptEnabled: false });
    const { page } = opened;
    const rows = page.locator('#table-4 .numbers');
    expect(await rows.locator('th a').allInnerTexts()).toEqual([
      ...[
        'Augmentation',
        'Higher learning-rate tail',
        'Ensemble',
        'Attention',
        'The same network, on all images',
      ],
      ...['The same network, mirrored too', 'The report’s accuracy, fast'],
    ]);
    expect(await rows.first().innerText()).toContain(accuracyOf('augment'));
    expect(await page.locator('#table-4 .words').first().innerText()).toMatch(/^better than the baseline/);
    expect(await page.locator('#remedies').innerText()).toContain(
      'Planned, not run yet: Augmentation (more for shirts), The same network at its best, ' +
        'The same network, taught by two, The best with attention, Both networks together, ' +
        'At its best from another start, Three networks together.',
    );
    expect(await page.locator('#remedies').textContent()).toContain(
      `two seeds of the report's recipe: ${accuracyOf('baseline')} and ${accuracyOf('baseline-seed-2')}`,
    );
    expect(await page.locator(`#${anchorOf('improvements')} .variant.wide .trial`).count()).toBe(8);
    await opened.close();
  });

  it('tells a remedy in words that is chosen by key, and keeps it in the address', async () => {
    const opened = await open('/en/');
    const { page } = opened;
    await page.locator(`#${anchorOf('improvements')}`).scrollIntoViewIfNeeded();
    await page.locator(`#${anchorOf('improvements')}[data-awake] .plot`).focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.locator(`#${anchorOf('improvements')} .readout`).innerText()).toMatch(
      /^Higher learning-rate tail: test accuracy /,
    );
    expect(new URL(page.url()).searchParams.get(anchorOf('improvements'))).toBe('run-long-tail');
    await page.keyboard.press('Home');
    expect(await page.locator(`#${anchorOf('improvements')} .readout`).innerText()).toMatch(
      /^The report's recipe: /,
    );
    expectClean(opened);
    await opened.close();
  });
});

/** The comparison loads its script when it is near the window. */
const near = (page: Page): Promise<void> => page.locator('#compare').scrollIntoViewIfNeeded();

describe('any two runs', () => {
  it('are compared as the address asks, by keyboard, and swapped', async () => {
    const opened = await open('/en/runs/?compare=first-fast_second-ensemble_show-second_cell-6.0');
    const { page } = opened;
    await near(page);
    const [summary, readout] = [
      page.locator('#compare .summary'),
      page.locator('#fig-compare-matrix .readout'),
    ];
    await summary.filter({ hasText: `fast ${accuracyOf('fast')}` }).waitFor();
    expect(await summary.innerText()).toContain(`ensemble ${accuracyOf('ensemble')}`);
    expect(await readout.innerText()).toMatch(
      /^Of the 1,000 shirts, fast classified \d+ as T-shirts and ensemble \d+ /,
    );
    expect(await page.locator('#fig-compare-curves .readout').innerText()).toContain(
      'ensemble is not trained',
    );
    expect(
      await page.getByRole('button', { name: 'ensemble', exact: true }).getAttribute('aria-pressed'),
    ).toBe('true');

    await page.getByLabel('Second').selectOption('attention');
    await summary.filter({ hasText: `attention ${accuracyOf('attention')}` }).waitFor();
    expect(new URL(page.url()).searchParams.get('compare')).toBe('first-fast_show-second_cell-6.0');
    await page.locator('#fig-compare-matrix .plot').focus();
    await page.keyboard.press('ArrowRight');
    expect(await readout.innerText()).toMatch(/^Of the 1,000 shirts, fast classified \d+ as trousers/);

    await page.getByRole('button', { name: 'Swap' }).click();
    await page
      .locator('#fig-compare-curves .legend')
      .filter({ hasText: /attention\s*fast/ })
      .waitFor();
    expect(await page.getByLabel('First').inputValue()).toBe('attention');
    expectClean(opened);
    await opened.close();
  });

  it('are the default pair for a broken address, and never the same run twice', async () => {
    const opened = await open('/en/runs/?compare=first-nobody_second-baseline_show-x_cell-77_epoch--1');
    const { page } = opened;
    await near(page);
    expect(await page.getByLabel('First').inputValue()).toBe('baseline');
    expect(await page.getByLabel('Second').inputValue()).toBe('attention');
    await page.getByLabel('First').selectOption('attention');
    await page
      .locator('#fig-compare-curves .legend')
      .filter({ hasText: /attention\s*baseline/ })
      .waitFor();
    expectClean(opened);
    await opened.close();
  });

  it('are those that were chosen before the script arrived', async () => {
    const opened = await open('/en/');
    const { page } = opened;
    const arrive = await hold(page, '**/*.js');
    await page.goto(`${site}/en/runs/`, { waitUntil: 'commit' });
    await near(page);
    await page.getByLabel('First').selectOption('attention');
    arrive();
    await page
      .locator('#fig-compare-curves .legend')
      .filter({ hasText: /attention\s*baseline/ })
      .waitFor();
    expect(await page.getByLabel('Second').inputValue()).toBe('baseline');
    await opened.close();
  });

  it('stay as they are where one cannot be loaded, and are tried again', async () => {
    let fail = true;
    const opened = await open('/runs/', {
      prepare: (page) =>
        page.route('**/fast/predictions.bin', (route) => (fail ? route.abort() : route.continue())),
    });
    const { page } = opened;
    await near(page);
    await page.getByLabel('第二').selectOption('fast');
    await page.getByText('无法联网').waitFor();
    expect(await page.locator('#compare .status').innerText()).toContain(
      '下面仍是 baseline 与 attention 的比较。',
    );
    expect(await page.locator('#fig-compare-curves .legend').innerText()).toMatch(/baseline\s*attention/);
    fail = false;
    await page.getByRole('button', { name: '重试' }).click();
    await page
      .locator('#compare .summary')
      .filter({ hasText: `fast ${accuracyOf('fast')}` })
      .waitFor();
    expect(await page.locator('#compare .status').innerText()).toBe('');
    expect(await page.getByRole('button', { name: '重试' }).isVisible()).toBe(false);
    await opened.close();
  });

  it('say so where a file is not the one that was published', async () => {
    const opened = await open('/en/runs/', {
      prepare: (page) => page.route('**/fast/confusion.json', (route) => route.fulfill({ body: '{}' })),
    });
    await near(opened.page);
    await opened.page.getByLabel('Second').selectOption('fast');
    await opened.page.getByText('fast/confusion.json differs from the published file (').waitFor();
    expectClean(opened);
    await opened.close();
  });

  it('are downloaded as they are chosen', async () => {
    const opened = await open('/en/runs/?compare=second-fast');
    const { page } = opened;
    await near(page);
    await page.locator('#compare .summary').filter({ hasText: 'fast' }).waitFor();
    const figure = page.locator('#fig-compare-curves');
    await figure.scrollIntoViewIfNeeded();
    await page.locator('#fig-compare-curves[data-awake]').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      figure.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const rows = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(rows[0]).toContain('fast: Validation accuracy');
    expect(rows).toHaveLength(21);
    await opened.close();
  });
});

describe('the drawing page', () => {
  it('compares the models that were shown the drawings, and begins with the one that was taught drawings', async () => {
    const opened = await open('/en/draw/', { javaScriptEnabled: false });
    const { page } = opened;
    const rows = page.locator('#figures .numbers > .scroll tr');
    expect(await rows.first().locator('th').allInnerTexts()).toEqual(['Measure', 'baseline', 'sketch']);
    expect(await rows.nth(1).innerText()).toMatch(
      /^Drawings of garments: first answer right\s+55\.0%\s+95\.0%$/,
    );
    expect(await page.locator('#figures dd').allInnerTexts()).toEqual([
      expect.stringMatching(/^Trained on photographs only/),
      expect.stringMatching(/^The same architecture/),
    ]);
    expect(await page.getByTestId('model-select').inputValue()).toBe('sketch');
    const about = page.locator('[data-about=sketch]');
    expect(await about.innerText()).toContain('Right on 190 of 200 drawings');
    await opened.close();
  });
});

const PAGES = ['/', '/en/', '/runs/', '/en/runs/', '/card/', '/en/card/', '/draw/', '/en/draw/'] as const;
describe.each(PAGES)('%s', (path) => {
  it('fits into 390 px', async () => {
    const opened = await open(path, { viewport: { width: 390, height: 844 }, hasTouch: true });
    expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expectClean(opened);
    await opened.close();
  });

  it.each(['light', 'dark'] as const)('is accessible in the %s theme', async (colorScheme) => {
    const opened = await open(path, { colorScheme, reducedMotion: 'reduce' });
    expect(await violationsOf(opened.page, colorScheme)).toEqual([]);
    await opened.close();
  });
});
