/** Convolutions by tiles against the definition, in double precision. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activate } from '../../../src/engines/node/onnxruntime.ts';
import { ImageLayout } from '../../../src/engines/onnxruntime/image-layout.ts';
import { suitsWinograd } from '../../../src/engines/onnxruntime/winograd.ts';
import { sizeOf } from '../../../src/math/arrays.ts';
import { registerOpGradients } from '../../../src/network/differentiation.ts';
import { forProducts, largestDifference, noise, root, type Shape } from '../convolutions.ts';

const THREADS = 2;
/** Of the largest difference to the root mean square of all; products by the definition stay below a tenth of it. */
const TOLERANCE = 2e-5;

beforeAll(async () => {
  await activate(THREADS);
  registerOpGradients();
});

/** Which of the chunks are convolved by tiles. */
const tiled = (shape: Shape, outputs: number): boolean[] =>
  new ImageLayout(shape, THREADS).chunks.map((chunk) => suitsWinograd(shape, outputs, chunk));

describe.each<{ shape: Shape; outputs: number; chunks: boolean[] }>([
  { shape: [4, 8, 8, 16], outputs: 16, chunks: [true] },
  { shape: [4, 14, 14, 16], outputs: 24, chunks: [true] },
  { shape: [36, 7, 7, 20], outputs: 17, chunks: [true, true] },
  { shape: [8, 3, 9, 17], outputs: 20, chunks: [true] },
  { shape: [30, 8, 6, 16], outputs: 16, chunks: [true, false] },
  { shape: [150, 4, 3, 16], outputs: 16, chunks: [true, true, false] },
  { shape: [3, 8, 8, 16], outputs: 16, chunks: [false] },
  { shape: [4, 2, 2, 16], outputs: 16, chunks: [false] },
  { shape: [4, 8, 8, 1], outputs: 16, chunks: [false] },
])('$shape to $outputs channels', ({ shape, outputs, chunks }) => {
  const [n, height, width, channels] = shape;
  const outShape: Shape = [n, height, width, outputs];
  const filterShape: Shape = [3, 3, channels, outputs];
  const [x, filter, bias, dy] = [shape, filterShape, [outputs], outShape].map(noise) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const convolve = (images: tf.Tensor, weights: tf.Tensor, activation: 'linear' | 'relu'): tf.Tensor4D =>
    tf.fused.conv2d({
      x: images as tf.Tensor4D,
      filter: weights as tf.Tensor4D,
      bias: tf.tensor1d(bias),
      strides: 1,
      pad: 'same',
      activation,
    });

  it('is computed by tiles in these chunks', () => {
    expect(tiled(shape, outputs)).toEqual(chunks);
  });

  it('forward', () => {
    const expected = Float64Array.from({ length: sizeOf(outShape) }, (_, i) => bias[i % outputs]!);
    forProducts(shape, outputs, (y, at, weight) => (expected[y]! += x[at]! * filter[weight]!));
    const scale = root(expected);
    tf.tidy(() => {
      const [images, weights] = [tf.tensor4d(x, shape), tf.tensor4d(filter, filterShape)];
      const linear = convolve(images, weights, 'linear');
      expect(largestDifference(linear.dataSync(), expected) / scale).toBeLessThan(TOLERANCE);
      const relu = convolve(images, weights, 'relu');
      const positive = expected.map((value) => Math.max(value, 0));
      expect(largestDifference(relu.dataSync(), positive) / scale).toBeLessThan(TOLERANCE);
      // A filter of ones adds up what lies around each pixel, and so what lies in the padding.
      const blurred = Float64Array.from({ length: n * height * width }, () => bias[0]!);
      forProducts(outShape, 1, (y, at) => (blurred[y]! += expected[at]!));
      const around = tf.add(tf.conv2d(linear, tf.ones<tf.Rank.R4>([3, 3, outputs, 1]), 1, 'same'), bias[0]!);
      expect(largestDifference(around.dataSync(), blurred) / root(blurred)).toBeLessThan(TOLERANCE);
    });
  });

  it('both gradients', () => {
    const [dx, dw] = [new Float64Array(sizeOf(shape)), new Float64Array(sizeOf(filterShape))];
    forProducts(shape, outputs, (y, at, weight) => {
      dx[at]! += dy[y]! * filter[weight]!;
      dw[weight]! += dy[y]! * x[at]!;
    });
    const [gradientX, gradientW] = tf.tidy(() =>
      tf.grads((images, weights) => convolve(images!, weights!, 'linear'))(
        [tf.tensor4d(x, shape), tf.tensor4d(filter, filterShape)],
        tf.tensor4d(dy, outShape),
      ),
    ) as [tf.Tensor, tf.Tensor];
    expect(largestDifference(gradientX.dataSync(), dx) / root(dx)).toBeLessThan(TOLERANCE);
    expect(largestDifference(gradientW.dataSync(), dw) / root(dw)).toBeLessThan(TOLERANCE);
    tf.dispose([gradientX, gradientW]);
  });
});

it('keeps what is not a number to its image and its surroundings', () => {
  const shape: Shape = [4, 14, 14, 16];
  const x = noise(shape, 1);
  const [image, row, column] = [2, 13, 13];
  x[((image * 14 + row) * 14 + column) * 16 + 5] = NaN;
  const filter = tf.tensor4d(noise([3, 3, 16, 16], 2), [3, 3, 16, 16]);
  const y = tf.tidy(() => tf.relu(tf.conv2d(tf.tensor4d(x, shape), filter, 1, 'same')).dataSync());
  const lost = Array.from(y, (value, i) => (Number.isNaN(value) ? Math.floor(i / 16) : -1)).filter(
    (i) => i >= 0,
  );
  const pixels = new Set(lost);
  expect(pixels).toContain((image * 14 + row) * 14 + column);
  // A tile is lost as a whole.
  for (const pixel of pixels) {
    expect(Math.floor(pixel / 196)).toBe(image);
    expect(Math.floor(pixel / 14) % 14).toBeGreaterThanOrEqual(row - 1);
    expect(pixel % 14).toBeGreaterThanOrEqual(column - 1);
  }
  filter.dispose();
});
