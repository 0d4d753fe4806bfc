import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { closestPair, cutStrip, decodeSheets } from '../../src/site/image-sheets.ts';
import { parseManifest } from '../../src/data/manifest.ts';

const PIXELS = 28 * 28;
const image = (value: number) => new Uint8Array(PIXELS).fill(value);

describe('decodeSheets and cutStrip', () => {
  it('take images out of the published sheets and put them side by side, pixel for pixel', async () => {
    const { examples } = parseManifest(JSON.parse(readFileSync('public/data/index.json', 'utf8')));
    const images = await decodeSheets('public', examples.images);
    expect(images).toHaveLength(500 * PIXELS);
    const ids = [499, 0, 123];
    const { data, info } = await sharp(await cutStrip(images, ids))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([84, 28]);
    ids.forEach((id, i) => {
      const cut = Array.from({ length: PIXELS }, (_, pixel) => {
        const [row, column] = [Math.floor(pixel / 28), pixel % 28];
        return data[(row * 84 + i * 28 + column) * info.channels]!;
      });
      expect(cut).toEqual(Array.from(images.subarray(id * PIXELS, (id + 1) * PIXELS)));
    });
    expect(new Set(images.subarray(0, PIXELS)).size).toBeGreaterThan(10);
  });
});

describe('closestPair', () => {
  it('finds the two that differ least, and says by how much', () => {
    const images = new Uint8Array(4 * PIXELS);
    [image(10), image(200), image(190), image(60)].forEach((each, i) => images.set(each, i * PIXELS));
    expect(closestPair(images, [0, 1], [2, 3])).toEqual({ first: 1, second: 2, difference: 10 });
  });
});
