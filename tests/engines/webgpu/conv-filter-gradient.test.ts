import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { activateWasm } from '../../../src/engines/node/tfjs.ts';
import { activate } from '../../../src/engines/node/webgpu.ts';
import { stockCost, tiledCost } from '../../../src/engines/webgpu/conv-filter-gradient.ts';
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
  { x: [1, 7, 7, 128], filter: [3, 3, 128, 33], strides: 1, pad: 'same' },
  ...randomCases(10),
];

describe('the filter gradient on webgpu', () => {
  it(
    'is the composed one, or the cpu’s, on any shape, and keeps no tensor',
    { timeout: 120_000 },
    async (test) => {
      if (noTestGpu) test.skip(noTestGpu);
      const gradientOf = async ({ x, filter, strides, pad }: Case): Promise<Float32Array> => {
        const { outShape } = tf.backend_util.computeConv2DInfo(x, filter, strides, 1, pad);
        const inputs = {
          x: tf.randomUniform(x, -1, 1, 'float32', 1),
          dy: tf.randomUniform(outShape as Shape, -1, 1, 'float32', 2),
        };
        const attributes = { strides, pad, dataFormat: 'NHWC', filterShape: filter };
        const before = tf.memory().numTensors;
        const gradient = tf.engine().runKernel(tf.Conv2DBackpropFilter, inputs, attributes) as tf.Tensor;
        const { numTensors, numDataBuffers } = tf.memory();
        const values = Float32Array.from(await gradient.data());
        expect(numTensors).toBe(before + 1);
        expect(gradient.shape).toEqual(filter);
        gradient.dispose();
        expect(tf.memory().numDataBuffers).toBe(numDataBuffers - 1);
        tf.dispose(inputs);
        return values;
      };
      const found: Float32Array[] = [];
      await activate(true);
      for (const each of cases) found.push(await gradientOf(each));
      await activateWasm();
      const { activateCpu } = await import('../../../src/engines/node/tfjs.ts');
      for (const [i, each] of cases.entries()) {
        // The composed one is written for strides of 1.
        if (each.strides > 1) await activateCpu();
        else await activateWasm();
        const expected = await gradientOf(each);
        const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        expect(distance(found[i]!, expected) / largest, JSON.stringify(each)).toBeLessThan(1e-5);
      }
    },
  );
});

it('its cost is what the kernels’ loops read', () => {
  const sizes = tf.backend_util.computeConv2DInfo([2, 5, 4, 3], [3, 2, 3, 7], 2, 1, 'same');
  let pairs = 0;
  for (let y = 0; y < sizes.outHeight; y++) {
    for (let x = 0; x < sizes.outWidth; x++) {
      for (let ky = 0; ky < 3; ky++) {
        for (let kx = 0; kx < 2; kx++) {
          const [row, column] = [2 * y + ky - sizes.padInfo.top, 2 * x + kx - sizes.padInfo.left];
          if (row >= 0 && row < 5 && column >= 0 && column < 4) pairs++;
        }
      }
    }
  }
  expect(stockCost(sizes)).toEqual({ reads: 2 * 2 * 3 * pairs * 7, threads: 3 * 2 * 3 * 7 });
  // One tile across and one down: both tensors once, and no second pass.
  expect(tiledCost(sizes).reads).toBe(2 * 3 * pairs + 7 * 2 * sizes.outHeight * sizes.outWidth);
});
