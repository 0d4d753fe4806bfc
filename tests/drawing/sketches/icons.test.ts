import { describe, expect, test } from 'vitest';
import { Canvas } from '../../../src/drawing/sketches/canvas.ts';
import { icon } from '../../../src/drawing/sketches/icons.ts';
import { thing } from '../../../src/drawing/sketches/things.ts';
import { Random } from '../../../src/math/random.ts';

/** The canvas after each of 60 drawings. */
function drawn(draw: (canvas: Canvas, random: Random) => void): Uint8Array[] {
  const canvas = new Canvas();
  return Array.from({ length: 60 }, (_, seed) => {
    canvas.clear();
    draw(canvas, new Random(seed));
    return canvas.pixels.slice();
  });
}

describe.each(Array.from({ length: 10 }, (_, label) => label))('icons of class %i', (label) => {
  const draw = (canvas: Canvas, random: Random): void => icon(label, canvas, random);

  test('follow from the seed, and hardly two are alike', () => {
    const images = drawn(draw);
    expect(drawn(draw)).toEqual(images);
    expect(new Set(images.map((pixels) => pixels.join())).size).toBe(60);
  });

  test('all show something, and none fills the canvas', () => {
    for (const pixels of drawn(draw)) {
      const inked = pixels.filter((value) => value > 0).length / pixels.length;
      expect(inked).toBeGreaterThan(0.01);
      expect(inked).toBeLessThan(0.8);
    }
  });
});

test('things that are no garment follow from the seed, and show something', () => {
  const images = drawn(thing);
  expect(drawn(thing)).toEqual(images);
  for (const pixels of images) expect(pixels.some((value) => value > 0)).toBe(true);
});
