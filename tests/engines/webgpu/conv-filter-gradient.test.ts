import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { activate as activateWasm } from '../../../src/engines/node/wasm.ts';
import { activate } from '../../../src/engines/node/webgpu.ts';
import { divide, stockCost, tiledCost } from '../../../src/engines/webgpu/conv-filter-gradient.ts';
import { outputShapes, reportArchitecture } from '../../../src/model/architecture.ts';
import { Random } from '../../../src/model/random.ts';
import { distance } from '../../model/pytorch.ts';
import { noSoftwareGpu } from '../../software-gpu.ts';

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
      if (noSoftwareGpu) test.skip(noSoftwareGpu);
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
      const { activate: activateCpu } = await import('../../../src/engines/node/cpu.ts');
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

describe('its cost', () => {
  const { layers, inputShape } = reportArchitecture;
  const shapes = outputShapes(reportArchitecture);
  const convolutions = layers.flatMap((layer, i) => {
    if (layer.type !== 'conv') return [];
    const [height, width, channels] = (shapes[i - 1] ?? inputShape) as [number, number, number];
    const sizes = tf.backend_util.computeConv2DInfo(
      [256, height, width, channels],
      [3, 3, channels, layer.filters],
      1,
      1,
      'same',
    );
    return [{ name: layer.name, sizes }];
  });

  it.each(convolutions)('for $name is an eighth of the reads of tfjs’s kernel, or less', ({ sizes }) => {
    const [stock, tiled] = [stockCost(sizes), tiledCost(sizes)];
    expect(stock.reads / tiled.reads).toBeGreaterThan(8);
    // Enough threads for a large GPU; the stock kernel has 576 for the first layer.
    expect(tiled.threads).toBeGreaterThanOrEqual(16_384);
  });

  it('of all six', () => {
    const table = convolutions.map(({ name, sizes }) => {
      const [stock, tiled] = [stockCost(sizes), tiledCost(sizes)];
      const fewer = Number((stock.reads / tiled.reads).toFixed(1));
      return [name, stock.threads, tiled.threads, divide(sizes).parts, fewer];
    });
    expect(table).toMatchInlineSnapshot(`
      [
        [
          "conv1",
          576,
          32768,
          256,
          13.4,
        ],
        [
          "conv2",
          36864,
          32256,
          14,
          31.2,
        ],
        [
          "conv3",
          73728,
          32256,
          7,
          30.4,
        ],
        [
          "conv4",
          147456,
          27648,
          3,
          30.4,
        ],
        [
          "conv5",
          294912,
          18432,
          1,
          28.8,
        ],
        [
          "conv6",
          589824,
          36864,
          1,
          28.8,
        ],
      ]
    `);
  });

  it('counts what the kernels’ loops read', () => {
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
});
