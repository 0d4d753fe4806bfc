import { describe, expect, test } from 'vitest';
import { ImageLosses } from '../../src/training/hard-examples.ts';
import { NO_CLASS } from '../../src/data/dataset.ts';

/** Ten images of two classes; the loss of image i is the greater the greater i is. */
function filled(): ImageLosses {
  const losses = new ImageLosses(10);
  // In two batches, in another order than the images'.
  losses.note([9, 1, 2, 3, 4], new Uint8Array(5), [-9, 0, -1, 0, -2, 0, -3, 0, -4, 0]);
  losses.note([0, 5, 6, 7, 8], Uint8Array.of(1, 1, 1, 1, 1), [0, 0, 5, 0, 6, 0, 7, 0, 8, 0]);
  return losses;
}

const counts = (order: Uint32Array): number[] =>
  Array.from({ length: 10 }, (_, i) => order.filter((place) => place === i).length);

describe('emphasis', () => {
  test('shows the hardest twice, of the others some, and as many as there are in all', () => {
    const losses = filled();
    losses.endEpoch();
    const order = losses.order(0.4, 1);
    expect(order).toHaveLength(10);
    expect(counts(order).slice(6)).toEqual([2, 2, 2, 2]);
    const others = counts(order).slice(0, 6);
    expect(others.reduce((sum, count) => sum + count)).toBe(2);
    expect(Math.max(...others)).toBe(1);
    expect(losses.order(0.4, 1)).toEqual(order);
    expect(losses.order(0.4, 2)).not.toEqual(order);
    expect(counts(losses.order(0, 3))).toEqual(Array(10).fill(1));
  });

  test('goes by the cross-entropy of the last epoch that is finished', () => {
    const losses = filled();
    expect(losses.state().known).toEqual(new Float32Array(10));
    const { latest } = losses.state();
    expect(latest[0]).toBeCloseTo(Math.log(2), 6);
    expect(latest[9]).toBeCloseTo(Math.log(1 + Math.exp(9)), 6);
    losses.endEpoch();
    const order = losses.order(0.3, 5);
    losses.note([0], Uint8Array.of(0), [-50, 50]);
    expect(losses.order(0.3, 5)).toEqual(order);
    losses.endEpoch();
    expect(counts(losses.order(0.1, 5))[0]).toBe(2);
  });

  test('finds nothing hard in what is of no class', () => {
    const losses = filled();
    losses.note([9], Uint8Array.of(NO_CLASS), [3, -3]);
    expect(losses.state().latest[9]).toBe(0);
  });

  test('goes on from its state, which it does not share', () => {
    const losses = filled();
    losses.endEpoch();
    losses.note([3], Uint8Array.of(0), [-20, 20]);
    const state = losses.state();
    const resumed = new ImageLosses(10);
    resumed.restore(state);
    expect(resumed.order(0.4, 1)).toEqual(losses.order(0.4, 1));
    losses.endEpoch();
    resumed.endEpoch();
    expect(resumed.order(0.1, 1)).toEqual(losses.order(0.1, 1));
    expect(counts(resumed.order(0.1, 1))[3]).toBe(2);
    expect(state.known[3]).toBeLessThan(20);
  });
});
