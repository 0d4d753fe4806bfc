import { describe, expect, it } from 'vitest';
import { nearestImages, occlude, occlusionMap } from '../../src/evaluation/explanation.ts';

/** Ink in one square of the image. */
const image = Uint8Array.from({ length: 784 }, (_, i) => {
  const [x, y] = [i % 28, Math.floor(i / 28)];
  return x >= 12 && x < 15 && y >= 15 && y < 18 ? 200 : 0;
});

describe('occlude', () => {
  it('covers each part that holds ink, and nothing else', () => {
    const { patches, images } = occlude(image);
    expect(patches.length).toBe(9); // three places along each side reach the square
    patches.forEach(({ left, top }, n) => {
      for (let i = 0; i < 784; i++) {
        const [x, y] = [i % 28, Math.floor(i / 28)];
        const hidden = x >= left && x < left + 7 && y >= top && y < top + 7;
        expect(images[n * 784 + i]).toBe(hidden ? 0 : image[i]);
      }
    });
  });

  it('reaches every pixel of a full image', () => {
    const { patches } = occlude(new Uint8Array(784).fill(9));
    const cost = occlusionMap(1, patches, new Float32Array(patches.length));
    expect(cost.every((value) => value === 1)).toBe(true);
  });
});

describe('occlusionMap', () => {
  it('is what covering costs on average, and nothing where covering helps', () => {
    const patches = [
      { left: 0, top: 0 },
      { left: 3, top: 0 },
      { left: 21, top: 21 },
    ];
    const cost = occlusionMap(0.8, patches, [0.2, 0.6, 0.9]);
    expect(cost[0]).toBeCloseTo(0.6);
    expect(cost[4]).toBeCloseTo(0.4); // (0.6 + 0.2) / 2
    expect(cost[8]).toBeCloseTo(0.2);
    expect(cost[783]).toBe(0);
    expect(cost[14 * 28 + 14]).toBe(0);
  });
});

it('nearest comes first, equals in their order', () => {
  const library = Uint8Array.from([0, 0, 10, 10, 200, 200, 11, 9, 0, 0]);
  expect(nearestImages(Uint8Array.from([10, 10]), library, 4)).toEqual([1, 3, 0, 4]);
  expect(nearestImages(Uint8Array.from([255, 255]), library, 1)).toEqual([2]);
});
