/** Takes the pictures of the README from the built site. `npm run pictures -- --help` explains the flags. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import sharp from 'sharp';
import { parseMetrics } from '../src/artifacts/schema.ts';
import { getChromium } from '../src/node/chromium.ts';
import { buildSite, serve } from '../src/node/static-server.ts';
import { MODELS, readMetricsFile, ROOT } from '../src/runs/run-folders.ts';
import { runCommand, text } from './cli/command.ts';

const FOLDER = join(ROOT, 'docs/images');

/** The pictures, and the published files that decide what they show. A test compares those with the files' hashes. */
const SHOWN = {
  'report-light.png': { baseline: ['predictions.bin', 'history.json'] },
  'report-dark.png': { baseline: ['predictions.bin', 'history.json'] },
  'drawing.webp': { sketch: ['weights.bin'] },
};

/** A T-shirt on the pad of 560×560: sleeves, sides and hem in one line. */
const T_SHIRT: readonly (readonly [number, number])[] = [
  ...([[200, 120], [240, 150], [320, 150], [360, 120], [480, 210], [430, 280], [370, 240]] as const),
  ...([[370, 450], [190, 450], [190, 240], [130, 280], [80, 210], [200, 120]] as const),
]; // prettier-ignore

const flags = {
  dist: text('folder', 'The built site. Default: it is built into a temporary folder.'),
};

const about = `Takes the pictures of the README from the built site, the report in light and in dark and a drawing with its answer, into
docs/images, with the hashes of the published files that they show.`;

await runCommand({ name: 'pictures', about, flags }, async ({ dist }) => {
  await using scratch = await mkdtempDisposable(join(tmpdir(), 'pictures-'));
  const site = dist === undefined ? buildSite(ROOT, join(scratch.path, 'site')) : resolve(dist);
  const executablePath = await getChromium(console.log);
  await using served = await serve(site, '');
  await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  for (const scheme of ['light', 'dark'] as const) await takeReport(browser, served.origin, scheme);
  await takeDrawing(browser, served.origin);
  writeFileSync(join(FOLDER, 'pictures.json'), `${JSON.stringify(hashes(), null, 2)}\n`);
  for (const name of Object.keys(SHOWN)) {
    console.log(`docs/images/${name}: ${(readFileSync(join(FOLDER, name)).length / 1e3).toFixed(0)} kB`);
  }
  return 0;
});

/** For each picture, the SHA-256 of the published files that it shows, by their paths in public/models. */
function hashes(): Record<string, Record<string, string>> {
  const of = (id: string, file: string): string =>
    parseMetrics(id, readMetricsFile(join(MODELS, id))).files[file]!.sha256;
  return Object.fromEntries(
    Object.entries(SHOWN).map(([picture, runs]) => [
      picture,
      Object.fromEntries(
        Object.entries(runs).flatMap(([id, files]) => files.map((file) => [`${id}/${file}`, of(id, file)])),
      ),
    ]),
  );
}

async function takeReport(browser: Browser, origin: string, colorScheme: 'light' | 'dark'): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme });
  await page.goto(`${origin}/en/`, { waitUntil: 'networkidle' });
  // The reproduced curves with the report's values on them, below the bar.
  await scrollTo(page.locator('#fig-2'), 76);
  await page.locator('#fig-2[data-awake]').waitFor();
  await page.mouse.move(1, 1);
  await sharp(await page.screenshot())
    .png({ palette: true })
    .toFile(join(FOLDER, `report-${colorScheme}.png`));
  await page.close();
}

async function takeDrawing(browser: Browser, origin: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 640 }, colorScheme: 'light' });
  await page.goto(`${origin}/en/draw/`);
  await page.getByTestId('result').and(page.locator('[data-state=empty]')).waitFor();
  const pad = page.getByTestId('pad');
  await scrollTo(pad, 90);
  const box = (await pad.boundingBox())!;
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    box.x + (x * box.width) / 560,
    box.y + (y * box.height) / 560,
  ];
  const frames = [await page.screenshot()];
  await page.mouse.move(...at(T_SHIRT[0]!));
  await page.mouse.down();
  for (const point of T_SHIRT.slice(1)) {
    await page.mouse.move(...at(point), { steps: 8 });
    await settle(page);
    frames.push(await page.screenshot());
  }
  await page.mouse.up();
  await settle(page);
  frames.push(await page.screenshot());
  await page.close();
  const small = await Promise.all(frames.map((frame) => sharp(frame).resize(750).png().toBuffer()));
  await sharp(small, { join: { animated: true } })
    .webp({ quality: 70, loop: 0, delay: frames.map((_, i) => (i < frames.length - 1 ? 350 : 3000)) })
    .toFile(join(FOLDER, 'drawing.webp'));
}

/** Scrolls so that an element begins so many pixels below the window's top. */
function scrollTo(element: Locator, below: number): Promise<void> {
  return element.evaluate(
    (node, top) => window.scrollTo(0, node.getBoundingClientRect().top + scrollY - top),
    below,
  );
}

/** Until the network has answered to what is drawn. */
function settle(page: Page): Promise<void> {
  return page
    .locator('[data-testid=result]:is([data-state=ready], [data-state=unsure])')
    .waitFor({ timeout: 120_000 });
}
