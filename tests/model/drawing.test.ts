import { describe, expect, it } from 'vitest';
import { inkBox, prepare, SIDE, type Grey } from '../../src/model/drawing.ts';

/** A grey image from a function of its pixels. */
function grey(width: number, height: number, pixel: (x: number, y: number) => number): Grey {
  const pixels = Uint8Array.from({ length: width * height }, (_, i) =>
    pixel(i % width, Math.floor(i / width)),
  );
  return { width, height, pixels };
}

const inside = (left: number, top: number, right: number, bottom: number) => (x: number, y: number) =>
  x >= left && x < right && y >= top && y < bottom ? 200 : 0;

describe('inkBox', () => {
  it('is null where nothing is drawn', () => {
    expect(inkBox(grey(40, 30, () => 0))).toBeNull();
  });

  it('holds the faintest pixel, at the edges too', () => {
    const corners = grey(40, 30, (x, y) => ((x === 0 && y === 29) || (x === 39 && y === 7) ? 1 : 0));
    expect(inkBox(corners)).toEqual({ left: 0, top: 7, right: 40, bottom: 30 });
  });

  it('refuses pixels that do not fill the image', () => {
    expect(() => inkBox({ width: 2, height: 2, pixels: new Uint8Array(3) })).toThrow('2×2');
  });
});

describe('prepare', () => {
  it('answers nothing where nothing is drawn', () => {
    expect(prepare(grey(40, 30, () => 0))).toBeNull();
  });

  it('gives a real image back that was blown up by whole pixels', () => {
    const noise = grey(SIDE, SIDE, (x, y) => 1 + ((x * 31 + y * 57) % 255));
    const large = grey(
      20 * SIDE,
      20 * SIDE,
      (x, y) => noise.pixels[Math.floor(y / 20) * SIDE + Math.floor(x / 20)]!,
    );
    expect(prepare(large)).toEqual(noise.pixels);
  });

  it('brings the longer side to 28 and centres by the box, wherever the drawing stands', () => {
    const image = prepare(grey(300, 200, inside(20, 30, 76, 58)))!; // 56×28, so 28×14
    const expected = grey(SIDE, SIDE, inside(0, 7, 28, 21)).pixels;
    expect(image).toEqual(expected);
    expect(prepare(grey(300, 200, inside(230, 150, 286, 178)))).toEqual(expected);
  });

  it('enlarges a drawing smaller than 28 pixels', () => {
    expect(prepare(grey(50, 50, inside(3, 3, 10, 17)))).toEqual(
      grey(SIDE, SIDE, inside(7, 0, 21, 28)).pixels,
    );
  });

  it('averages areas: the mean grey stays, and an edge inside a pixel is shared', () => {
    const image = prepare(grey(100, 100, inside(10, 10, 67, 43)))!; // 57×33: 2.0357 pixels a cell
    const mean = image.reduce((sum, pixel) => sum + pixel, 0) / image.length;
    expect(mean).toBeCloseTo((200 * 33) / 57, 0);
    const height = (33 / 57) * 28; // 16.21 rows, so the outer ones are covered by a little over a tenth
    expect(image[5 * SIDE]).toBe(Math.round(200 * ((height - 16) / 2)));
    expect(image[4 * SIDE]).toBe(0);
    expect(image[6 * SIDE]).toBe(200);
  });
});
