import { describe, expect, test } from 'vitest';
import { CANVAS, Canvas, enclosed } from '../../../src/drawing/sketches/canvas.ts';

const at = (canvas: Canvas, x: number, y: number): number => canvas.pixels[y * CANVAS + x]!;
const sum = (pixels: Uint8Array): number => pixels.reduce((total, pixel) => total + pixel, 0);

describe('a pen', () => {
  test('covers its width along the line, with round ends', () => {
    const canvas = new Canvas();
    canvas.line([20, 30, 60, 30], 6, 200);
    for (const x of [20, 40, 59]) expect(at(canvas, x, 30)).toBe(200);
    expect([26, 27, 32, 33].map((y) => at(canvas, 40, y))).toEqual([0, 200, 200, 0]);
    const area = sum(canvas.pixels) / 200;
    expect(area).toBeCloseTo(40 * 6 + Math.PI * 9, -1);
  });

  test('covers as much whichever way it goes, and however the line is cut', () => {
    const inks = [0, 0.3, 0.8, 1.2, 1.57].map((angle) => {
      const canvas = new Canvas();
      canvas.line([48, 48, 48 + 35 * Math.cos(angle), 48 + 35 * Math.sin(angle)], 4, 255);
      return sum(canvas.pixels);
    });
    for (const ink of inks) expect(Math.abs(ink / inks[0]! - 1)).toBeLessThan(0.02);
    const [whole, cut] = [new Canvas(), new Canvas()];
    whole.line([10, 12, 70, 72], 5, 255);
    cut.line([10, 12, 30, 32, 50, 52, 70, 72], 5, 255);
    expect(cut.pixels).toEqual(whole.pixels);
  });

  test('thinner than a pixel leaves a fainter trace', () => {
    const canvas = new Canvas();
    canvas.line([20, 30.5, 60, 30.5], 0.4, 250);
    expect(at(canvas, 40, 30)).toBe(100);
  });

  test('blends over what is there, within what it is told, and not beyond the canvas', () => {
    const canvas = new Canvas();
    canvas.pixels.fill(100);
    const inside = new Uint8Array(CANVAS * CANVAS);
    for (let y = 0; y < 20; y++) inside.fill(1, y * CANVAS, (y + 1) * CANVAS);
    canvas.line([48, -50, 48, 150], 4, 0, inside);
    expect([at(canvas, 48, 0), at(canvas, 48, 19), at(canvas, 48, 20)]).toEqual([0, 0, 100]);
    canvas.line([200, 200, 300, 300], 9, 255);
    expect(Math.max(...canvas.pixels)).toBe(100);
  });
});

describe('an area', () => {
  const square = (from: number, to: number): number[] => [from, from, to, from, to, to, from, to];

  test('is what closed lines enclose, holes left out', () => {
    const inside = enclosed([square(10, 50), square(20, 40)]);
    expect(inside.reduce((total, value) => total + value, 0)).toBe(40 * 40 - 20 * 20);
    expect([inside[15 * CANVAS + 15], inside[30 * CANVAS + 30]]).toEqual([1, 0]);
  });

  test('is filled, and becomes the network’s image by the pad’s own preparation', () => {
    const canvas = new Canvas();
    expect(canvas.prepared()).toBeNull();
    canvas.area([square(7, 63)], 180);
    expect([...canvas.prepared()!]).toEqual(Array(784).fill(180));
    canvas.clear();
    expect(canvas.prepared()).toBeNull();
  });
});
