import { describe, expect, it } from 'vitest';
import { findGarment } from '../../src/drawing/found-garment.ts';

/** An upright block with a hole in its upper half, 60×100 in a picture of 140. */
const isGarment = (x: number, y: number) =>
  x >= 40 && x < 100 && y >= 20 && y < 120 && !(x > 60 && x < 70 && y < 50);

function made(colour: (x: number, y: number) => number[], side = 140): Uint8Array {
  const rgba = new Uint8Array(4 * side * side);
  for (let i = 0; i < side * side; i++) {
    const [red, green = red, blue = red, alpha = 255] = colour(i % side, Math.floor(i / side)) as [number];
    rgba.set([red, green, blue, alpha], 4 * i);
  }
  return rgba;
}

function overlap(mask: Uint8Array, side = 140): number {
  let [both, either] = [0, 0];
  mask.forEach((value, i) => {
    const right = isGarment(i % side, Math.floor(i / side));
    both += Number(value > 0 && right);
    either += Number(value > 0 || right);
  });
  return both / either;
}

describe('findGarment', () => {
  it('finds a garment on a plain ground, light on black', () => {
    const found = findGarment(
      made((x, y) => (isGarment(x, y) ? [30] : [250])),
      140,
      140,
    );
    expect(overlap(found.mask)).toBe(1);
    expect(found).toMatchObject({ polarity: 'negative', warnings: [], box: { left: 40, top: 20, right: 100, bottom: 120 } }); // prettier-ignore
    expect(found.image![14 * 28 + 14]).toBe(225);
    expect(found.image![0]).toBe(0);
  });
});
