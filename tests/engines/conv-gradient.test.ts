import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { activateCpu, activateWasm } from '../../src/engines/node/tfjs.ts';
import { distance } from '../network/pytorch.ts';

interface Case {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  pad: 'same' | 'valid';
}

const cases: Case[] = [
  { x: [3, 6, 5, 2], filter: [3, 3, 2, 4], pad: 'same' },
  { x: [3, 6, 5, 2], filter: [3, 3, 2, 4], pad: 'valid' },
  { x: [2, 4, 4, 1], filter: [1, 1, 1, 3], pad: 'same' },
  { x: [1, 7, 6, 3], filter: [2, 5, 3, 2], pad: 'same' },
];

describe('the filter gradient on wasm', () => {
  beforeAll(activateWasm);
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test.each(cases)('is that of the cpu backend for $x by $filter, $pad', async ({ x, filter, pad }) => {
    const gradients = async (): Promise<ArrayLike<number>[]> => {
      const input = tf.randomUniform(x, -1, 1, 'float32', 1);
      const kernel = tf.randomUniform(filter, -1, 1, 'float32', 2);
      const convolve = (x: tf.Tensor, kernel: tf.Tensor): tf.Tensor =>
        tf.fused.conv2d({ x: x as tf.Tensor4D, filter: kernel as tf.Tensor4D, strides: 1, pad });
      const dy = tf.randomUniform(convolve(input, kernel).shape, -1, 1, 'float32', 3);
      return Promise.all(
        tf
          .grads(convolve)([input, kernel], dy)
          .map((gradient) => gradient.data()),
      );
    };
    const onWasm = await gradients();
    await activateCpu();
    const onCpu = await gradients();
    await activateWasm();
    expect(distance(onWasm[0]!, onCpu[0]!)).toBeLessThan(1e-5);
    expect(distance(onWasm[1]!, onCpu[1]!)).toBeLessThan(1e-4);
  });

  test('keeps no tensors beyond its result', () => {
    const inputs = { x: tf.ones([2, 4, 4, 1]), dy: tf.ones([2, 4, 4, 3]) };
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 1, 3] };
    const before = tf.memory().numTensors;
    (tf.engine().runKernel(tf.Conv2DBackpropFilter, inputs, attributes) as tf.Tensor).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('refuses the strides that it is not written for', () => {
    const inputs = { x: tf.ones([2, 4, 4, 1]), dy: tf.ones([2, 2, 2, 3]) };
    const attributes = { strides: 2, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 1, 3] };
    expect(() => tf.engine().runKernel(tf.Conv2DBackpropFilter, inputs, attributes)).toThrow('strides of 1');
  });
});
