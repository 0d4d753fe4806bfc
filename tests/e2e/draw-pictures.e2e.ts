/** Pictures from outside: what becomes of a good one, and what is said of the others. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inkBox } from '../../src/model/drawing.ts';
import { useBrowser } from './browser.ts';
import { answer, drawSomething, PAD, padPixels, setRange, stored } from './pad.ts';

const { open } = useBrowser();

/** Ten by ten pixels: a dark square in the middle of a light ground. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAAAAACoWZBhAAAAFUlEQVR42mP4BQcMOJkaQEAsE69hACq0VIkjrVSoAAAAAElFTkSuQmCC',
  'base64',
);
const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer });

describe('a picture', () => {
  it.each([
    ['that is empty', file('empty.png', 'image/png', Buffer.alloc(0)), 'not a picture'],
    ['that is none', file('letter.png', 'image/png', Buffer.from('Dear Sir or Madam')), 'not a picture'],
    [
      'that is cut off before its first line',
      file('cut.png', 'image/png', png.subarray(0, 20)),
      'not a picture',
    ],
    [
      'that is an SVG with a script',
      file(
        'script.svg',
        'image/svg+xml',
        Buffer.from(
          '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"><script>alert(1)</script><rect width="9" height="9"/></svg>',
        ),
      ),
      'not a picture',
    ],
  ])('%s is refused, and the pad stays as it was', async (_, picture, sentence) => {
    const { page, errors, close } = await open('/en/draw/?backend=wasm');
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await drawSomething(page);
    const drawn = await padPixels(page);
    await page.getByTestId('photo').setInputFiles(picture);
    await page.getByTestId('message').waitFor();
    expect(await page.getByTestId('message').innerText()).toContain(sentence);
    expect(await padPixels(page)).toEqual(drawn);
    expect(dialogs).toEqual([]);
    expect(errors).toEqual([]);
    await close();
  });
});

it('a picture that is huge is refused before it is read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fashion-mnist-report-'));
  const path = join(folder, 'huge.png');
  const { page, errors, close } = await open('/en/draw/?backend=wasm');
  try {
    await writeFile(path, '');
    await truncate(path, 41_000_000);
    await page.getByTestId('photo').setInputFiles(path);
    await page.getByTestId('message').waitFor();
    expect(await page.getByTestId('message').innerText()).toContain('larger than 40 MB');
    expect(errors).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
    await close();
  }
});

it('a picture of a dark garment on a light ground becomes a light one on black, and its limit can be moved', async () => {
  const { page, errors, close } = await open('/en/draw/?backend=wasm');
  await page.getByTestId('photo').setInputFiles(file('square.png', 'image/png', png));
  await answer(page);
  const grey = async () => (await padPixels(page))[(PAD * PAD + PAD) / 2];
  expect(await grey()).toBe(215);
  expect(inkBox({ width: PAD, height: PAD, pixels: await padPixels(page) })!.left).toBeGreaterThan(100);
  await setRange(page, 'threshold', 200);
  expect(await grey()).toBe(215);
  await drawSomething(page);
  expect(await page.getByTestId('threshold').isVisible()).toBe(false);
  expect((await stored(page)).map(({ kind }) => kind)).toEqual(['picture', 'stroke']);
  expect(errors).toEqual([]);
  await close();
});
