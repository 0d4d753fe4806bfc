import { IMAGE_PIXELS, IMAGE_SIZE } from '../../src/data/dataset.ts';
import { describe, expect, it } from 'vitest';
import { inkBox, prepare, type Grey } from '../../src/drawing/preparation.ts';

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
    const noise = grey(IMAGE_SIZE, IMAGE_SIZE, (x, y) => 1 + ((x * 31 + y * 57) % 255));
    const large = grey(
      20 * IMAGE_SIZE,
      20 * IMAGE_SIZE,
      (x, y) => noise.pixels[Math.floor(y / 20) * IMAGE_SIZE + Math.floor(x / 20)]!,
    );
    expect(prepare(large)).toEqual(noise.pixels);
  });

  it('brings the longer side to 28 and centres by the box, wherever the drawing stands', () => {
    const image = prepare(grey(300, 200, inside(20, 30, 76, 58)))!; // 56×28, so 28×14
    const expected = grey(IMAGE_SIZE, IMAGE_SIZE, inside(0, 7, 28, 21)).pixels;
    expect(image).toEqual(expected);
    expect(prepare(grey(300, 200, inside(230, 150, 286, 178)))).toEqual(expected);
  });

  it('enlarges a drawing smaller than 28 pixels', () => {
    expect(prepare(grey(50, 50, inside(3, 3, 10, 17)))).toEqual(
      grey(IMAGE_SIZE, IMAGE_SIZE, inside(7, 0, 21, 28)).pixels,
    );
  });

  it('gives whole cells to the shorter side too, and an odd rest before it, as the dataset does', () => {
    const image = prepare(grey(100, 100, inside(10, 10, 66, 36)))!; // 56×26, so 28×13
    expect(image).toEqual(grey(IMAGE_SIZE, IMAGE_SIZE, inside(0, 8, 28, 21)).pixels);
  });

  it('averages areas: the mean grey stays, and an edge within a cell is shared', () => {
    // 57×57: 2.0357 pixels a cell. The left 20 columns are ink, and one pixel at the far corner.
    const ink = inside(10, 10, 30, 67);
    const image = prepare(grey(100, 100, (x, y) => (x === 66 && y === 66 ? 200 : ink(x, y))))!;
    const mean = image.reduce((sum, pixel) => sum + pixel, 0) / image.length;
    expect(mean).toBeCloseTo((200 * (20 * 57 + 1)) / 57 ** 2, 1);
    expect(image[8]).toBe(200);
    expect(image[9]).toBe(Math.round(200 * ((20 * 28) / 57 - 9)));
    expect(image[10]).toBe(0);
    expect(image[IMAGE_PIXELS - 1]).toBe(Math.round(200 * (28 / 57) ** 2));
  });

  it('keeps a hairline', () => {
    const image = prepare(grey(560, 560, inside(100, 20, 101, 540)))!;
    expect(image.filter((pixel) => pixel > 0).length).toBe(IMAGE_SIZE);
    expect(image[14]).toBe(200);
  });
});
