/** Pictures from outside: what becomes of a good one, and what is said of the others. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { inkBox } from '../../src/drawing/preparation.ts';
import { useBrowser } from './browser.ts';
import { answer, drawSomething, PAD, padPixels, setRange, stored } from './pad.ts';

const { open } = useBrowser();

/** Ten by ten pixels: a dark square in the middle of a light ground. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAAAAACoWZBhAAAAFUlEQVR42mP4BQcMOJkaQEAsE69hACq0VIkjrVSoAAAAAElFTkSuQmCC',
  'base64',
);
const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer });

/** A black PNG of so many pixels, one bit each. */
function blackPng(width: number, height: number): Buffer {
  const chunk = (type: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), content]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(content.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * height))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

it('pictures that cannot be taken are refused, each with its sentence, and the pad stays as it was', async () => {
  const { page, errors, close } = await open('/en/draw/?backend=wasm');
  const folder = await mkdtemp(join(tmpdir(), 'fashion-mnist-report-'));
  const huge = join(folder, 'huge.png');
  await writeFile(huge, '');
  await truncate(huge, 41_000_000);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)">
    <script>alert(1)</script><rect width="9" height="9"/></svg>`;
  const refused: [string | ReturnType<typeof file>, string][] = [
    [file('empty.png', 'image/png', Buffer.alloc(0)), 'not a picture'],
    [file('letter.png', 'image/png', Buffer.from('Dear Sir or Madam')), 'not a picture'],
    [file('cut-off.png', 'image/png', png.subarray(0, 20)), 'not a picture'],
    [file('script.svg', 'image/svg+xml', Buffer.from(svg)), 'not a picture'],
    [file('vast.png', 'image/png', blackPng(12_000, 12_000)), 'more than 100 million pixels'],
    [file('black.png', 'image/png', blackPng(40, 40)), 'only one colour'],
    [huge, 'larger than 40 MB'],
  ];
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await drawSomething(page);
  const drawn = await padPixels(page);
  for (const [picture, sentence] of refused) {
    await page.getByTestId('photo').setInputFiles(picture);
    await page.getByTestId('message').waitFor();
    expect(await page.getByTestId('message').innerText()).toContain(sentence);
    expect(await padPixels(page)).toEqual(drawn);
  }
  expect(dialogs).toEqual([]);
  expect(errors).toEqual([]);
  await rm(folder, { recursive: true });
  await close();
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

/** Pastes the square, or drops it. */
async function give(page: Page, way: 'paste' | 'drop'): Promise<void> {
  await page.evaluate(
    ([way, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'square.png', { type: 'image/png' }));
      const options = { bubbles: true, cancelable: true };
      document.body.dispatchEvent(
        way === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: data })
          : new DragEvent('drop', { ...options, dataTransfer: data }),
      );
    },
    [way, png.toString('base64')] as const,
  );
}

it.each(['paste', 'drop', 'camera'] as const)('a picture can come by %s as well', async (way) => {
  const { page, errors, close } = await open('/en/draw/?backend=wasm');
  await drawSomething(page);
  if (way === 'camera') {
    await page.locator('[data-photo][capture]').setInputFiles(file('square.png', 'image/png', png));
  } else await give(page, way);
  await page.locator('#threshold-row').waitFor();
  await answer(page);
  expect((await stored(page)).map(({ kind }) => kind)).toEqual(['stroke', 'picture']);
  expect((await padPixels(page))[(PAD * PAD + PAD) / 2]).toBe(215);
  await page.getByTestId('undo').click();
  expect((await stored(page)).map(({ kind }) => kind)).toEqual(['stroke']);
  expect(errors).toEqual([]);
  await close();
});
