import { describe, expect, it } from 'vitest';
import { garment } from '../../src/drawing/photograph.ts';

type Colour = readonly [number, number, number, number?];

/** A picture of one colour with a square of another in its middle. */
function photo(ground: Colour, square: Colour, size = 10): Uint8ClampedArray {
  return Uint8ClampedArray.from(
    Array.from({ length: size * size }, (_, i) => {
      const [x, y] = [i % size, Math.floor(i / size)];
      const [red, green, blue, alpha = 255] = x >= 3 && x < 7 && y >= 3 && y < 7 ? square : ground;
      return [red, green, blue, alpha];
    }).flat(),
  );
}

const middle = ({ pixels }: { pixels: ArrayLike<number> }) => pixels[5 * 10 + 5];
const corner = ({ pixels }: { pixels: ArrayLike<number> }) => pixels[0];

describe('garment', () => {
  it('makes a dark garment on a light ground light on black, as the dataset was made', () => {
    const grey = garment(photo([250, 250, 250], [40, 40, 40]), 10, 10, 30);
    expect(middle(grey)).toBe(215);
    expect(corner(grey)).toBe(0);
  });

  it('leaves a light garment on a dark ground as it is', () => {
    const grey = garment(photo([10, 10, 10], [200, 200, 200]), 10, 10, 30);
    expect(middle(grey)).toBe(200);
    expect(corner(grey)).toBe(0);
  });

  it('keeps a garment apart by colour where its brightness is that of the ground', () => {
    const grey = garment(photo([255, 255, 255], [255, 255, 160]), 10, 10, 30);
    expect(middle(grey)).toBeGreaterThan(0);
    expect(corner(grey)).toBe(0);
  });

  it('keeps less the higher the threshold', () => {
    const rgba = photo([250, 250, 250], [200, 200, 200]);
    expect(middle(garment(rgba, 10, 10, 49))).toBe(55);
    expect(middle(garment(rgba, 10, 10, 50))).toBe(0);
  });

  it('takes what is transparent for background', () => {
    const grey = garment(photo([0, 0, 0, 0], [90, 90, 90]), 10, 10, 30);
    expect(middle(grey)).toBe(165);
    expect(corner(grey)).toBe(0);
  });
});
