import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Locator, Page, Route } from 'playwright-core';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { anchorOf, type FigureName } from '../../src/components/charts/figures.ts';
import { DATASET, PAPER } from '../../src/i18n/paths.ts';
import { isTranslation, LANGUAGES } from '../../src/i18n/languages.ts';
import { expectClean, useBrowser, violationsOf } from './browser.ts';

const { open } = useBrowser();
/** A page in all languages. */
const inAll = (path: `/${string}`) =>
  LANGUAGES.map((lang) => (isTranslation(lang) ? (`/${lang}${path}` as const) : path));
const REPORTS = inAll('/');
const PAGES = [...REPORTS, ...(['/runs/', '/card/', '/use/'] as const).flatMap(inAll), '/404.html' as const];

interface History {
  epochs: { epoch: number; validationLoss: number | null }[];
  batches: unknown[];
}
let history: History;
let id: string;

beforeAll(() => {
  const read = (path: string) =>
    JSON.parse(readFileSync(join(inject('dist'), 'models', path), 'utf8')) as never;
  const { models } = read('index.json') as { models: { id: string; departures: unknown[] }[] };
  id = (models.find((model) => model.id === 'baseline' && model.departures.length === 0) ?? models[0]!).id;
  history = read(`${id}/history.json`);
});

/** Text without what only sets it: white space, bullets and the numbers of lists. */
const bare = (text: string) => text.replace(/^\s*(?:-\s|\d\.(?=\s|\D))/gm, '').replace(/\s+/g, '');

/** A figure that is in view and whose script has taken it over. */
async function awake(page: Page, name: FigureName): Promise<Locator> {
  const id = anchorOf(name);
  const figure = page.locator(`#${id}`);
  await figure.scrollIntoViewIfNeeded();
  await page.locator(`#${id}[data-awake]`).waitFor();
  return figure;
}

/** Scrolls through the page, so that all figures wake. */
async function wakeFigures(page: Page): Promise<void> {
  for (const figure of await page.locator('figure.chart').all()) {
    await figure.scrollIntoViewIfNeeded();
    await page.waitForTimeout(60);
  }
}

/** Adds up what moves by itself, from before the page is opened. */
const watchShifts = (page: Page) =>
  page.addInitScript(() => {
    const shifts = { sum: 0 };
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[]) {
        if (!entry.hadRecentInput) shifts.sum += entry.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });

const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts.sum);

describe('the report', () => {
  it('is on the Chinese page to the last character, in its order', async () => {
    const opened = await open('/', { javaScriptEnabled: false });
    const found = await opened.page.evaluate(() => {
      const article = document.querySelector('article')!.cloneNode(true) as HTMLElement;
      for (const added of article.querySelectorAll('[data-added]')) added.remove();
      // Captions stand above their figures here and below them in the report: they are compared on their own.
      const captions = [...article.querySelectorAll('figcaption')].map((caption) => {
        caption.remove();
        return caption.textContent;
      });
      const blocks = article.querySelectorAll('h1, h2, h3, h4, p, li, td, th, pre');
      for (const block of blocks) block.append('\n');
      return { captions, text: article.textContent };
    });
    const report = readFileSync('tests/fixtures/report.zh.txt', 'utf8').replaceAll('```', '');
    const caption = /^图 ?\d .*$/gm;
    const captions = report.match(caption)!;
    expect(captions).toHaveLength(4);
    expect(found.captions.map(bare).sort()).toEqual(captions.map(bare).sort());
    expect(bare(found.text)).toBe(bare(report.replace(caption, '')));
    await opened.close();
  });

  it('has the same sections, figures, tables and notes in all languages', async () => {
    const outlines = [];
    for (const path of REPORTS) {
      const opened = await open(path, { javaScriptEnabled: false });
      outlines.push(
        await opened.page.evaluate(() =>
          [
            ...document.querySelectorAll(
              'article :is(h2, h3, h4, figure, aside, li, td, [id^="table"], .reproduced)',
            ),
          ].map((element) => `${element.localName} ${element.id}`),
        ),
      );
      await opened.close();
    }
    expect(outlines[0]!.length).toBeGreaterThan(200);
    for (const outline of outlines) expect(outline).toEqual(outlines[0]);
  });

  it('draws its charts without JavaScript, with as many points as the history has epochs and batches', async () => {
    const opened = await open('/', { javaScriptEnabled: false });
    const points = (selector: string) => opened.page.locator(selector).count();
    const validated = history.epochs.filter(({ validationLoss }) => validationLoss !== null).length;
    for (const variant of ['wide', 'narrow']) {
      const panel = (name: string, series: string) =>
        points(`#${anchorOf('curves')} .variant.${variant} .panel.${name} .curve.${series} circle`);
      expect(await panel('loss', 'train')).toBe(history.epochs.length);
      expect(await panel('loss', 'validation')).toBe(validated);
      expect(await panel('accuracy', 'train')).toBe(history.epochs.length);
      expect(await panel('rate', 'rate')).toBe(history.epochs.length);
      expect(await points(`#${anchorOf('log')} .variant.${variant} .curve.train circle`)).toBe(
        history.batches.length,
      );
      expect(await points(`#${anchorOf('confusion')} .variant.${variant} .cell`)).toBe(100);
    }
    await opened.close();
  });
});

