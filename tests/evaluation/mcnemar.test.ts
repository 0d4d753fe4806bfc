import { describe, expect, test } from 'vitest';
import { comparePredictions, mcNemar, pairedInterval } from '../../src/evaluation/mcnemar.ts';
import { meanAndDeviation } from '../../src/evaluation/metrics.ts';

describe("McNemar's test", () => {
  // scipy.stats.binomtest(min(b, c), b + c).pvalue
  test.each([
    [5, 15, 0.04138946533203125],
    [2, 9, 0.0654296875],
    [0, 6, 0.03125],
    [7, 7, 1.0],
    [1, 0, 1.0],
    [12, 12, 1.0],
  ])('of %i against %i is exact where there are few', (b, c, p) => {
    expect(mcNemar(b, c)).toMatchObject({ onlyFirst: b, onlySecond: c, by: 'binomial' });
    expect(mcNemar(b, c).p).toBeCloseTo(p, 12);
    expect(mcNemar(c, b).p).toBe(mcNemar(b, c).p);
  });

  // scipy.stats.chi2.sf((|b − c| − 1)² / (b + c), 1)
  test.each([
    [59, 6, 1.1199327149542469e-10],
    [40, 60, 0.05743311963200335],
    [121, 59, 5.450094825427117e-6],
    [13, 12, 1.0],
    [300, 250, 0.03667469760670498],
    [30, 29, 1.0],
    [500, 100, 1.1793914571507799e-59],
  ])('of %i against %i is the corrected chi-square where there are many', (b, c, p) => {
    const result = mcNemar(b, c);
    expect(result.by).toBe('chi-square');
    expect(Math.abs(result.p / p - 1)).toBeLessThan(1e-10);
    expect(mcNemar(c, b).p).toBe(result.p);
  });
});

test.each([
  [40, 60, 12_000],
  [137, 181, 12_000],
  [30, 0, 1000],
])('the interval of a paired difference is that of the mean of +1, 0 and −1 (%i, %i of %i)', (b, c, n) => {
  const differences = [
    ...Array<number>(c).fill(1),
    ...Array<number>(b).fill(-1),
    ...Array<number>(n - b - c).fill(0),
  ];
  const { mean, deviation } = meanAndDeviation(differences);
  // The deviation of a sample divides by n − 1.
  const half = (1.96 * deviation * Math.sqrt((n - 1) / n)) / Math.sqrt(n);
  const [low, high] = pairedInterval({ onlyFirst: b, onlySecond: c }, n);
  expect(low).toBeCloseTo(mean - half, 12);
  expect(high).toBeCloseTo(mean + half, 12);
});

describe('a comparison of two runs', () => {
  const labels = [0, 0, 0, 1, 1, 2, 2, 2];
  const first = [0, 0, 1, 1, 1, 2, 0, 0];
  const second = [0, 0, 0, 1, 2, 2, 2, 2];
  const comparison = comparePredictions(labels, first, second, 3);

  test('has the accuracy of each in its interval', () => {
    expect(comparison.images).toBe(8);
    expect(comparison.first.accuracy).toBe(5 / 8);
    expect(comparison.second.accuracy).toBe(7 / 8);
    for (const { accuracy, interval } of [comparison.first, comparison.second]) {
      expect(interval[0]).toBeLessThan(accuracy);
      expect(interval[1]).toBeGreaterThan(accuracy);
    }
  });

  test('counts the images that one alone tells right', () => {
    expect(comparison.mcNemar).toMatchObject({ onlyFirst: 1, onlySecond: 3, by: 'binomial' });
  });

  test('says what moved, image by image and cell by cell, the most first', () => {
    expect(comparison.moves).toEqual([
      { true: 2, from: 0, to: 2, ids: [6, 7] },
      { true: 0, from: 1, to: 0, ids: [2] },
      { true: 1, from: 1, to: 2, ids: [4] },
    ]);
    expect(comparison.cells.slice(0, 2)).toEqual([
      { true: 2, predicted: 0, first: 2, second: 0 },
      { true: 2, predicted: 2, first: 1, second: 3 },
    ]);
    expect(comparison.cells).toHaveLength(6);
  });

  test('finds nothing between a run and itself', () => {
    const same = comparePredictions(labels, first, first, 3);
    expect(same).toMatchObject({ moves: [], cells: [], mcNemar: { p: 1 } });
  });

  test('refuses predictions for other images', () => {
    expect(() => comparePredictions(labels, first, [0], 3)).toThrow('8 labels, but 8 and 1 predictions');
  });
});

test('a sample has a mean and standard deviation', () => {
  expect(meanAndDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
    mean: 5,
    deviation: expect.closeTo(Math.sqrt(32 / 7), 12) as number,
  });
  expect(meanAndDeviation([0.9])).toEqual({ mean: 0.9, deviation: 0 });
});
