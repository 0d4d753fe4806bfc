/** Pictures from outside: what becomes of a good one, and what is said of the others. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { inkBox } from '../../src/drawing/preparation.ts';
import { expectClean, useBrowser } from './browser.ts';
import { answer, drawSomething, PAD, padPixels, setRange, stored } from './pad.ts';

const { open } = useBrowser();

/** Ten by ten pixels: a dark square in the middle of a light ground. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAAAAACoWZBhAAAAFUlEQVR42mP4BQcMOJkaQEAsE69hACq0VIkjrVSoAAAAAElFTkSuQmCC',
  'base64',
);
const at = (pixels: Uint8Array, x: number, y: number) => pixels[y * PAD + x]!;
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
  const svg = (content: string) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">${content}</svg>`);
  const refused: [string | ReturnType<typeof file>, string][] = [
    [file('empty.png', 'image/png', Buffer.alloc(0)), 'not a picture'],
    [file('letter.png', 'image/png', Buffer.from('Dear Sir or Madam')), 'not a picture'],
    [file('cut-off.png', 'image/png', png.subarray(0, 20)), 'not a picture'],
    [
      file('script.svg', 'image/svg+xml', svg('<script>alert(1)</script><rect width="5" height="5"/>')),
      'holds a script',
    ],
    [
      file('event.svg', 'image/svg+xml', svg('<rect width="5" height="5" onload="alert(1)"/>')),
      'holds a script',
    ],
    [
      file('image.svg', '', svg('<image href="http://example.com/a.png" width="9" height="9"/>')),
      'other files',
    ],
    [
      file('style.svg', 'image/svg+xml', svg('<style>rect { fill: url(//example.com/a) }</style>')),
      'other files',
    ],
    [file('broken.svg', 'image/svg+xml', Buffer.from('<svg><g></svg>')), 'not a picture'],
    [file('photo.heic', 'image/heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic')), 'save it as JPEG'],
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
  const { label } = await answer(page);
  for (const [picture, sentence] of refused) {
    await page.getByTestId('photo').setInputFiles(picture);
    const failure = page.getByTestId('result').getByTestId('failure');
    await expect.poll(() => failure.innerText(), { message: sentence }).toContain(sentence);
    // No answer to what was there before stands beside it.
    const answered = page.getByTestId('result-top1');
    expect([await answered.innerText(), await answered.getAttribute('data-class')]).toEqual([
      'No answer',
      null,
    ]);
    expect(await page.locator('.bars .top').count()).toBe(0);
    expect(await padPixels(page)).toEqual(drawn);
  }
  await page.getByTestId('undo').click();
  await page.getByTestId('redo').click();
  expect((await answer(page)).label).toBe(label);
  expect(dialogs).toEqual([]);
  expect(errors).toEqual([]);
  await rm(folder, { recursive: true });
  await close();
});

/** A picture of 100×100 pixels. */
async function drawing(content: string, ground = '#f4f4f4'): Promise<ReturnType<typeof file>> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">
    <rect width="100" height="100" fill="${ground}"/>${content}</svg>`;
  return file('picture.png', 'image/png', await sharp(Buffer.from(svg)).png().toBuffer());
}

it('what is found in a picture is shown, and can be corrected', async () => {
  const opened = await open('/en/draw/?backend=wasm');
  const { page } = opened;
  const photo = page.getByTestId('photo');
  const box = async () => inkBox({ width: PAD, height: PAD, pixels: await padPixels(page) });
  const middle = async () => (await padPixels(page))[(PAD * PAD + PAD) / 2]!;
  const warning = page.getByTestId('picture-warning');
  expect(await page.locator('details', { has: photo }).innerText()).toContain('A picture');
  await page.locator('summary', { hasText: 'A picture' }).click();
  expect(await page.getByText('one garment, seen whole, on a plain background').isVisible()).toBe(true);

  // Dark on light: upright, with a light cut in its right half.
  await photo.setInputFiles(
    await drawing('<path d="M35 20h30v60h-30z" fill="#333"/><path d="M55 30h10v10h-10z" fill="#f4f4f4"/>'),
  );
  await answer(page);
  const upright = (await box())!;
  expect(upright.bottom - upright.top).toBeGreaterThan(1.8 * (upright.right - upright.left));
  expect(await middle()).toBeGreaterThan(190);
  expect(await warning.isVisible()).toBe(false);
  const found = await page.getByTestId('picture-found').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    return [
      width,
      ...[4 * (50 * width + 40), 4 * (50 * width + 10), 4 * (50 * width + 35)].map((i) => data[i]),
    ];
  });
  // The garment as it is, the ground darkened, and a line between them.
  expect(found).toEqual([100, 0x33, Math.round(0xf4 * 0.45), 240]);

  await page.getByTestId('picture-turn').click();
  const lying = (await box())!;
  expect([lying.right - lying.left, lying.bottom - lying.top]).toEqual([
    upright.bottom - upright.top,
    upright.right - upright.left,
  ]);
  for (let i = 0; i < 3; i++) await page.getByTestId('picture-turn').click();
  const before = await padPixels(page);
  await page.getByTestId('picture-mirror').click();
  const mirrored = await padPixels(page);
  expect([at(before, 330, 180), at(mirrored, 330, 180), at(mirrored, PAD - 1 - 330, 180)]).toEqual([
    0,
    expect.any(Number),
    0,
  ]);
  expect(at(mirrored, 330, 180)).toBeGreaterThan(0);
  await page.getByTestId('picture-invert').click();
  expect(await page.getByTestId('picture-invert').getAttribute('aria-pressed')).toBe('true');
  expect(await padPixels(page)).not.toEqual(mirrored);

  // Only the lower half of it.
  await page.getByTestId('picture-crop').click();
  await setRange(page, 'picture-crop-top', 60);
  await setRange(page, 'picture-crop-bottom', 95);
  // On a phone too the readings stand within the page.
  const viewport = page.viewportSize()!;
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize(viewport);
  const cropped = (await box())!;
  expect(cropped.right - cropped.left).toBeGreaterThan(cropped.bottom - cropped.top);
  await page.getByTestId('picture-found').scrollIntoViewIfNeeded();
  const area = (await page.getByTestId('picture-found').boundingBox())!;
  await page.mouse.move(area.x + 2, area.y + 2);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width - 2, area.y + area.height - 2, { steps: 3 });
  await page.mouse.up();
  expect((await box())!.bottom - (await box())!.top).toBe(upright.bottom - upright.top);

  // Each correction is a part of one step.
  await page.getByTestId('undo').click();
  expect(await box()).toBeNull();
  expect(await page.getByTestId('picture-found').isVisible()).toBe(false);
  await page.getByTestId('redo').click();
  expect(await page.getByTestId('picture-found').isVisible()).toBe(true);

  const warned = async (content: string, reason: string, ground?: string) => {
    await photo.setInputFiles(await drawing(content, ground));
    await expect.poll(() => warning.getAttribute('data-reason')).toBe(reason);
    expect(await warning.isVisible()).toBe(true);
  };
  await warned('<path d="M35 -5h30v90h-30z" fill="#333"/>', 'border');
  await expect.poll(() => page.getByTestId('result-top1').innerText()).toBe('No answer');
  expect(await page.getByTestId('result-top1').getAttribute('data-class')).toBeNull();
  // After a reload too.
  await page.reload();
  await expect.poll(() => warning.getAttribute('data-reason')).toBe('border');
  await expect.poll(() => page.getByTestId('result-top1').innerText()).toBe('No answer');
  // Nothing is found above this threshold, and all of it again below.
  await photo.setInputFiles(await drawing('<path d="M35 20h30v60h-30z" fill="#888"/>'));
  await answer(page);
  const automatic = await page.getByTestId('picture-threshold').inputValue();
  await setRange(page, 'picture-threshold', 200);
  await expect.poll(() => warning.getAttribute('data-reason')).toBe('nothing');
  await setRange(page, 'picture-threshold', Number(automatic));
  expect(await warning.isVisible()).toBe(false);
  const two = '<path d="M10 20h30v60h-30z" fill="#333"/><path d="M60 20h25v50h-25z" fill="#333"/>';
  await warned(two, 'several');
  await answer(page);

  await drawSomething(page);
  expect(await warning.isVisible()).toBe(false);
  expect(await page.getByTestId('picture-threshold').isVisible()).toBe(false);
  expect((await stored(page)).map(({ kind }) => kind).slice(-2)).toEqual(['picture', 'stroke']);
  expectClean(opened);
  await opened.close();
});

it.each([
  ['vector graphics without a size', 'image/svg+xml', 'svg'],
  ['a white garment on transparency', 'image/png', 'png'],
  ['sixteen bits a channel', 'image/png', 'png16'],
  ['an indexed picture', 'image/png', 'palette'],
  ['an animation, of which the first frame is taken', 'image/gif', 'gif'],
  ['a photo for print, in CMYK', 'image/jpeg', 'cmyk'],
  ['a photo that is upright only by its EXIF data', 'image/jpeg', 'exif'],
])('%s becomes a garment on the pad', async (_, mimeType, kind) => {
  const shape = '<path d="M40 10h20v80h-20z" fill="';
  const frame = (fill: string, ground = '') =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${ground}${shape}${fill}"/></svg>`,
    );
  const light = '<rect width="100" height="100" fill="#fff"/>';
  const dark = () => sharp(frame('#222', light));
  const made: Record<string, () => Promise<Buffer> | Buffer> = {
    svg: () => frame('#222'),
    png: () => sharp(frame('#fff')).png().toBuffer(),
    png16: () => dark().toColourspace('rgb16').png().toBuffer(),
    palette: () => dark().png({ palette: true, colours: 4 }).toBuffer(),
    gif: async () => {
      const frames = [frame('#222', light), frame('#fff', light)].map((svg) => sharp(svg).png().toBuffer());
      return sharp(await Promise.all(frames), { join: { animated: true } })
        .gif()
        .toBuffer();
    },
    cmyk: () => dark().toColourspace('cmyk').jpeg().toBuffer(),
    exif: () => dark().rotate(90).jpeg().withMetadata({ orientation: 8 }).toBuffer(),
  };
  const { page, errors, close } = await open('/en/draw/?backend=wasm');
  await page.getByTestId('photo').setInputFiles(file(`picture.${kind}`, mimeType, await made[kind]!()));
  await answer(page);
  const { left, top, right, bottom } = inkBox({ width: PAD, height: PAD, pixels: await padPixels(page) })!;
  expect((bottom - top) / (right - left)).toBeGreaterThan(3);
  expect((await padPixels(page))[(PAD * PAD + PAD) / 2]).toBeGreaterThan(150);
  expect(errors).toEqual([]);
  await close();
});

