import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { activateCpu } from '../../../src/engines/node/tfjs.ts';
import { activate } from '../../../src/engines/node/webgpu.ts';
import { AdamW } from '../../../src/network/adamw.ts';
import {
  batchNorm,
  batchNormBlock,
  type NormalisedBatch,
  updatedStatistics,
} from '../../../src/network/batch-norm.ts';
import { registerOpGradients } from '../../../src/network/differentiation.ts';
import { dropout, dropoutMask } from '../../../src/network/dropout.ts';
import { hasKernel, type KernelName } from '../../../src/network/kernel-contract.ts';
import { WeightAverage } from '../../../src/network/weight-average.ts';
import { distance } from '../../network/pytorch.ts';
import { afterThreeSteps } from '../adamw.ts';
import { noTestGpu } from '../../test-gpu.ts';

const KERNELS: KernelName[] = [
  'BatchNormTrain',
  'BatchNormTrainGrad',
  'BatchNormBlock',
  'BatchNormBlockGrad',
  'RunningStatistics',
  'DropoutTrain',
  'AdamW',
  'MoveTowards',
];

type Shape = [number, number, number, number];

/** What a function gives on webgpu with the project's kernels, and composed of tfjs's ops on the CPU; none keeps a tensor. */
async function both<Result>(compute: () => Promise<Result>): Promise<[webgpu: Result, composed: Result]> {
  await activate(true);
  expect(KERNELS.every(hasKernel)).toBe(true);
  const { numTensors, numDataBuffers } = tf.memory();
  const found = await compute();
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  await activateCpu();
  expect(hasKernel('BatchNormTrain')).toBe(false);
  return [found, await compute()];
}

/** Reads tensors and disposes of them. */
async function values(tensors: tf.Tensor[]): Promise<Float32Array[]> {
  const read = await Promise.all(tensors.map(async (each) => Float32Array.from(await each.data())));
  tf.dispose(tensors);
  return read;
}

/** Shapes that fill no workgroup, and one whose rows are split between several. */
const shapes: number[][] = [
  [2, 1],
  [3, 5, 7, 33],
  [300, 70],
  [8, 14, 14, 64],
];

