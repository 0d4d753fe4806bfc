import { predictionsOf } from '../../../src/evaluation/metrics.ts';
import { describe, expect, it } from 'vitest';
import {
  describePrediction,
  describeSelection,
  NO_FILTER,
  select,
} from '../../../src/components/charts/predictions.ts';

const row = (answer: number, sure: number) =>
  Array.from({ length: 10 }, (_, each) => (each === answer ? sure : (1 - sure) / 9));
const predictions = predictionsOf(
  [...row(6, 0.9), ...row(0, 0.6), ...row(0, 0.8), ...row(9, 0.995)],
  [6, 6, 0, 9],
);
const ids = (filter: Partial<typeof NO_FILTER>) =>
  select(predictions, { ...NO_FILTER, ...filter }).map(({ id }) => id);

describe('predictions', () => {
  it('are the classes of greatest probability', () => {
    expect(predictions.map(({ answer }) => answer)).toEqual([6, 0, 0, 9]);
  });

  it('can be filtered by true class, answer, verdict and confidence', () => {
    expect(ids({})).toEqual([0, 1, 2, 3]);
    expect(ids({ label: 6 })).toEqual([0, 1]);
    expect(ids({ answer: 0 })).toEqual([1, 2]);
    expect(ids({ verdict: 'wrong' })).toEqual([1]);
    expect(ids({ verdict: 'right', answer: 0 })).toEqual([2]);
    expect(ids({ from: 80, to: 90 })).toEqual([0, 2]);
    expect(ids({ from: 99 })).toEqual([3]);
    expect(ids({ from: 100 })).toEqual([]);
  });

  it('can be ordered without disturbing the original', () => {
    expect(ids({ order: 'surest' })).toEqual([3, 0, 2, 1]);
    expect(ids({ order: 'unsurest' })).toEqual([1, 2, 0, 3]);
    expect(predictions.map(({ id }) => id)).toEqual([0, 1, 2, 3]);
  });

  it('are said in words', () => {
    expect(describePrediction(predictions[1]!, 'en')).toBe(
      'No. 1: Shirt, classified as T-shirt, probability 60.0%.',
    );
    expect(describeSelection(1, { ...NO_FILTER, label: 6, answer: 0 }, 'en')).toBe(
      '1 image: shirts classified as T-shirts',
    );
    expect(describeSelection(9563, NO_FILTER, 'zh')).toBe('9,563 张图像');
  });
});