it('of pictures brought in quick succession the last one stays, however long the others take', async () => {
  const opened = await open('/en/draw/?backend=wasm', {
    prepare: (page) =>
      page.addInitScript(() => {
        const read = globalThis.createImageBitmap;
        let first = true;
        globalThis.createImageBitmap = async (...parameters: unknown[]) => {
          if (first) {
            first = false;
            await new Promise((resolve) => setTimeout(resolve, 1500));
            document.body.dataset['slowRead'] = '';
          }
          return (read as (...all: unknown[]) => Promise<ImageBitmap>)(...parameters);
        };
      }),
  });
  const { page } = opened;
  const photo = page.getByTestId('photo');
  await photo.setInputFiles(await drawing('<path d="M10 40h80v20h-80z" fill="#333"/>'));
  await photo.setInputFiles(await drawing('<path d="M40 10h20v80h-20z" fill="#333"/>'));
  await answer(page);
  await page.locator('body[data-slow-read]').waitFor();
  // Time for the slow one to be put on the pad, if it were.
  await page.waitForTimeout(300);
  const { left, top, right, bottom } = inkBox({ width: PAD, height: PAD, pixels: await padPixels(page) })!;
  expect(bottom - top).toBeGreaterThan(right - left);
  expect((await stored(page)).map(({ kind }) => kind)).toEqual(['picture']);
  expectClean(opened);
  await opened.close();
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
  expect((await padPixels(page))[(PAD * PAD + PAD) / 2]).toBeGreaterThan(200);
  await page.getByTestId('undo').click();
  expect((await stored(page)).map(({ kind }) => kind)).toEqual(['stroke']);
  expect(errors).toEqual([]);
  await close();
});