describe('figures', () => {
  it('answer to pointer, slider and switches, and put the choice into the address', async () => {
    const opened = await open('/en/');
    const { page } = opened;
    const figure = await awake(page, 'curves');
    const last = history.epochs.length;
    await figure.locator('input[type=range]').focus();
    await page.keyboard.press('Home');
    expect(await figure.locator('.readout').innerText()).toContain('Epoch 1:');
    if (last > 2) {
      await page.keyboard.press('ArrowRight');
      expect(new URL(page.url()).searchParams.get(anchorOf('curves'))).toContain('epoch-2');
    }
    await figure.getByRole('button', { name: 'Validation' }).click();
    expect(await figure.locator('.variant.wide .curve.validation').count()).toBe(0);
    expect(new URL(page.url()).searchParams.get(anchorOf('curves'))).toContain('hide-validation');
    const inTorch = figure.locator('.variant.wide path.pytorch');
    expect(await inTorch.count()).toBe(0);
    await figure.getByRole('button', { name: 'PyTorch' }).click();
    // Those of validation are hidden with it.
    expect(await inTorch.count()).toBe(2 * last);
    await page.reload();
    await awake(page, 'curves');
    expect(await figure.locator('.variant.wide .curve.validation').count()).toBe(0);
    expect(await inTorch.count()).toBe(2 * last);
    expectClean(opened);
    await opened.close();
  });

  it('fall back to their default views for a broken address', async () => {
    const broken = new URLSearchParams({
      [anchorOf('log')]: 'epoch-0',
      [anchorOf('curves')]: 'epoch-99_range-x_hide-<b>',
      [anchorOf('predictions')]: 'label-77_answer-x_verdict-maybe_order-_from-200_to--1_image-10000',
      [anchorOf('confusion')]: 'cell-77.1_unit-0',
      [anchorOf('distribution')]: 'pick-10',
      [anchorOf('gallery')]: 'class-99',
      [anchorOf('architecture')]: 'layer-dense9_garment-11',
      [anchorOf('schedule')]: 'peak-5_warmUp-x_epochs-1e9_finalRate-',
      [anchorOf('calibration')]: 'pick-',
      [anchorOf('shirt')]: '%00_pick_given6',
      'table-2': 'sort-support_order-sideways',
    });
    const [expected, found] = [await open('/en/'), await open(`/en/?${broken.toString()}`)];
    const stateOf = async ({ page }: typeof found) => {
      await wakeFigures(page);
      await page.waitForFunction(() => !document.querySelector('figure.chart:not([data-awake])'));
      return page.evaluate(() => {
        const all = <T>(selector: string, what: (element: HTMLElement) => T): T[] =>
          [...document.querySelectorAll<HTMLElement>(selector)].map(what);
        return {
          readouts: all('.readout', ({ textContent }) => textContent),
          pressed: all('.chart [aria-pressed]', (button) => button.getAttribute('aria-pressed')),
          sliders: all('.chart input[type=range]', (slider) => (slider as HTMLInputElement).value),
          chosen: all('.chart .pick.chosen', ({ dataset }) => dataset['pick']),
          cursors: all('.chart svg .cursor', ({ innerHTML }) => innerHTML),
          open: all('.gallery details', (details) => (details as HTMLDetailsElement).open),
          sorted: all('[aria-sort]', ({ textContent }) => textContent),
        };
      });
    };
    expect(await stateOf(found)).toEqual(await stateOf(expected));
    const explorer = found.page.locator(`#${anchorOf('predictions')} .explorer`);
    await explorer.locator('.tile').first().waitFor();
    expect(await explorer.locator('.count').innerText()).toBe('10,000 images');
    expect(await explorer.getByLabel('Verdict').inputValue()).toBe('');
    expectClean(found);
    await Promise.all([found.close(), expected.close()]);
  });

  it('tell their parts in words, keep the choice in the address, and lead to the images', async () => {
    const opened = await open('/en/');
    const { page } = opened;
    const bins = await awake(page, 'calibration');
    await bins.locator('.plot').focus();
    await page.keyboard.press('Home');
    const sentence = await bins.locator('.readout').innerText();
    const images = /^Highest probability from (\d+)% to (\d+)%: ([\d,]+) images/.exec(sentence)!;
    expect(new URL(page.url()).searchParams.get(anchorOf('calibration'))).toBe(`pick-${images[1]}`);
    await bins.getByRole('link', { name: 'See these images' }).click();
    const count = page.locator(`#${anchorOf('predictions')} .count`);
    await count.filter({ hasText: /./ }).waitFor();
    expect(await count.innerText()).toBe(`${images[3]} images`);

    const shirt = await awake(page, 'shirt');
    const bar = shirt.locator('.variant.wide [data-pick^=taken]').first();
    await bar.hover();
    const said = await shirt.locator('.readout').innerText();
    expect(said).toMatch(/^[\d,]+ of the 1,000 .* were classified as shirts/);
    await bar.click();
    await shirt.getByRole('link', { name: 'See these images' }).click();
    await count.filter({ hasText: 'classified as shirts' }).waitFor();
    expect(await count.innerText()).toContain(/^[\d,]+/.exec(said)![0]);

    const classes = await awake(page, 'distribution');
    await classes.locator('.plot').focus();
    await page.keyboard.press('End');
    expect(await classes.locator('.readout').innerText()).toMatch(/^Ankle boot: 6,000 training images/);
    await classes.getByRole('link', { name: 'See images of this class' }).click();
    expect(await page.locator(`#${anchorOf('gallery')} details[open]`).innerText()).toBe('Ankle boot');
    await page.reload();
    await awake(page, 'distribution');
    expect(await classes.locator('.readout').innerText()).toMatch(/^Ankle boot/);
    expectClean(opened);
    await opened.close();
  });

  it('the schedule’s table and text alternative follow its sliders', async () => {
    const opened = await open('/en/');
    const figure = await awake(opened.page, 'schedule');
    await figure.locator('input[name=epochs]').fill('7');
    expect(await figure.locator('.tools tbody tr').count()).toBe(7);
    const alt = figure.locator('.variant.wide svg');
    expect(await alt.getAttribute('aria-label')).toContain('belong to 20 epochs');
    await figure.getByRole('button', { name: 'Reset' }).click();
    expect(await figure.locator('.tools tbody tr').count()).toBe(20);
    expect(await alt.getAttribute('aria-label')).toContain('goes through the three values');
    expectClean(opened);
    await opened.close();
  });

  it('the confusion matrix is worked by keyboard and shows the images of a cell', async () => {
    const opened = await open('/en/');
    const { page } = opened;
    const figure = await awake(page, 'confusion');
    await figure.locator('.plot').focus();
    await page.keyboard.press('ArrowRight');
    await page
      .locator(`#${anchorOf('confusion')} .cell-images .tile`)
      .first()
      .waitFor();
    const sentence = await page.locator(`#${anchorOf('confusion')} .readout`).innerText();
    const named = Number(/^([\d,]+) of/.exec(sentence)![1]!.replace(',', ''));
    expect(await page.locator(`#${anchorOf('confusion')} .cell-images .tile`).count()).toBe(
      Math.min(48, named),
    );
    // To a screen reader it is a grid of ten rows of ten, and the chosen cell says its sentence.
    const grid = figure.getByRole('grid');
    expect(await grid.getByRole('row').count()).toBe(10);
    expect(await grid.getByRole('gridcell').count()).toBe(100);
    const active = await grid.getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).getAttribute('aria-label')).toBe(sentence);
    expect(await page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Escape');
    expect(await page.locator(`#${anchorOf('confusion')} .cell-images`).isHidden()).toBe(true);
    expect(await grid.getAttribute('aria-activedescendant')).toBeNull();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page
      .locator(`#${anchorOf('predictions')} .count`)
      .filter({ hasText: `${named} images` })
      .waitFor();
    expectClean(opened);
    await opened.close();
  });

  it('all 10,000 predictions can be filtered, and one looked at', async () => {
    const opened = await open('/en/');
    const { page } = opened;
    const figure = await awake(page, 'predictions');
    await figure.getByRole('button', { name: 'Explore all 10,000' }).click();
    await figure.locator('.tile').first().waitFor();
    expect(await figure.locator('.count').innerText()).toBe('10,000 images');
    // Only what is in view is in the document.
    expect(await figure.locator('.tile').count()).toBeLessThan(200);
    await figure.getByLabel('True class').selectOption('6');
    expect(await figure.locator('.count').innerText()).toBe('1,000 images');
    await figure.getByLabel('Verdict').selectOption('wrong');
    const wrong = await figure.locator('.count').innerText();
    const recall = JSON.parse(readFileSync(join(inject('dist'), 'models', id, 'metrics.json'), 'utf8')) as {
      report: { classes: { recall: number }[] };
    };
    expect(wrong).toBe(`${Math.round(1000 * (1 - recall.report.classes[6]!.recall))} images`);
    await figure.locator('.grid').focus();
    await page.keyboard.press('End');
    expect(await figure.locator('.sentence').innerText()).toMatch(/^No\. \d+: Shirt, classified as /);
    expect(await figure.locator('.probabilities li').count()).toBe(10);
    expectClean(opened);
    await opened.close();
  });

  it('say so when the predictions cannot be loaded, keep the first images, and try again', async () => {
    let fail = true;
    const opened = await open('/en/', {
      prepare: (page) =>
        page.route('**/predictions.bin', (route) => (fail ? route.abort() : route.continue())),
    });
    const figure = await awake(opened.page, 'predictions');
    const button = figure.getByRole('button', { name: 'Explore all 10,000' });
    await button.click();
    await figure.getByText('The predictions could not be loaded.').waitFor();
    expect(await figure.locator('.first li').count()).toBe(40);
    fail = false;
    await button.click();
    await figure.locator('.tile').first().waitFor();
    expect(opened.strangers).toEqual([]);
    await opened.close();
  });

  it('say so when pictures cannot be loaded, and try again', async () => {
    let fail = true;
    const opened = await open(`/en/?${anchorOf('confusion')}=cell-6.0`, {
      prepare: (page) =>
        page.route('**/data/test-*.webp', (route) => (fail ? route.abort() : route.continue())),
    });
    const { page } = opened;
    const tile = (figure: string) => page.locator(`#${figure} .tile[style*=background-image]`).first();
    await awake(page, 'confusion');
    await page
      .locator(`#${anchorOf('confusion')}`)
      .getByText('Some pictures could not be loaded.')
      .waitFor();
    await page
      .locator(`#${anchorOf('confusion')}`)
      .getByRole('link', { name: 'See these images' })
      .click();
    await page
      .locator(`#${anchorOf('predictions')}`)
      .getByText('Some pictures could not be loaded.')
      .waitFor();
    expect(await page.locator(`#${anchorOf('predictions')} .sentence`).innerText()).toMatch(
      /: Shirt, classified as T-shirt/,
    );
    fail = false;
    await page
      .locator(`#${anchorOf('predictions')}`)
      .getByRole('button', { name: 'Try again' })
      .click();
    await tile(anchorOf('predictions')).waitFor();
    await page
      .locator(`#${anchorOf('confusion')}`)
      .getByRole('button', { name: 'Try again' })
      .click();
    await tile(anchorOf('confusion')).waitFor();
    expect(await page.getByText('Some pictures could not be loaded.').count()).toBe(0);
    expect(opened.strangers).toEqual([]);
    await opened.close();
  });

  it('answer to a finger on a phone, and nothing below moves while one reads', async () => {
    const opened = await open('/en/', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const { page } = opened;
    const matrix = await awake(page, 'confusion');
    const box = (await matrix.locator('.variant.narrow .cell').nth(60).boundingBox())!;
    await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
    expect(await matrix.locator('.readout').innerText()).toMatch(
      /of the 1,000 shirts were classified as T-shirts/,
    );
    await matrix.locator('.cell-images .tile').first().waitFor();

    const curves = await awake(page, 'curves');
    const heights = new Set<number>();
    for (let epoch = 1; epoch <= history.epochs.length; epoch++) {
      await curves.locator('input[type=range]').fill(String(epoch));
      heights.add((await curves.boundingBox())!.height);
    }
    expect(heights.size).toBe(1);
    expectClean(opened);
    await opened.close();
  });

  it('show no image where a filter finds none', async () => {
    const opened = await open(`/en/?${anchorOf('predictions')}=label-1_answer-9`);
    const { page } = opened;
    await awake(page, 'predictions');
    const count = page.locator(`#${anchorOf('predictions')} .count`);
    await count.filter({ hasText: '0 images: trousers classified as ankle boots' }).waitFor();
    expect(await page.locator(`#${anchorOf('predictions')} .detail`).isHidden()).toBe(true);
    await page
      .locator(`#${anchorOf('predictions')}`)
      .getByLabel('Predicted class')
      .selectOption('1');
    expect(await page.locator(`#${anchorOf('predictions')} .detail`).isVisible()).toBe(true);
    expectClean(opened);
    await opened.close();
  });

  it('the architecture stands where its engine does not arrive, and asks for it again', async () => {
    let fail = true;
    const opened = await open('/en/?backend=wasm', {
      prepare: async (page) => {
        const refuse = (route: Route) => (fail ? route.abort() : route.continue());
        await page.route('**/_astro/maps.*.js', refuse);
        await page.route('**/model.json', refuse);
      },
    });
    const { page } = opened;
    const figure = await awake(page, 'architecture');
    const message = figure.getByText('The model could not be loaded.');
    const retry = figure.getByRole('button', { name: 'Try again' });
    await figure.getByRole('button', { name: 'Bag' }).click();
    await message.waitFor();
    await page.unroute('**/_astro/maps.*.js');
    await retry.click();
    await figure.getByText('Loading the model').waitFor();
    await message.waitFor({ timeout: 40_000 });
    fail = false;
    await retry.click();
    await figure.getByText('outputs of dense1').waitFor({ timeout: 80_000 });
    await opened.close();
  });

  it('the architecture shows what its layers make of a garment, computed in the browser', async () => {
    const opened = await open('/en/?backend=wasm');
    const figure = await awake(opened.page, 'architecture');
    await figure.getByRole('button', { name: 'Ankle boot' }).click();
    const status = figure.locator('.maps .status');
    await status.filter({ hasText: 'outputs of dense1' }).waitFor({ timeout: 80_000 });
    const canvas = figure.locator('canvas');
    const size = () => canvas.evaluate(({ width, height }: HTMLCanvasElement) => [width, height]);
    expect(await size()).toEqual([63, 31]);
    await figure.locator('.plot').focus();
    await opened.page.keyboard.press('Home');
    await opened.page.keyboard.press('ArrowRight');
    await status.filter({ hasText: 'feature maps of conv1, 28×28' }).waitFor();
    expect(await size()).toEqual([463, 115]);
    expectClean(opened);
    await opened.close();
  });

  it('have a title, a caption, an alternative, labelled axes, their data, keys and a live region, each of them', async () => {
    for (const path of REPORTS) {
      const opened = await open(path);
      const figures = await opened.page.locator('figure.chart').evaluateAll((all) =>
        all.map((figure) => {
          const texts = (selector: string) =>
            [...figure.querySelectorAll(selector)].map((element) => element.textContent?.trim() ?? '');
          const drawings = [...figure.querySelectorAll('.plot svg')];
          return {
            id: figure.id,
            titled: texts('.title').join('').length > 3 && texts('.caption').join('').length > 10,
            drawn: drawings.length > 0,
            alternatives: drawings.every((svg) => (svg.getAttribute('aria-label') ?? '').length > 30),
            axes: drawings.every((svg) => svg.querySelector('.axis-title')),
            rows: figure.querySelectorAll('.tools tbody tr').length,
            downloads: [...figure.querySelectorAll<HTMLElement>('[data-download]')].map(
              ({ dataset }) => dataset['download'],
            ),
            keys: figure.querySelector('.plot[tabindex="0"][aria-label], input[type=range]') !== null,
            live: figure.querySelector('.readout[aria-live=polite]') !== null,
          };
        }),
      );
      // Not drawings but pictures: the gallery and the predictions.
      const pictures = [anchorOf('gallery'), anchorOf('predictions')];
      expect(figures.filter(({ drawn }) => !drawn).map(({ id }) => id)).toEqual(pictures);
      expect(figures.filter(({ titled }) => !titled)).toEqual([]);
      for (const { id, rows, ...figure } of figures.filter(({ drawn }) => drawn)) {
        expect([id, figure]).toEqual([
          id,
          {
            ...{ titled: true, drawn: true, alternatives: true, axes: true },
            ...{ downloads: ['svg', 'csv'], keys: true, live: true },
          },
        ]);
        expect([id, rows]).not.toEqual([id, 0]);
      }
      await opened.close();
    }
  });

  it('download their data and their drawings', async () => {
    const { page: first, close } = await open('/en/');
    const ids = await first
      .locator('figure.chart:has([data-download])')
      .evaluateAll((figures) => figures.map(({ id }) => id));
    await close();
    expect(ids.length).toBeGreaterThan(5);
    for (const id of ids) {
      // A browser takes ten downloads from a page and then asks: each figure has a page of its own.
      const opened = await open('/en/');
      const { page } = opened;
      await wakeFigures(page);
      const figure = page.locator(`#${id}`);
      const saved = async (kind: string) => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          figure.locator(`[data-download=${kind}]`).click(),
        ]);
        return readFileSync(await download.path(), 'utf8');
      };
      const csv = (await saved('csv')).trim().split('\r\n');
      expect(csv).toHaveLength(await figure.locator('.tools tr').count());
      const svg = await saved('svg');
      expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg).not.toMatch(/var\(|class=/);
      const root = await page.evaluate(
        (text) => new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.localName,
        svg,
      );
      expect(root).toBe('svg');
      expectClean(opened);
      await opened.close();
    }
  });

  it('the classification report sorts, and stays sorted for who follows the link', async () => {
    const opened = await open('/en/');
    const table = opened.page.locator('.report-table table');
    await table.getByRole('button', { name: 'recall' }).click();
    const values = await table
      .locator('tbody tr:not(.average) td:nth-child(3)')
      .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset['value'])));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(await table.locator('tbody tr').last().locator('th').innerText()).toBe('weighted avg');
    await table.getByRole('button', { name: 'recall' }).click();
    expect(new URL(opened.page.url()).searchParams.get('table-2')).toBe('sort-recall_order-ascending');
    await opened.page.reload();
    expect(await table.locator('[aria-sort=ascending]').innerText()).toBe('recall');
    const least = Math.min(...values);
    expect(await table.locator('tbody tr td:nth-child(3)').first().getAttribute('data-value')).toBe(
      String(least),
    );
    expectClean(opened);
    await opened.close();
  });

  it('the gallery opens the class of the address, and a link to a garment computes its maps', async () => {
    const opened = await open(
      `/en/?${anchorOf('gallery')}=class-6&${anchorOf('architecture')}=layer-dense4_garment-9&backend=wasm`,
    );
    const { page } = opened;
    const gallery = await awake(page, 'gallery');
    expect(await gallery.locator('details[open]').innerText()).toBe('Shirt');
    await gallery.locator('summary').nth(2).click();
    await page.waitForURL((url) => url.searchParams.get(anchorOf('gallery')) === 'class-2');
    const layers = await awake(page, 'architecture');
    await layers.getByText('outputs of dense4').waitFor({ timeout: 80_000 });
    expect(await layers.locator('[data-garment="9"]').getAttribute('aria-pressed')).toBe('true');
    expectClean(opened);
    await opened.close();
  });

  it('stand without their script, and ask for it again', async () => {
    let fail = true;
    const opened = await open('/en/', {
      prepare: (page) =>
        page.route('**/_astro/schedule.*.js', (route) => (fail ? route.abort() : route.continue())),
    });
    const { page } = opened;
    const figure = page.locator(`#${anchorOf('schedule')}`);
    await figure.scrollIntoViewIfNeeded();
    await figure.getByText('The figure is shown, but').waitFor();
    expect(await figure.locator('.variant.wide .curve').count()).toBe(2);
    fail = false;
    await figure.getByRole('button', { name: 'Try again' }).click();
    await page.locator(`#${anchorOf('schedule')}[data-awake]`).waitFor();
    expect(await figure.getByText('The figure is shown, but').count()).toBe(0);
    await opened.close();
  });
});

