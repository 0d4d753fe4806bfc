import { describe, expect, it } from 'vitest';
import { describeMaps, mosaic, silentMaps } from '../../../src/components/charts/feature-maps.ts';
import { sizeOf } from '../../../src/math/arrays.ts';

/** Two maps of 2×2: the first 0 1 / 2 4, the second all zero; channels last. */
const pair = { name: 'conv1', shape: [2, 2, 2], values: [0, 0, 1, 0, 2, 0, 4, 0] };

describe('mosaic', () => {
  it('puts maps side by side with a transparent pixel between them', () => {
    const { width, height, pixels } = mosaic(pair);
    expect([width, height]).toEqual([5, 2]);
    const grey = (x: number, y: number) => pixels[4 * (y * width + x)];
    expect([grey(0, 0), grey(1, 0), grey(0, 1), grey(1, 1)]).toEqual([0, 64, 128, 255]);
    expect(pixels[4 * 2 + 3]).toBe(0);
    expect(pixels[4 * 3 + 3]).toBe(255);
  });

  it('is half as broad on a phone', () => {
    expect(
      mosaic({ name: 'x', shape: [28, 28, 64], values: new Float32Array(28 * 28 * 64) }, true).width,
    ).toBe(8 * 29 - 1);
  });

  it.each([
    [[28, 28, 64], 16 * 29 - 1, 4 * 29 - 1],
    [[7, 7, 256], 32 * 8 - 1, 8 * 8 - 1],
    [[512], 63, 31],
    [[10], 19, 1],
  ])('of shape %j has %d by %d pixels', (shape, width, height) => {
    const found = mosaic({ name: 'x', shape, values: new Float32Array(sizeOf(shape)) });
    expect([found.width, found.height]).toEqual([width, height]);
    expect(found.pixels).toHaveLength(4 * width * height);
  });
});

describe('silentMaps', () => {
  it('counts maps without any response', () => {
    expect(silentMaps(pair)).toBe(1);
    expect(silentMaps({ name: 'dense3', shape: [3], values: [0, -1, 0] })).toBe(2);
    expect(describeMaps(pair, 'en')).toBe(
      'The 2 feature maps of conv1, 2×2 each; 1 of them do not respond to this garment at all.',
    );
  });
});
