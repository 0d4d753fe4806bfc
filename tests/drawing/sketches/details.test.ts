import { describe, expect, test } from 'vitest';
import { DETAILS } from '../../../src/drawing/sketches/details.ts';
import { CANVAS, enclosed } from '../../../src/drawing/sketches/canvas.ts';
import { Silhouette } from '../../../src/drawing/sketches/photo.ts';
import { flipFlops, sandalFromTheSide } from '../../../src/drawing/sketches/sandals.ts';
import { Random } from '../../../src/math/random.ts';

const WIDTH = 32;

/** A block with a narrower one on top: a bag with its handle, or a garment with its neck. */
function block(): Float32Array {
  const field = new Float32Array(WIDTH * WIDTH);
  for (let y = 4; y < 28; y++) {
    for (let x = 6; x < 26; x++) {
      if (y >= 8 || (x >= 12 && x < 20)) field[y * WIDTH + x] = 100;
    }
  }
  return field;
}

describe('the silhouette of a garment', () => {
  test('has its bounds, rows and columns', () => {
    const silhouette = new Silhouette(block(), WIDTH, 10);
    expect(silhouette).toMatchObject({ left: 6, right: 25, top: 4, bottom: 27, width: 19, height: 23 });
    expect(silhouette.row(5)).toEqual({ first: 12, last: 19 });
    expect(silhouette.row(20)).toEqual({ first: 6, last: 25 });
    expect(silhouette.column(7)).toEqual({ first: 8, last: 27 });
  });

  test('answers for the nearest line that has any of it', () => {
    const field = block();
    field.fill(0, 15 * WIDTH, 18 * WIDTH);
    const silhouette = new Silhouette(field, WIDTH, 10);
    expect(silhouette.row(-3)).toEqual(silhouette.row(4));
    expect(silhouette.row(40)).toEqual(silhouette.row(27));
    expect(silhouette.row(16)).toEqual({ first: 6, last: 25 });
  });

  test('needs a garment', () => {
    expect(() => new Silhouette(new Float32Array(WIDTH * WIDTH), WIDTH, 10)).toThrow(RangeError);
  });
});

describe.each(Object.keys(DETAILS).map(Number))('what is drawn on a garment of class %i', (label) => {
  const silhouette = new Silhouette(block(), WIDTH, 10);
  const drawn = (seed: number) => DETAILS[label]!.draw(silhouette, new Random(seed));

  test('follows from the seed', () => {
    expect(drawn(3)).toEqual(drawn(3));
    expect(
      new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(drawn(seed)))).size,
    ).toBeGreaterThan(15);
  });

  test('lies on the garment or close to it', () => {
    for (let seed = 0; seed < 300; seed++) {
      for (const line of drawn(seed).lines) {
        expect(line.length).toBeGreaterThanOrEqual(2);
        expect(line.length % 2).toBe(0);
        for (let i = 0; i < line.length; i += 2) {
          expect(line[i]).toBeGreaterThan(2);
          expect(line[i]).toBeLessThan(30);
          // A hood rises above the neck, a long handle far above its bag.
          expect(line[i + 1]).toBeGreaterThan(label === 8 ? -15 : -4);
          expect(line[i + 1]).toBeLessThan(30);
        }
      }
    }
  });

  test('leaves most of it there', () => {
    for (let seed = 0; seed < 300; seed++) {
      const { openings } = drawn(seed);
      expect([0, 2, 3, 4, 6].includes(label) || openings.length === 0).toBe(true);
      const open = enclosed(openings);
      let kept = 0;
      // The canvas is larger than the field, whose coordinates these are.
      for (let y = 4; y < 28; y++) for (let x = 6; x < 26; x++) kept += 1 - open[y * CANVAS + x]!;
      expect(kept / (20 * 24)).toBeGreaterThan(0.5);
    }
  });
});

test('a sandal is drawn as its photograph has it', () => {
  expect(DETAILS[5]).toBeUndefined();
});

test('shoes have a sole, and may have a cap, that some draw in another colour: less than half of them', () => {
  for (const label of [7, 9]) {
    for (let seed = 0; seed < 100; seed++) {
      const { patches } = DETAILS[label]!.draw(new Silhouette(block(), WIDTH, 10), new Random(seed));
      expect(patches.length).toBeGreaterThan(0);
      const [coloured] = patches.map((patch) => enclosed([patch]));
      expect(coloured![27 * CANVAS + 15]).toBe(1);
      expect(coloured![15 * CANVAS + 15]).toBe(0);
    }
  }
});

test('a sandal from the side stands on its sole, with something above that', () => {
  for (let seed = 0; seed < 200; seed++) {
    const { outlines, details } = sandalFromTheSide(new Random(seed));
    const ys = (line: readonly number[]): number[] => line.filter((_, i) => i % 2 === 1);
    const lowest = Math.max(...outlines.flatMap(ys), ...details.lines.flatMap(ys));
    expect(Math.max(...ys(outlines[0]!))).toBe(lowest);
    const straps = [...outlines.slice(1), ...details.lines];
    expect(straps.length).toBeGreaterThan(0);
    for (const points of [...outlines, ...straps]) {
      expect(points.every((value) => value > -2 && value < WIDTH)).toBe(true);
    }
  }
});

test('flip-flops are drawn from above: one or two soles, each with its strap upon it', () => {
  const counts = new Set<number>();
  for (let seed = 0; seed < 200; seed++) {
    const { outlines, details } = flipFlops(new Random(seed));
    counts.add(outlines.length);
    expect(details.lines).toHaveLength(outlines.length);
    outlines.forEach((sole, n) => {
      const strap = details.lines[n]!;
      const inside = enclosed([sole]);
      // Between its ends, which lie on the sole's edge.
      expect(inside[Math.round(strap[5]!) * CANVAS + Math.round(strap[4]!)]).toBe(1);
    });
  }
  expect([...counts].sort()).toEqual([1, 2]);
});
