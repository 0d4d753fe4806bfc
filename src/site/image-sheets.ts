/** Small pictures cut from the dataset's sheets when the site is built, so that a figure need not load whole sheets. */
import { join } from 'node:path';
import sharp from 'sharp';
import { IMAGE_PIXELS, IMAGE_SIZE } from '../data/dataset.ts';
import type { DataManifest, SheetSet } from '../data/manifest.ts';
import { cropImage, layOut, placeOf, type SheetLayout, sheetSize } from '../data/sprites.ts';

/**
 * All images of a set, decoded.
 * @returns [count × 28·28] bytes, image by image
 */
export async function decodeSheets(publicFolder: string, set: SheetSet): Promise<Uint8Array> {
  const images = new Uint8Array(set.count * IMAGE_PIXELS);
  await Promise.all(
    set.sheets.map(async ({ file }, sheet) => {
      const { data, info } = await sharp(join(publicFolder, 'data', file))
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const first = sheet * set.perSheet;
      for (let image = first; image < Math.min(set.count, first + set.perSheet); image++) {
        images.set(cropImage({ data, width: info.width }, placeOf(image, set)), image * IMAGE_PIXELS);
      }
    }),
  );
  return images;
}

export const decodeTestImages = (publicFolder: string, manifest: DataManifest): Promise<Uint8Array> =>
  decodeSheets(publicFolder, manifest.test.images);

const stripLayout = ({ length }: readonly number[]): SheetLayout => ({
  count: length,
  perSheet: length,
  columns: length,
});

/** The pixels of chosen images in one row, a byte each. */
export function layStrip(images: Uint8Array, ids: readonly number[]): Uint8Array<ArrayBuffer> {
  const chosen = new Uint8Array(ids.length * IMAGE_PIXELS);
  ids.forEach((id, i) =>
    chosen.set(images.subarray(id * IMAGE_PIXELS, (id + 1) * IMAGE_PIXELS), i * IMAGE_PIXELS),
  );
  return layOut(chosen, stripLayout(ids));
}

/** Chosen images in one row, as a lossless WebP. */
export function cutStrip(images: Uint8Array, ids: readonly number[]): Promise<Buffer> {
  const { width, height } = sheetSize(stripLayout(ids));
  return sharp(layStrip(images, ids), { raw: { width, height, channels: 1 } })
    .webp({ lossless: true })
    .toBuffer();
}

/**
 * The pair of images, one of each set, that differ least from pixel to pixel.
 * @returns ids of the two and the root of the mean squared difference, 0 to 255
 */
export function closestPair(
  images: Uint8Array,
  first: readonly number[],
  second: readonly number[],
): { first: number; second: number; difference: number } {
  let best = { first: first[0]!, second: second[0]!, sum: Infinity };
  for (const a of first) {
    for (const b of second) {
      let sum = 0;
      const [from, to] = [a * IMAGE_PIXELS, b * IMAGE_PIXELS];
      // Row by row: most pairs are out of the running after a few.
      for (let row = 0; row < IMAGE_SIZE && sum < best.sum; row++) {
        for (let i = row * IMAGE_SIZE; i < (row + 1) * IMAGE_SIZE; i++)
          sum += (images[from + i]! - images[to + i]!) ** 2;
      }
      if (sum < best.sum) best = { first: a, second: b, sum };
    }
  }
  return { first: best.first, second: best.second, difference: Math.sqrt(best.sum / IMAGE_PIXELS) };
}
