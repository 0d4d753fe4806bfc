import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { channelDropout, dropout, dropoutMask } from '../../src/network/dropout.ts';
import { hash32 } from '../../src/math/random.ts';
import { backends } from '../backends.ts';

describe.each(backends)('dropout on $name', ({ activate }) => {
  beforeAll(activate);
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('drops its share and keeps the mean', async () => {
    const n = 100_000;
    for (const rate of [0.25, 0.5]) {
      const y = await dropout(tf.ones([10, n / 10]), rate, 3).data();
      const kept = y.filter((value) => value !== 0);
      // Within five standard deviations.
      expect(Math.abs(kept.length / n - (1 - rate))).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / n));
      expect(kept.every((value) => value === Math.fround(1 / (1 - rate)))).toBe(true);
    }
  });

  test('drops just the elements that the seed says', async () => {
    const y = await dropout(tf.fill([4, 3, 5, 2], 6), 0.25, 77).data();
    expect(Array.from(y)).toEqual(Array.from(y, (_, i) => (hash32(77, i) >= 0.25 * 2 ** 32 ? 8 : 0)));
  });

  test('drops just the channels that the seed says, whole, there and back', async () => {
    const ones = tf.ones([3, 2, 5, 7]);
    const mask = dropoutMask(3 * 7, 0.25, 77);
    const expected = Array.from({ length: 210 }, (_, i) => mask[Math.floor(i / 70) * 7 + (i % 7)]!);
    const drop = (x: tf.Tensor) => channelDropout(x, 0.25, 77);
    expect(Array.from(await drop(ones).data())).toEqual(expected);
    expect(Array.from(await tf.grad(drop)(ones).data())).toEqual(expected);
    expect(new Set(expected).size).toBe(2);
  });

  test('repeats itself for a seed and differs for another', async () => {
    const x = tf.ones([1000]);
    const first = await dropout(x, 0.5, 1).data();
    expect(await dropout(x, 0.5, 1).data()).toEqual(first);
    expect(await dropout(x, 0.5, 2).data()).not.toEqual(first);
  });

  test('lets the gradient through where it let the value through', async () => {
    const x = tf.randomUniform([50, 20], 1, 2);
    const dy = tf.randomUniform([50, 20], 1, 2);
    const gradient = await tf
      .grad((x) => dropout(x, 0.3, 9))(x, dy)
      .data();
    const expected = await tf.mul(dy, tf.tensor(dropoutMask(1000, 0.3, 9), [50, 20])).data();
    gradient.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });

  test('of rate 0 changes nothing', async () => {
    expect(Array.from(await dropout(tf.tensor1d([1, 2]), 0, 1).data())).toEqual([1, 2]);
    expect(() => dropout(tf.tensor1d([1, 2]), 1, 1)).toThrow('less than 1');
  });
});
