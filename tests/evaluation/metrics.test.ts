import { Random } from '../../src/math/random.ts';
import { describe, expect, test } from 'vitest';
import {
  classificationReport,
  confusionMatrix,
  countCorrect,
  predictedClasses,
  smoothedCrossEntropy,
  countTop,
  differenceInterval,
  f1Interval,
  wilsonInterval,
} from '../../src/evaluation/metrics.ts';
import { softmax } from '../../src/math/arrays.ts';

// Seven images of three classes; class 2 is never predicted. All figures below are worked out by hand.
const labels = [0, 0, 0, 1, 1, 2, 2];
const predicted = [0, 0, 1, 1, 1, 0, 1];
const matrix = [
  [2, 1, 0],
  [0, 2, 0],
  [1, 1, 0],
];

describe('the classification report', () => {
  const report = classificationReport(matrix);

  test('counts by true class and predicted class', () => {
    expect(confusionMatrix(labels, predicted, 3)).toEqual(matrix);
    expect(countCorrect(labels, predicted)).toBe(4);
  });

  test('has precision, recall and F1 of each class, 0 where nothing can be divided', () => {
    expect(report.classes).toEqual([
      { precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3 },
      { precision: 1 / 2, recall: 1, f1: 2 / 3, support: 2 },
      { precision: 0, recall: 0, f1: 0, support: 2 },
    ]);
    expect(report.accuracy).toBeCloseTo(4 / 7, 12);
  });

  test('has their plain means and those weighted by support', () => {
    expect(report.macro.precision).toBeCloseTo(7 / 18, 12);
    expect(report.macro.recall).toBeCloseTo(5 / 9, 12);
    expect(report.macro.f1).toBeCloseTo(4 / 9, 12);
    expect(report.weighted.precision).toBeCloseTo(3 / 7, 12);
    expect(report.weighted.recall).toBeCloseTo(4 / 7, 12);
    expect(report.weighted.f1).toBeCloseTo(10 / 21, 12);
    expect([report.macro.support, report.weighted.support]).toEqual([7, 7]);
  });

  test('of no image at all is all zeros', () => {
    const empty = classificationReport([
      [0, 0],
      [0, 0],
    ]);
    expect(empty.accuracy).toBe(0);
    expect(empty.weighted).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
  });

  test('looks like this', () => {
    expect(report).toMatchSnapshot();
  });
});

test('softmax is right where exponentials overflow', () => {
  const probabilities = softmax([1000, 1000, 0, Math.log(1), Math.log(2), Math.log(5)], 3);
  [0.5, 0.5, 0, 0.125, 0.25, 0.625].forEach((expected, i) =>
    expect(probabilities[i]).toBeCloseTo(expected, 12),
  );
});

test('the first of equal scores is predicted', () => {
  expect(Array.from(predictedClasses([0.2, 0.4, 0.4, 0.5, 0.25, 0.25], 3))).toEqual([1, 0]);
});

test('top-k accuracy counts a label among the k best', () => {
  const scores = [0.5, 0.3, 0.2, 0.1, 0.3, 0.6];
  expect(countTop(scores, [1, 0], 3, 1)).toBe(0);
  expect(countTop(scores, [1, 0], 3, 2)).toBe(1);
  expect(countTop(scores, [1, 0], 3, 3)).toBe(2);
});

describe('smoothed cross-entropy', () => {
  test('is at its least, the entropy of the smoothed labels, where they are predicted', () => {
    const best = Array.from({ length: 10 }, (_, c) => (c === 3 ? 0.91 : 0.01));
    expect(smoothedCrossEntropy(best, [3], 10, 0.1)).toBeCloseTo(0.5003, 4);
  });

  test('is plain cross-entropy without smoothing', () => {
    expect(smoothedCrossEntropy([0.25, 0.75, 0.5, 0.5], [0, 1], 2, 0)).toBeCloseTo(
      (Math.log(4) + Math.log(2)) / 2,
      12,
    );
  });

  test('weighs the label and the others', () => {
    expect(smoothedCrossEntropy([0.25, 0.75], [1], 2, 0.2)).toBeCloseTo(
      -0.9 * Math.log(0.75) - 0.1 * Math.log(0.25),
      12,
    );
  });

  test('stays finite for a probability that half precision has made 0', () => {
    expect(smoothedCrossEntropy([0, 1], [0], 2, 0)).toBeCloseTo(12 * Math.LN10, 9);
  });
});

test("Wilson's interval", () => {
  // Wilson (1927) with z = 1.96, worked out apart.
  const [low, high] = wilsonInterval(8, 10);
  expect(low).toBeCloseTo(0.4902, 4);
  expect(high).toBeCloseTo(0.9433, 4);
  expect(wilsonInterval(0, 10)[0]).toBe(0);
  expect(wilsonInterval(0, 10)[1]).toBeCloseTo(0.2775, 4);
  expect(wilsonInterval(10, 10)[1]).toBeCloseTo(1, 12);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  // Newcombe (1998), table I.
  const rounded = (hits: number, total: number) =>
    wilsonInterval(hits, total).map((each) => Number(each.toFixed(4)));
  expect(rounded(81, 263)).toEqual([0.2553, 0.3662]);
  expect(rounded(15, 148)).toEqual([0.0624, 0.1605]);
  expect(rounded(0, 20)).toEqual([0, 0.1611]);
});

test('the interval of an F1 score is about that of a bootstrap', () => {
  // 820 hits, 170 images called so that are not, 180 that are and were not called so, 8,830 others.
  const [hits, wrong, missed, others] = [820, 170, 180, 8830];
  const images = hits + wrong + missed + others;
  const random = new Random(5);
  const scores = Array.from({ length: 1000 }, () => {
    let [tp, errors] = [0, 0];
    for (let i = 0; i < images; i++) {
      const drawn = random.below(images);
      if (drawn < hits) tp++;
      else if (drawn < hits + wrong + missed) errors++;
    }
    return (2 * tp) / (2 * tp + errors);
  }).sort((a, b) => a - b);
  const [low, high] = f1Interval(hits, wrong + missed);
  expect(Math.abs(low - scores[25]!)).toBeLessThan(0.003);
  expect(Math.abs(high - scores[974]!)).toBeLessThan(0.003);
  expect(f1Interval(0, 10)[0]).toBe(0);
  expect(f1Interval(10, 0)[1]).toBeCloseTo(1, 12);
});

test('the interval of a difference of two proportions is the one in Newcombe’s paper of 1998, method 10', () => {
  // 56 of 70 against 48 of 80.
  const [low, high] = differenceInterval(48 / 80, wilsonInterval(48, 80), 56 / 70, wilsonInterval(56, 70));
  expect(low).toBeCloseTo(0.0524, 4);
  expect(high).toBeCloseTo(0.3339, 4);
});
