import { describe, expect, it } from 'vitest';
import { cropImage, layOut, placeOf, sheetSize } from '../../src/data/sprites.ts';

const layout = { count: 10, perSheet: 6, columns: 3 };

/** Images whose every byte is different from its neighbours'. */
const images = Uint8Array.from({ length: 6 * 784 }, (_, i) => (i * 7 + Math.floor(i / 784)) % 256);

const rgba = (grey: Uint8Array): Uint8ClampedArray => {
  const pixels = new Uint8ClampedArray(4 * grey.length);
  grey.forEach((value, i) => pixels.set([value, value, value, 255], 4 * i));
  return pixels;
};

describe('sheets', () => {
  it('are as wide as their columns and as high as their rows', () => {
    expect(sheetSize(layout)).toEqual({ width: 84, height: 56 });
  });

  it('are filled row by row, one sheet after the other', () => {
    expect(placeOf(0, layout)).toEqual({ sheet: 0, x: 0, y: 0 });
    expect(placeOf(5, layout)).toEqual({ sheet: 0, x: 56, y: 28 });
    expect(placeOf(6, layout)).toEqual({ sheet: 1, x: 0, y: 0 });
  });

  it.each([-1, 10, 1.5, NaN])('have no image %s', (image) => {
    expect(() => placeOf(image, layout)).toThrow(RangeError);
  });

  it('give back what was laid out', () => {
    const sheet = layOut(images, layout);
    const pixels = { data: rgba(sheet), width: sheetSize(layout).width };
    for (let image = 0; image < 6; image++) {
      expect(cropImage(pixels, placeOf(image, layout))).toEqual(images.slice(image * 784, (image + 1) * 784));
    }
  });

  it('leave the rest of a sheet that is not full black', () => {
    const sheet = layOut(images.subarray(0, 784), layout);
    expect(sheet.subarray(84 * 28).every((value) => value === 0)).toBe(true);
  });
});
