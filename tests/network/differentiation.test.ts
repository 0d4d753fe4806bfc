import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registerOpGradients } from '../../src/network/differentiation.ts';
import { backends } from '../backends.ts';

describe.each(backends)('the gradient on $name', ({ activate }) => {
  beforeAll(async () => {
    registerOpGradients();
    await activate();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('of a ReLU passes where the value is positive', async () => {
    const gradient = tf.grad((x) => tf.relu(x))(tf.tensor1d([-1, 2, -3, 4]), tf.tensor1d([10, 20, 30, 40]));
    expect(Array.from(await gradient.data())).toEqual([0, 20, 0, 40]);
  });

  test('of a pooling goes to the greatest value; an odd last row and column get none', async () => {
    const x = tf.tensor4d([1, 2, 9, 4, 3, 9, 9, 9, 9], [1, 3, 3, 1]);
    const gradient = tf.grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'))(
      x,
      tf.tensor4d([5], [1, 1, 1, 1]),
    );
    expect(Array.from(await gradient.data())).toEqual([0, 0, 0, 5, 0, 0, 0, 0, 0]);
  });

  test('of a reshaping has the old shape', async () => {
    const gradient = tf.grad((x) => tf.reshape(x, [4]))(tf.ones([2, 2]), tf.tensor1d([1, 2, 3, 4]));
    expect(await gradient.array()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
