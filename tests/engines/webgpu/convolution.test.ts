import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { activateCpu } from '../../../src/engines/node/tfjs.ts';
import { activate } from '../../../src/engines/node/webgpu.ts';
import { Random } from '../../../src/math/random.ts';
import { distance } from '../../network/pytorch.ts';
import { noTestGpu } from '../../test-gpu.ts';

type Shape = [number, number, number, number];

interface Case {
  x: Shape;
  filter: Shape;
  strides: number;
  pad: 'same' | 'valid';
}

/** Shapes that leave no tile full, and some whose positions are split. */
function randomCases(count: number): Case[] {
  const random = new Random(1);
  const between = (low: number, high: number) => low + random.below(high - low + 1);
  return Array.from({ length: count }, () => {
    const channels = between(1, 40);
    return {
      x: [between(1, 6), between(5, 15), between(5, 15), channels],
      filter: [between(1, 4), between(1, 4), channels, between(1, 70)],
      strides: between(1, 2),
      pad: random.below(2) ? 'same' : 'valid',
    };
  });
}

const cases: Case[] = [
  { x: [2, 28, 28, 1], filter: [3, 3, 1, 64], strides: 1, pad: 'same' },
  // By tiles, which overhang; the last with its sums in parts.
  { x: [1, 7, 7, 128], filter: [3, 3, 128, 33], strides: 1, pad: 'same' },
  { x: [2, 4, 9, 16], filter: [3, 3, 16, 20], strides: 1, pad: 'same' },
  { x: [6, 19, 18, 17], filter: [3, 3, 17, 16], strides: 1, pad: 'same' },
  ...randomCases(8),
];

/** The convolution with bias and ReLU, and both of its gradients. Keeps no tensor. */
async function results({ x, filter, strides, pad }: Case): Promise<Float32Array[]> {
  const { outShape } = tf.backend_util.computeConv2DInfo(x, filter, strides, 1, pad);
  const inputs = {
    x: tf.randomUniform(x, -1, 1, 'float32', 1) as tf.Tensor4D,
    filter: tf.randomUniform(filter, -1, 1, 'float32', 2) as tf.Tensor4D,
    bias: tf.randomUniform([filter[3]], -1, 1, 'float32', 3),
    dy: tf.randomUniform(outShape, -1, 1, 'float32', 4),
  };
  const attributes = { strides, pad, dataFormat: 'NHWC' };
  const { numTensors, numDataBuffers } = tf.memory();
  const given = { ...inputs, strides, pad, activation: 'relu' as const };
  const kernel = (name: string, of: tf.NamedTensorMap, shape: object): tf.Tensor =>
    tf.engine().runKernel(name, of, { ...attributes, ...shape }) as tf.Tensor;
  const outputs = [
    tf.fused.conv2d(given),
    kernel(tf.Conv2DBackpropFilter, { x: inputs.x, dy: inputs.dy }, { filterShape: filter }),
    kernel(tf.Conv2DBackpropInput, { dy: inputs.dy, filter: inputs.filter }, { inputShape: x }),
  ];
  expect(outputs.map(({ shape }) => shape)).toEqual([outShape, filter, x]);
  const values = await Promise.all(outputs.map(async (each) => Float32Array.from(await each.data())));
  tf.dispose(outputs);
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  tf.dispose(inputs);
  return values;
}

it(
  'a convolution and its gradients on webgpu are the cpu’s on any shape',
  { timeout: 180_000 },
  async (test) => {
    if (noTestGpu) test.skip(noTestGpu);
    await activate(true);
    const found = await Array.fromAsync(cases, results);
    await activateCpu();
    for (const [i, each] of cases.entries()) {
      for (const [output, expected] of (await results(each)).entries()) {
        const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        const name = `${JSON.stringify(each)}, output ${output}`;
        expect(distance(found[i]![output]!, expected) / largest, name).toBeLessThan(1e-5);
      }
    }
  },
);