describe('search', () => {
  it('opens by its key, finds sections and leads to them', async () => {
    const opened = await open('/en/runs/', { reducedMotion: 'reduce' });
    const { page } = opened;
    await page.keyboard.press('/');
    const field = page.getByRole('searchbox', { name: 'Search the report' });
    await field.fill('label smoothing');
    await page.locator('#search li').first().waitFor();
    expect(await page.locator('#search mark').first().innerText()).toBe('label');
    await field.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/en\/#s4-2$/);
    expectClean(opened);
    await opened.close();
  });

  it.each([
    ['校准 对角线', anchorOf('calibration')],
    ['混淆矩阵', anchorOf('confusion')],
    ['Sneaker 6,000', 'table-1'],
    ['0.28GB', 's8-1'],
    ['先升后降 空心圆', null],
    ['bibtex techreport', null],
    ['techreport', 'cite'],
  ] as const)('of the whole page: "%s" is in %s', async (words, anchor) => {
    const opened = await open('/');
    const { page } = opened;
    await page.getByRole('button', { name: '搜索' }).click();
    await page.getByRole('searchbox').fill(words);
    await page
      .locator('#search [role=status]')
      .filter({ hasText: anchor === null ? '没有找到' : '处' })
      .waitFor();
    const links = await page
      .locator('#search a')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).hash));
    if (anchor === null) expect(links).toEqual([]);
    else expect(links).toContain(`#${anchor}`);
    expectClean(opened);
    await opened.close();
  });

  it('says when it finds nothing, and when the report or its own script cannot be loaded', async () => {
    let fail = true;
    const opened = await open('/runs/', {
      prepare: async (page) => {
        const refuse = (route: Route) => (fail ? route.abort() : route.continue());
        await page.route('**/_astro/search.*.js', refuse);
        await page.route(`${inject('site')}/`, refuse);
      },
    });
    const { page } = opened;
    const button = page.getByRole('button', { name: '搜索' });
    await button.click();
    await page.getByText('搜索没能载入').waitFor();
    await page.getByRole('button', { name: '关闭' }).click();
    await page.unroute('**/_astro/search.*.js');
    await button.click();
    await page.getByText('搜索没能载入').waitFor();
    await page.getByRole('button', { name: '关闭' }).click();
    fail = false;
    await button.click();
    await page.getByRole('searchbox').fill('牛仔裤');
    await page.getByText('没有找到').waitFor();
    expect(await page.locator('#search li').count()).toBe(0);
    await opened.close();
  });
});

