/**
 * Some browsers compute wrongly on their GPU without a word of warning. Before a backend is used it has to solve
 * problems whose answers are known.
 */
import * as tf from '@tensorflow/tfjs-core';

/** How far a probability may be from the published one, which is rounded to half precision (2.4e-4 at most). */
const PROBABILITY_TOLERANCE = 2e-3;
const OPERATION_TOLERANCE = 1e-4;

/** The backend's answer to a known problem is wrong; the message says which. */
export class SelfTestError extends Error {
  override name = 'SelfTestError';
}

/**
 * Convolution with bias and ReLU, pooling and a matrix product, all small, against the same sums in plain JavaScript.
 * @throws SelfTestError
 */
export async function testOperations(): Promise<void> {
  const [size, channels, filters, units] = [6, 3, 5, 4] as const;
  const values = (count: number, step: number) =>
    Float32Array.from({ length: count }, (_, i) => ((i * step) % 23) / 11 - 1);
  const image = values(size * size * channels, 7);
  const kernel = values(9 * channels * filters, 5);
  const bias = values(filters, 3);
  const matrix = values((size / 2) ** 2 * filters * units, 9);

  const found = tf.tidy(() => {
    const convolved = tf.fused.conv2d({
      x: tf.tensor4d(image, [1, size, size, channels]),
      filter: tf.tensor4d(kernel, [3, 3, channels, filters]),
      bias: tf.tensor1d(bias),
      strides: 1,
      pad: 'same',
      activation: 'relu',
    });
    const pooled = tf.maxPool(convolved, 2, 2, 'valid');
    return tf.matMul(tf.reshape(pooled, [1, -1]), tf.tensor2d(matrix, [(size / 2) ** 2 * filters, units]));
  });

  const activation = (y: number, x: number, filter: number): number => {
    let sum = bias[filter]!;
    for (let dy = 0; dy < 3; dy++) {
      for (let dx = 0; dx < 3; dx++) {
        const [row, column] = [y + dy - 1, x + dx - 1];
        if (row < 0 || column < 0 || row >= size || column >= size) continue;
        for (let channel = 0; channel < channels; channel++) {
          sum +=
            image[(row * size + column) * channels + channel]! *
            kernel[((dy * 3 + dx) * channels + channel) * filters + filter]!;
        }
      }
    }
    return Math.max(0, sum);
  };
  const expected = new Float32Array(units);
  for (let y = 0; y < size; y += 2) {
    for (let x = 0; x < size; x += 2) {
      for (let filter = 0; filter < filters; filter++) {
        const pooled = Math.max(
          activation(y, x, filter),
          activation(y, x + 1, filter),
          activation(y + 1, x, filter),
          activation(y + 1, x + 1, filter),
        );
        const row = (((y / 2) * size) / 2 + x / 2) * filters + filter;
        for (let unit = 0; unit < units; unit++) expected[unit]! += pooled * matrix[row * units + unit]!;
      }
    }
  }
  try {
    compare('a small convolution', (await found.data()) as Float32Array, expected, OPERATION_TOLERANCE);
  } finally {
    found.dispose();
  }
}

/** Compares probabilities with the published ones. @throws SelfTestError */
export function testProbabilities(found: readonly number[], published: readonly number[]): void {
  compare('known images', found, published, PROBABILITY_TOLERANCE);
}

function compare(
  problem: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  // Relative where the value is large; what is not a number is never within.
  const wrong = Array.from(expected).findIndex(
    (value, i) => !(Math.abs(found[i]! - value) <= tolerance * Math.max(1, Math.abs(value))),
  );
  if (wrong >= 0) {
    throw new SelfTestError(`wrong on ${problem}: ${found[wrong]} where ${expected[wrong]} is right`);
  }
}
