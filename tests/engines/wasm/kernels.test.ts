import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { activateCpu, activateWasm as activate } from '../../../src/engines/node/tfjs.ts';
import { batchNorm } from '../../../src/network/batch-norm.ts';
import { registerOpGradients } from '../../../src/network/differentiation.ts';
import { dropout } from '../../../src/network/dropout.ts';
import { distance } from '../../network/pytorch.ts';
import { type Convolution, convolution, random } from './convolution.ts';

beforeAll(activate);

/** What both backends make of it, and how far they are apart at most; on wasm no tensor is left over. */
async function compare(compute: () => tf.Tensor | tf.Tensor[], tolerance: number): Promise<void> {
  const run = async () => {
    const before = tf.memory().numTensors;
    const results = [tf.tidy(compute)].flat();
    expect(tf.memory().numTensors).toBe(before + results.length);
    const values = await Promise.all(results.map((each) => each.data()));
    const shapes = results.map(({ shape }) => shape);
    tf.dispose(results);
    return { values, shapes };
  };
  const found = await run();
  await activateCpu();
  const expected = await run();
  await activate();
  expect(found.shapes).toEqual(expected.shapes);
  found.values.forEach((each, i) => expect(distance(each, expected.values[i]!)).toBeLessThan(tolerance));
}

describe('products on wasm are those of the cpu backend', () => {
  const both = [false, true];
  const transpositions = both.flatMap((a) => both.map((b) => ({ transposeA: a, transposeB: b })));
  const sizes = [
    { batch: [], rows: 32, depth: 300, columns: 16 },
    { batch: [1], rows: 7, depth: 5, columns: 8 },
    // Left to tfjs: few rows, an odd number of columns, several matrices, several for one.
    { batch: [], rows: 3, depth: 20, columns: 8 },
    { batch: [2], rows: 7, depth: 5, columns: 3 },
    { batch: [3], rows: 6, depth: 9, columns: 16 },
  ];
  test.each(sizes.flatMap((size) => transpositions.map((transposition) => ({ ...size, ...transposition }))))(
    '%o',
    async ({ batch, rows, depth, columns, transposeA, transposeB }) =>
      compare(() => {
        const a = random([...batch, ...(transposeA ? [depth, rows] : [rows, depth])], 1);
        const b = random([...batch, ...(transposeB ? [columns, depth] : [depth, columns])], 2);
        return tf.matMul(a, b, transposeA, transposeB);
      }, 1e-4),
  );

  test.each(['linear', 'relu', 'elu'] as const)('with bias and %s', async (activation) =>
    compare(() => {
      const [a, b] = [random([6, 20], 1) as tf.Tensor2D, random([20, 24], 2) as tf.Tensor2D];
      return tf.fused.matMul({ a, b, bias: random([24], 3), activation });
    }, 1e-5),
  );
});

test('products of whole numbers are left to tfjs, which has none on wasm', () => {
  const ones = tf.ones([8, 8], 'int32');
  expect(() => tf.matMul(ones, ones)).toThrow('float32');
  ones.dispose();
});

describe('convolutions on wasm and their gradients are those of the cpu backend', () => {
  const cases: Convolution[] = [
    { x: [2, 6, 5, 8], filter: [3, 3, 8, 16] },
    { x: [3, 7, 7, 16], filter: [3, 3, 16, 8], activation: 'relu' },
    // Several blocks of rows, the last one smaller.
    { x: [3, 19, 30, 64], filter: [1, 3, 64, 8] },
    { x: [1, 4, 3, 8], filter: [1, 5, 8, 8] },
    // A filter wider than the image.
    { x: [2, 2, 2, 8], filter: [7, 7, 8, 8] },
    // In part or altogether left to tfjs.
    { x: [2, 6, 6, 1], filter: [3, 3, 1, 8] },
    { x: [2, 6, 6, 8], filter: [3, 3, 8, 3] },
    { x: [2, 6, 6, 8], filter: [2, 3, 8, 8] },
    { x: [2, 6, 6, 8], filter: [3, 3, 8, 8], pad: 'valid' },
    { x: [2, 6, 6, 8], filter: [3, 3, 8, 8], activation: 'elu' },
  ];
  test.each(cases)('%o', async (each) => compare(() => convolution(each), 1e-3));

  test('a stride of 2 is left to tfjs', async () =>
    compare(
      () =>
        tf.conv2d(random([1, 6, 6, 8], 1) as tf.Tensor4D, random([3, 3, 8, 8], 2) as tf.Tensor4D, 2, 'same'),
      1e-4,
    ));
});

describe('layers between products on wasm are those of the cpu backend', () => {
  const shapes = [
    [2, 9, 8, 8],
    [1, 3, 5, 64],
    [70, 12],
    [129, 4],
    [6, 7],
  ];
  const activations = ['linear', 'relu'] as const;
  test.each(shapes.flatMap((shape) => activations.map((activation) => ({ shape, activation }))))(
    'batch normalisation and its gradients: $shape, $activation',
    async ({ shape, activation }) =>
      compare(() => {
        const [x, gamma, beta] = [
          tf.add(random(shape, 1), 3),
          random(shape.slice(-1), 2),
          random(shape.slice(-1), 3),
        ];
        const { y, mean, variance } = batchNorm(x, gamma, beta, activation);
        const normalise = (...inputs: tf.Tensor[]): tf.Tensor =>
          batchNorm(...(inputs as [tf.Tensor, tf.Tensor, tf.Tensor]), activation).y;
        return [y, mean, variance, ...tf.grads(normalise)([x, gamma, beta], random(shape, 4))];
      }, 1e-4),
  );

  test.each([
    [2, 4, 6, 8],
    [3, 7, 7, 12],
    [1, 5, 2, 4],
  ])("a pool's gradient goes to the first of the largest: %i × %i × %i × %i", async (...shape) =>
    compare(() => {
      registerOpGradients();
      // Of whole numbers many are equal.
      const x = tf.round(tf.mul(random(shape, 1), 2)) as tf.Tensor4D;
      const pooled = tf.maxPool(x, 2, 2, 'valid');
      return tf.grad((images) => tf.maxPool(images as tf.Tensor4D, 2, 2, 'valid'))(
        x,
        random(pooled.shape, 2) as tf.Tensor4D,
      );
    }, 1e-6),
  );

  test('a pool of 3×3 is left to tfjs', async () =>
    compare(() => {
      registerOpGradients();
      const x = random([2, 6, 6, 4], 1) as tf.Tensor4D;
      return tf.grad((images) => tf.maxPool(images as tf.Tensor4D, 3, 3, 'valid'))(
        x,
        random([2, 2, 2, 4], 2) as tf.Tensor4D,
      );
    }, 1e-6));

  test.each([
    { shape: [300, 8], axis: 0 },
    { shape: [3, 5, 7, 12], axis: [0, 1, 2] },
    // Left to tfjs.
    { shape: [3, 5, 7, 12], axis: [1, 2] },
    { shape: [30, 8], axis: 1 },
    { shape: [30, 3], axis: 0 },
    { shape: [40], axis: 0 },
  ])('sums: %o', async ({ shape, axis }) => compare(() => tf.sum(random(shape, 1), axis), 1e-4));

  test.each([1, 2, 1025])('dropout of %i elements keeps the same ones', async (size) =>
    compare(
      () => [0.25, 0.5, 1 - 2 ** -40].map((rate) => dropout(random([size], 1), rate, 0xfedcba98)),
      1e-6,
    ),
  );
});
