import { expect, test } from 'vitest';
import { gatherImages, normalise, normaliseBytes } from '../../src/network/preprocess.ts';

test("bytes become (x/255 − .2860)/.3530, the training set's mean and deviation", () => {
  const [black, grey, white] = normaliseBytes(Uint8Array.of(0, 73, 255));
  expect(black).toBeCloseTo(-0.286 / 0.353, 6);
  expect(grey).toBeCloseTo((73 / 255 - 0.286) / 0.353, 6);
  expect(white).toBeCloseTo(0.714 / 0.353, 6);
});

test('intensities become the same numbers as their bytes', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(normalise(Array.from(bytes, (byte) => byte / 255))).toEqual(normaliseBytes(bytes));
});

test('images are gathered in the order that is asked for', () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6);
  expect(Array.from(gatherImages(pixels, [2, 0, 2], 2))).toEqual([5, 6, 1, 2, 5, 6]);
});
