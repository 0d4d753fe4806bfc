import { describe, expect, test } from 'vitest';
import { resample, simplify, smooth, withGaps, wobble } from '../../../src/drawing/sketches/lines.ts';
import { Random } from '../../../src/math/random.ts';

const steps = (line: readonly number[]): number[] =>
  line.flatMap((x, i) =>
    i % 2 || i + 2 >= line.length ? [] : [Math.hypot(line[i + 2]! - x, line[i + 3]! - line[i + 1]!)],
  );

describe('a line', () => {
  test('is resampled at equal distances, ends included', () => {
    expect(resample([0, 0, 10, 0], 2.5, false)).toEqual([0, 0, 2.5, 0, 5, 0, 7.5, 0, 10, 0, 10, 0]);
    const bent = resample([0, 0, 3, 0, 3, 4], 1, false);
    for (const step of steps(bent).slice(0, -1)) expect(step).toBeCloseTo(1, 9);
    const closed = resample([0, 0, 4, 0, 4, 4, 0, 4], 1, true);
    expect(closed.slice(-2)).toEqual([0, 0]);
    expect(steps(closed).reduce((total, step) => total + step, 0)).toBeCloseTo(16, 9);
  });

  test('is smoothed: corners go, straight stretches and open ends stay', () => {
    expect(smooth([0, 0, 1, 0, 2, 0], 3, false)).toEqual([0, 0, 1, 0, 2, 0]);
    const corner = smooth([0, 0, 4, 0, 4, 4], 1, false);
    expect(corner).toEqual([0, 0, 3, 1, 4, 4]);
    const square = smooth([0, 0, 4, 0, 4, 4, 0, 4], 20, true);
    for (let i = 0; i < 8; i++) expect(square[i]).toBeCloseTo(2, 3);
  });

  test('is simplified: only points farther away than the tolerance are kept', () => {
    expect(simplify([0, 0, 1, 0.1, 2, 0, 3, 2, 4, 0], 0.5)).toEqual([0, 0, 2, 0, 3, 2, 4, 0]);
    expect(simplify([0, 0, 1, 0.1, 2, 0], 0.5)).toEqual([0, 0, 2, 0]);
    // A closed line, whose ends are the same point.
    expect(simplify([0, 0, 4, 0, 4, 4, 0, 4, 0, 0], 0.5)).toEqual([0, 0, 4, 0, 4, 4, 0, 4, 0, 0]);
  });

  test('wobbles by about as much as it is told, and not at all by nothing', () => {
    const line = Array.from({ length: 200 }, (_, i) => (i % 2 ? 50 : i / 2));
    expect(wobble(line, 0, new Random(1))).toEqual(line);
    const far = wobble(line, 2, new Random(1));
    const offsets = far.map((value, i) => Math.abs(value - line[i]!));
    expect(Math.max(...offsets)).toBeLessThan(4);
    expect(Math.max(...offsets)).toBeGreaterThan(0.5);
    expect(wobble(line, 2, new Random(1))).toEqual(far);
  });

  test('with gaps is pieces of itself, with about that share missing', () => {
    const line = Array.from({ length: 400 }, (_, i) => i);
    let kept = 0;
    for (let seed = 0; seed < 50; seed++) {
      const pieces = withGaps(line, 0.2, new Random(seed));
      expect(pieces.length).toBeGreaterThan(0);
      for (const piece of pieces) {
        expect(piece[0]! % 2).toBe(0);
        expect(piece).toEqual(line.slice(piece[0], piece[0]! + piece.length));
        kept += piece.length;
      }
    }
    expect(kept / (50 * 400)).toBeGreaterThan(0.7);
    expect(kept / (50 * 400)).toBeLessThan(0.9);
  });
});
