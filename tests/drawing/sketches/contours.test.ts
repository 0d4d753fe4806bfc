import { describe, expect, test } from 'vitest';
import { contours } from '../../../src/drawing/sketches/contours.ts';

/** A field from rows of digits, 0 to 9. */
const field = (...rows: string[]): [Float32Array, number, number] => [
  Float32Array.from(rows.join(''), Number),
  rows[0]!.length,
  rows.length,
];

describe('contours', () => {
  test('of a single value are a diamond around it', () => {
    const found = contours(...field('000', '040', '000'), 2);
    expect(found).toHaveLength(1);
    expect(found[0]!.area).toBe(0.5);
    const points = new Set(found[0]!.line.map((_, i, line) => (i % 2 ? '' : `${line[i]},${line[i + 1]}`)));
    expect(points).toEqual(new Set(['', '1,0.5', '1.5,1', '1,1.5', '0.5,1']));
  });

  test('lie where the value is that of the level', () => {
    const { line } = contours(...field('000', '080', '000'), 2)[0]!;
    expect(Math.min(...line)).toBe(0.25);
    expect(Math.max(...line)).toBe(1.75);
  });

  test('have the high side on the left: holes are of negative area', () => {
    const found = contours(...field('000000', '099990', '090090', '090090', '099990', '000000'), 4.5);
    expect(found.map(({ area }) => Math.sign(area)).sort()).toEqual([-1, 1]);
    const [outer, hole] = found.sort((a, b) => b.area - a.area);
    expect(outer!.area).toBeCloseTo(16 - 0.5, 9);
    expect(hole!.area).toBeCloseTo(-(4 - 0.5), 9);
  });

  test('part what touches at a corner, and find each piece once', () => {
    const found = contours(...field('0000', '0900', '0090', '0000'), 4.5);
    expect(found.map(({ area }) => area)).toEqual([0.5, 0.5]);
    expect(contours(...field('000', '000', '000'), 1)).toEqual([]);
  });

  test('are closed: each point is a step from the one before it', () => {
    const { line } = contours(...field('00000', '03970', '09990', '02950', '00000'), 4)[0]!;
    for (let i = 0; i < line.length; i += 2) {
      const before = (i + line.length - 2) % line.length;
      expect(Math.hypot(line[i]! - line[before]!, line[i + 1]! - line[before + 1]!)).toBeLessThanOrEqual(
        1.42,
      );
    }
  });
});