describe('the budget', () => {
  /** What a reader downloads who scrolls through a page without touching anything, compressed as a host would. */
  async function download(path: `/${string}`, scroll: boolean) {
    const bodies: Promise<{ kind: string; url: string; bytes: number }>[] = [];
    const opened = await open(path, {
      viewport: { width: 390, height: 844 },
      prepare: async (page) => {
        page.on('response', (response) => {
          const kind = response.request().resourceType();
          const packed = ['image', 'font'].includes(kind)
            ? (body: Buffer) => body
            : (body: Buffer) => gzipSync(body);
          bodies.push(
            response.body().then((body) => ({ kind, url: response.url(), bytes: packed(body).length })),
          );
        });
        await watchShifts(page);
      },
    });
    if (scroll) await wakeFigures(opened.page);
    await opened.page.waitForTimeout(500);
    const shift = await shiftOf(opened.page);
    const all = await Promise.all(bodies);
    expectClean(opened);
    await opened.close();
    const sum = (kind?: string) =>
      all
        .filter((each) => kind === undefined || each.kind === kind)
        .reduce((total, { bytes }) => total + bytes, 0);
    return { scripts: sum('script'), total: sum(), shift, urls: all.map(({ url }) => url) };
  }

  it.each(REPORTS)('of %s holds: scripts, bytes, no TensorFlow.js, nothing that jumps', async (path) => {
    const seen = await download(path, true);
    console.log(path, `${seen.scripts} bytes of scripts, ${seen.total} in all, layout shift ${seen.shift}`);
    expect(seen.scripts).toBeGreaterThan(5_000);
    expect(seen.scripts).toBeLessThan(90_000);
    expect(seen.shift).toBeLessThan(0.05);
    expect(seen.urls.filter((url) => /tfjs|weights|\.wasm/.test(url))).toEqual([]);
    expect((await download(path, false)).total).toBeLessThan(500_000);
  });

  it.each(PAGES)('of %s has a policy without unsafe scripts', async (path) => {
    const opened = await open(path);
    const policy = await opened.page
      .locator('meta[http-equiv="content-security-policy"]')
      .getAttribute('content');
    expect(policy).toContain("default-src 'self'");
    expect(policy).toMatch(/script-src 'self' 'sha256-/);
    expect(policy).not.toMatch(/unsafe/);
    await opened.close();
  });
});

describe('every page', () => {
  it.each(PAGES)('%s works at 390 px without anything that overflows or jumps', async (path) => {
    const opened = await open(path, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      prepare: watchShifts,
    });
    const { page } = opened;
    await wakeFigures(page);
    const tooWide = await page.evaluate(() => {
      const wide = [...document.body.querySelectorAll('*')].filter((element) => {
        const { right, left, width } = element.getBoundingClientRect();
        const scrolls = element.closest('pre, .scroll, nav, [popover], .visually-hidden, .skip, svg *');
        return width > 0 && (right > innerWidth + 1 || left < -1) && !scrolls;
      });
      return {
        wide: wide.map(({ outerHTML }) => outerHTML.slice(0, 120)),
        page: document.documentElement.scrollWidth,
      };
    });
    expect(tooWide).toEqual({ wide: [], page: 390 });
    expect(await shiftOf(page)).toBeLessThan(0.05);
    expectClean(opened);
    await opened.close();
  });

  it.each(
    PAGES.flatMap((path) => (['light', 'dark'] as const).map((colorScheme) => ({ path, colorScheme }))),
  )('$path is accessible in the $colorScheme theme', async ({ path, colorScheme }) => {
    const opened = await open(path, { colorScheme, reducedMotion: 'reduce' });
    await wakeFigures(opened.page);
    expect(await violationsOf(opened.page, colorScheme)).toEqual([]);
    await opened.close();
  });

  it.each(['light', 'dark'] as const)(
    'the report in use is accessible in the %s theme',
    async (colorScheme) => {
      const opened = await open(
        `/en/?${anchorOf('predictions')}=label-6_verdict-wrong&${anchorOf('confusion')}=cell-6.0`,
        {
          ...{ colorScheme, reducedMotion: 'reduce' },
        },
      );
      const { page } = opened;
      await wakeFigures(page);
      for (const details of await page.locator('.tools details').all()) {
        await details.evaluate((element: HTMLDetailsElement) => (element.open = true));
      }
      await page
        .locator(`#${anchorOf('predictions')} .tile`)
        .first()
        .waitFor();
      await page
        .locator(`#${anchorOf('confusion')} .cell-images .tile`)
        .first()
        .waitFor();
      await page.locator('.reproduced').first().click();
      expect(await violationsOf(page, colorScheme)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('/');
      await page.getByRole('searchbox').fill('shirt');
      await page.locator('#search li').first().waitFor();
      expect(await violationsOf(page, colorScheme)).toEqual([]);
      await opened.close();
    },
  );

  it.each(PAGES)('%s links only to what is there', async (path) => {
    const opened = await open(path, { javaScriptEnabled: false });
    const links = await opened.page.evaluate(() => [
      ...new Set([...document.querySelectorAll<HTMLAnchorElement>('a[href]')].map(({ href }) => href)),
    ]);
    const site = inject('site');
    const outside = [DATASET, PAPER];
    expect(links.filter((link) => !link.startsWith(site)).sort()).toEqual(outside.sort());
    for (const link of links.filter((link) => link.startsWith(site))) {
      const { pathname, hash, origin } = new URL(link);
      if (pathname === new URL(site + path).pathname && hash !== '') {
        expect(await opened.page.locator(`[id="${hash.slice(1)}"]`).count()).toBe(1);
      } else {
        expect([link, (await fetch(origin + pathname)).status]).toEqual([link, 200]);
      }
    }
    await opened.close();
  });

  it('keeps the place when the language is switched', async () => {
    const opened = await open(`/en/?${anchorOf('confusion')}=unit-share#s7-2`, { reducedMotion: 'reduce' });
    const { page } = opened;
    await page.waitForFunction(() => scrollY > 1000);
    // A click of Playwright's own would first scroll to the sticky header.
    await page.locator('#language-switch').evaluate((link: HTMLElement) => link.click());
    await page.waitForURL((url) => !url.pathname.includes('/en/'));
    const url = new URL(page.url());
    expect(url.search).toBe(`?${anchorOf('confusion')}=unit-share`);
    expect(url.hash).toMatch(/^#(s7-2|table-2)$/);
    await opened.close();
  });

  it('remembers the theme that was switched to, and forgets it when it is the system’s again', async () => {
    const opened = await open('/en/', { colorScheme: 'light' });
    const { page } = opened;
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme'] ?? null);
    expect(await theme()).toBeNull();
    await page.locator('#theme-switch').click();
    expect(await theme()).toBe('dark');
    await page.reload();
    expect(await theme()).toBe('dark');
    await page.locator('#theme-switch').click();
    await page.reload();
    expect(await theme()).toBeNull();
    expectClean(opened);
    await opened.close();
  });
});
