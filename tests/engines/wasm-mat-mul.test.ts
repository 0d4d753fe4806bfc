import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { activate as activateCpu } from '../../src/engines/node/cpu.ts';
import { activate } from '../../src/engines/node/wasm.ts';
import { distance } from '../model/pytorch.ts';

beforeAll(activate);

test.each([
  [false, false],
  [true, false],
  [false, true],
  [true, true],
])('the product on wasm is that of the cpu backend: transposed %s, %s', async (transposeA, transposeB) => {
  const product = () => {
    const a = tf.randomUniform(transposeA ? [2, 5, 7] : [2, 7, 5], -1, 1, 'float32', 1);
    const b = tf.randomUniform(transposeB ? [2, 3, 5] : [2, 5, 3], -1, 1, 'float32', 2);
    return tf.matMul(a, b, transposeA, transposeB);
  };
  const before = tf.memory().numTensors;
  const found = tf.tidy(product);
  expect(tf.memory().numTensors).toBe(before + 1);
  const values = await found.data();
  await activateCpu();
  const expected = await product().data();
  await activate();
  expect(found.shape).toEqual([2, 7, 3]);
  expect(distance(values, expected)).toBeLessThan(1e-5);
});