describe('the model’s kernels on webgpu are what tfjs’s ops make of them', () => {
  it.for(['linear', 'relu'] as const)('batch normalisation, %s', async (activation, test) => {
    if (noTestGpu) test.skip(noTestGpu);
    for (const shape of shapes) {
      const channels = shape.at(-1)!;
      const compute = async (): Promise<Float32Array[]> =>
        values(
          tf.tidy(() => {
            // A mean that is large beside the deviation costs sums of squares their digits.
            const x = tf.add(tf.randomNormal(shape, 0, 1, 'float32', 1), 30);
            const gamma = tf.randomUniform([channels], -1, 1, 'float32', 2);
            const beta = tf.randomUniform([channels], -1, 1, 'float32', 3);
            const dy = tf.randomUniform(shape, -1, 1, 'float32', 4);
            const { y, mean, variance } = batchNorm(x, gamma, beta, activation);
            const gradients = tf.grads((...of) => batchNorm(of[0]!, of[1]!, of[2]!, activation).y);
            return [y, mean, variance, ...gradients([x, gamma, beta], dy)];
          }),
        );
      const [found, expected] = await both(compute);
      expected.forEach((each, i) => {
        const largest = each.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        expect(distance(found[i]!, each) / largest, `${String(shape)}, output ${i}`).toBeLessThan(1e-4);
      });
    }
  });

  it('batch normalisation with ReLU, pooling and dropout in one', async (test) => {
    if (noTestGpu) test.skip(noTestGpu);
    for (const [shape, pool, rate] of [
      [[3, 5, 7, 33], true, 0.25],
      [[8, 14, 14, 64], true, 0],
      [[300, 70], false, 0.5],
    ] as [number[], boolean, number][]) {
      const [found, expected] = await both(async () => {
        const channels = shape.at(-1)!;
        const behind = { pool, rate, seed: 0xfedcba98 };
        const composed = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): NormalisedBatch => {
          const normalised = batchNorm(x, gamma, beta, 'relu');
          const pooled = pool ? tf.maxPool(normalised.y as tf.Tensor4D, 2, 2, 'valid') : normalised.y;
          return { ...normalised, y: rate ? dropout(pooled, rate, behind.seed) : pooled };
        };
        const block = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): NormalisedBatch =>
          hasKernel('BatchNormBlock') ? batchNormBlock(x, gamma, beta, behind) : composed(x, gamma, beta);
        registerOpGradients();
        return values(
          tf.tidy(() => {
            const x = tf.randomNormal(shape, 0, 1, 'float32', 1);
            const gamma = tf.randomUniform([channels], -1, 1, 'float32', 2);
            const beta = tf.randomUniform([channels], -1, 1, 'float32', 3);
            const { y, mean, variance } = block(x, gamma, beta);
            const dy = tf.randomUniform(y.shape, -1, 1, 'float32', 4);
            const gradients = tf.grads((...of) => block(of[0]!, of[1]!, of[2]!).y);
            return [y, mean, variance, ...gradients([x, gamma, beta], dy)];
          }),
        );
      });
      expected.forEach((each, i) => {
        const largest = each.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        expect(distance(found[i]!, each) / largest, `${String(shape)}, output ${i}`).toBeLessThan(1e-5);
      });
    }
  });

  it('a step of running statistics', async (test) => {
    if (noTestGpu) test.skip(noTestGpu);
    const [found, expected] = await both(async () => {
      const pair = (seed: number) => ({
        mean: tf.randomUniform([70], -1, 1, 'float32', seed),
        variance: tf.randomUniform([70], 0, 1, 'float32', seed + 1),
      });
      return values(
        tf.tidy(() => {
          const { mean, variance } = updatedStatistics(pair(1), pair(3), 30);
          return [mean, variance];
        }),
      );
    });
    expected.forEach((each, i) => expect(distance(found[i]!, each)).toBeLessThan(1e-6));
  });

  it('dropout, to the bit', async (test) => {
    if (noTestGpu) test.skip(noTestGpu);
    for (const [rate, seed] of [
      [0.25, 1],
      [0.5, 0xfedcba98],
    ] as const) {
      const [found] = await both(async () => {
        const x = tf.ones([3, 5, 7, 11]);
        const [dropped] = await values([dropout(x, rate, seed)]);
        x.dispose();
        return dropped!;
      });
      expect(found).toEqual(dropoutMask(3 * 5 * 7 * 11, rate, seed));
    }
  });

  it('the gradient of a convolution’s images', async (test) => {
    if (noTestGpu) test.skip(noTestGpu);
    for (const [x, kernel] of [
      [
        [2, 7, 5, 12],
        [3, 3, 12, 33],
      ],
      [
        [1, 4, 6, 3],
        [5, 1, 3, 2],
      ],
      [
        [1, 4, 6, 3],
        [2, 2, 3, 2],
      ],
    ] as [Shape, Shape][]) {
      const [[found], [expected]] = await both(async () =>
        values(
          tf.tidy(() => {
            const filter = tf.randomUniform(kernel, -1, 1, 'float32', 1) as tf.Tensor4D;
            const dy = tf.randomUniform([...x.slice(0, 3), kernel[3]], -1, 1, 'float32', 2);
            const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', inputShape: x };
            return [tf.engine().runKernel(tf.Conv2DBackpropInput, { dy, filter }, attributes) as tf.Tensor];
          }),
        ),
      );
      expect(distance(found!, expected!), String(kernel)).toBeLessThan(1e-4);
    }
  });

  it('a step of an average', async (test) => {
    if (noTestGpu) test.skip(noTestGpu);
    const [found, expected] = await both(async () => {
      const variable = tf.tidy(() => tf.variable(tf.randomUniform([7, 50], -1, 1, 'float32', 1)));
      const average = new WeightAverage(new Map([['averaged', variable]]), 0.9);
      for (let step = 0; step < 20; step++) {
        average.add();
        tf.tidy(() => variable.assign(tf.mul(variable, 0.9)));
      }
      const { averaged } = await average.weights();
      average.dispose();
      variable.dispose();
      return averaged!.data;
    });
    expect(distance(found, expected)).toBeLessThan(1e-6);
  });

  it('AdamW', async (test) => {
    if (noTestGpu) test.skip(noTestGpu);
    const [found, expected] = await both(() => afterThreeSteps([7, 50]));
    expect(distance(found, expected)).toBeLessThan(1e-6);
  });

  it('AdamW changes no clone of a parameter, and what was read before is read anew', async (test) => {
    if (noTestGpu) test.skip(noTestGpu);
    const [found, expected] = await both(async () => {
      const parameter = tf.tidy(() => tf.variable(tf.ones([3])));
      const optimiser = new AdamW(new Map([['p', parameter]]), {
        beta2: 0.9,
        epsilon: 1e-8,
        weightDecay: 0,
      });
      const gradient = tf.tensor1d([1, -1, 2]);
      const clone = parameter.clone();
      const read: number[] = [];
      for (let step = 0; step < 3; step++) {
        optimiser.apply({ p: gradient }, 0.1, 0.9);
        read.push(...(await parameter.data()), ...(await clone.data()));
      }
      optimiser.dispose();
      tf.dispose([parameter, gradient, clone]);
      return Float32Array.from(read);
    });
    expect([...found.slice(3, 6), ...found.slice(15)]).toEqual([1, 1, 1, 1, 1, 1]);
    expect(distance(found, expected)).toBeLessThan(1e-6);
  });
});
