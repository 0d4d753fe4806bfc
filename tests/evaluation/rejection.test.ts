import { describe, expect, it } from 'vitest';
import { isConfident, calibrateThreshold, countRejected, MAJORITY } from '../../src/evaluation/rejection.ts';

/** Rows of three probabilities with these greatest ones. */
const rows = (...greatest: number[]): number[] => greatest.flatMap((p) => [(1 - p) / 2, p, (1 - p) / 2]);

describe('an answer', () => {
  it('is given from the threshold on', () => {
    expect(isConfident([0.3, 0.4, 0.3], { least: 0.4 })).toBe(true);
    expect(isConfident([0.3, 0.4, 0.3], { least: 0.41 })).toBe(false);
    expect(isConfident([0.2, 0.3, 0.5], MAJORITY)).toBe(true);
    expect(isConfident([0.2, 0.31, 0.49], MAJORITY)).toBe(false);
  });

  it('is counted per image', () => {
    expect(countRejected(rows(0.9, 0.5, 0.6), 3, { least: 0.6 })).toBe(1);
    expect(countRejected([], 3, MAJORITY)).toBe(0);
  });
});

describe('calibration', () => {
  it('stands in the middle between what can be told apart', () => {
    expect(calibrateThreshold([rows(0.9, 0.8)], rows(0.4, 0.5), 3)).toEqual({ least: 0.66 });
  });

  it('makes the fewest errors where it cannot', () => {
    const garments = rows(0.95, 0.9, 0.85, 0.55);
    const others = rows(0.8, 0.5, 0.45, 0.4);
    // One of four garments lost, or one of four others answered: both are least, and so is all between them.
    const { least } = calibrateThreshold([garments], others, 3);
    const errors = (at: number): number =>
      countRejected(garments, 3, { least: at }) + 4 - countRejected(others, 3, { least: at });
    expect(errors(least)).toBe(1);
  });

  it('never gives an answer that the other classes outweigh together', () => {
    const { least } = calibrateThreshold([rows(0.9, 0.52, 0.45)], rows(0.36), 3);
    expect(least).toBeGreaterThanOrEqual(MAJORITY.least);
    expect(least).toBeLessThanOrEqual(0.52);
  });

  it('counts each kind of garment alike, however many images it has', () => {
    const many = rows(...new Array<number>(90).fill(0.9));
    // Above .7 it loses one image of 91, but half of what the kinds count: not worth a third of the others.
    expect(calibrateThreshold([many, rows(0.7)], rows(0.75, 0.5, 0.5), 3).least).toBeLessThanOrEqual(0.7);
    expect(calibrateThreshold([many], rows(0.75, 0.5, 0.5), 3).least).toBeGreaterThan(0.75);
  });

  it('needs images of every kind', () => {
    expect(() => calibrateThreshold([], rows(0.5), 3)).toThrow(RangeError);
    expect(() => calibrateThreshold([rows(0.5)], [], 3)).toThrow(RangeError);
    expect(() => calibrateThreshold([[]], rows(0.5), 3)).toThrow(RangeError);
  });
});
