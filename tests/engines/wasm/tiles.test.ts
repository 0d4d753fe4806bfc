/** Convolutions by tiles against the definition, in double precision. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { activateWasm } from '../../../src/engines/node/tfjs.ts';
import { suitsTiles } from '../../../src/engines/wasm/tiles.ts';
import { sizeOf } from '../../../src/math/arrays.ts';
import { forProducts, largestDifference, noise, root, type Shape } from '../convolutions.ts';

/** Of the largest difference to the root mean square of all. */
const TOLERANCE = 1e-5;

beforeAll(activateWasm);

test.each([
  { image: [28, 28, 64], filter: [3, 3, 64, 64], suits: true },
  { image: [7, 7, 256], filter: [3, 3, 256, 256], suits: true },
  { image: [28, 28, 1], filter: [3, 3, 1, 64], suits: false },
  { image: [2, 2, 64], filter: [3, 3, 64, 64], suits: false },
  { image: [28, 28, 64], filter: [1, 3, 64, 64], suits: false },
  { image: [28, 28, 64], filter: [5, 5, 64, 64], suits: false },
  { image: [28, 28, 20], filter: [3, 3, 20, 64], suits: false },
  { image: [28, 28, 64], filter: [3, 3, 64, 8], suits: false },
])('$filter over $image by tiles: $suits', ({ image, filter, suits }) => {
  expect(suitsTiles([1, ...image] as Shape, filter as Shape)).toBe(suits);
});

describe.each<{ shape: Shape; outputs: number }>([
  { shape: [1, 8, 8, 16], outputs: 16 },
  { shape: [3, 14, 14, 16], outputs: 24 },
  { shape: [5, 7, 7, 24], outputs: 16 },
  { shape: [2, 3, 9, 32], outputs: 40 },
  { shape: [2, 8, 6, 16], outputs: 32 },
  // Several groups of strips, one of which goes through two images.
  { shape: [3, 27, 24, 16], outputs: 16 },
])('$shape to $outputs channels', ({ shape, outputs }) => {
  const [n, height, width, channels] = shape;
  const outShape: Shape = [n, height, width, outputs];
  const filterShape: Shape = [3, 3, channels, outputs];
  const [x, filter, bias, dy] = [shape, filterShape, [outputs], outShape].map(noise) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  /** The largest difference, by the size of what was computed before any ReLU. */
  const far = (found: tf.Tensor, expected: Float64Array, scale = root(expected)): number =>
    largestDifference(found.dataSync(), expected) / scale;

  it('forward, with and without bias and ReLU', () => {
    expect(suitsTiles(shape, filterShape)).toBe(true);
    const plain = new Float64Array(sizeOf(outShape));
    forProducts(shape, outputs, (y, at, weight) => (plain[y]! += x[at]! * filter[weight]!));
    const biased = plain.map((value, i) => value + bias[i % outputs]!);
    const positive = (values: Float64Array) => values.map((value) => Math.max(value, 0));
    tf.tidy(() => {
      const images = { x: tf.tensor4d(x, shape), strides: 1, pad: 'same' } as const;
      const weights = { ...images, filter: tf.tensor4d(filter, filterShape) };
      const biases = { ...weights, bias: tf.tensor1d(bias) };
      const found = [
        far(tf.fused.conv2d(weights), plain),
        far(tf.fused.conv2d({ ...weights, activation: 'relu' }), positive(plain), root(plain)),
        far(tf.fused.conv2d(biases), biased),
        far(tf.fused.conv2d({ ...biases, activation: 'relu' }), positive(biased), root(biased)),
      ];
      expect(Math.max(...found)).toBeLessThan(TOLERANCE);
    });
  });

  it('both gradients', () => {
    const [dx, dw] = [new Float64Array(sizeOf(shape)), new Float64Array(sizeOf(filterShape))];
    forProducts(shape, outputs, (y, at, weight) => {
      dx[at]! += dy[y]! * filter[weight]!;
      dw[weight]! += dy[y]! * x[at]!;
    });
    tf.tidy(() => {
      const [gradientX, gradientW] = tf.grads((x, filter) =>
        tf.fused.conv2d({ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, strides: 1, pad: 'same' }),
      )([tf.tensor4d(x, shape), tf.tensor4d(filter, filterShape)], tf.tensor4d(dy, outShape));
      expect(far(gradientX!, dx)).toBeLessThan(TOLERANCE);
      expect(far(gradientW!, dw)).toBeLessThan(TOLERANCE);
    });
  });
});

test('the mapped filter lasts as long as the filter, and another filter has its own', () => {
  const [shape, filterShape] = [[1, 8, 8, 16] as Shape, [3, 3, 16, 16] as Shape];
  const images = tf.tensor4d(noise(shape, 1), shape);
  const convolved = (filter: tf.Tensor4D): Float32Array =>
    tf.tidy(() => tf.conv2d(images, filter, 1, 'same').dataSync<'float32'>());
  const { wasm } = tf.backend() as tf.KernelBackend & {
    wasm: Record<'_malloc' | '_free', (n: number) => number>;
  };
  const [allocate, free] = [wasm._malloc, wasm._free];
  let allocated = 0;
  wasm._malloc = (bytes) => (allocated++, allocate(bytes));
  wasm._free = (address) => (allocated--, free(address));
  try {
    const filter = tf.tidy(() => tf.variable(tf.tensor4d(noise(filterShape, 2), filterShape)));
    const first = convolved(filter as tf.Tensor4D);
    const before = allocated;
    expect(convolved(filter as tf.Tensor4D)).toEqual(first);
    expect(allocated).toBe(before);
    const other = tf.tidy(() => tf.mul(filter, 2) as tf.Tensor4D);
    filter.assign(other);
    expect(convolved(filter as tf.Tensor4D)).toEqual(first.map((value) => 2 * value));
    tf.dispose([filter, other]);
    expect(allocated).toBe(0);
  } finally {
    Object.assign(wasm, { _malloc: allocate, _free: free });
    images.dispose();
  }
});

it('keeps what is not a number to its image and its surroundings', () => {
  const shape: Shape = [3, 14, 14, 16];
  const x = noise(shape, 1);
  const [image, row, column] = [1, 13, 13];
  x[((image * 14 + row) * 14 + column) * 16 + 5] = NaN;
  const y = tf.tidy(() => {
    const filter = tf.tensor4d(noise([3, 3, 16, 16], 2), [3, 3, 16, 16]);
    return tf.relu(tf.conv2d(tf.tensor4d(x, shape), filter, 1, 'same')).dataSync();
  });
  const lost = new Set(Array.from(y, (value, i) => (Number.isNaN(value) ? Math.floor(i / 16) : -1)));
  lost.delete(-1);
  expect(lost).toContain((image * 14 + row) * 14 + column);
  // A tile is lost as a whole.
  for (const pixel of lost) {
    expect(Math.floor(pixel / 196)).toBe(image);
    expect(Math.floor(pixel / 14) % 14).toBeGreaterThanOrEqual(row - 1);
    expect(pixel % 14).toBeGreaterThanOrEqual(column - 1);
  }
});
