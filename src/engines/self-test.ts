/**
 * Some drivers and browsers compute wrongly on their GPU without a word of warning. Before a backend is used, in Node or
 * in the browser, it has to solve problems whose answers are known.
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

/**
 * A small convolution with its bias and all of its gradients, against numbers that PyTorch gave; whole ones, which every
 * order of summation gives exactly. Training needs it, prediction does not.
 * @throws SelfTestError
 */
export async function testGradients(): Promise<void> {
  const convolve = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor) =>
    tf.fused.conv2d({
      x: x as tf.Tensor4D,
      filter: filter as tf.Tensor4D,
      bias,
      strides: 1,
      pad: 'same',
    });
  const found = tf.tidy(() => {
    const inputs = [
      tf.tensor4d([3, -1, 2, 0, 4, -2, 1, -3, 5], [1, 3, 3, 1]),
      tf.tensor4d([1, 0, 0, 1, -1, 1, 2, -1, 1, 2, 0, 0, 0, 1, -2, 0, 1, -2], [3, 3, 1, 2]),
      tf.tensor1d([1, -2]),
    ] as const;
    const dy = tf.tensor4d([1, 2, -2, 0, 0, 1, 3, -1, 1, 1, -1, 0, 0, 1, 2, -3, 1, 2], [1, 3, 3, 2]);
    return [convolve(...inputs), ...tf.grads(convolve)([...inputs], dy)];
  });
  const expected: [name: string, values: number[]][] = [
    ['a small convolution', [8, -4, -4, -3, 5, 7, -3, 6, 17, -2, -4, -11, -2, 4, 2, -7, 4, 9]],
    ['the gradient of its input', [1, -7, 2, 3, 2, -6, 4, -1, 6]],
    ['the gradient of its filter', [8, 11, 12, -20, -5, 13, -11, -10, 10, 32, 15, -26, 4, 5, -13, -6, 4, 16]],
    ['the gradient of its bias', [5, 3]],
  ];
  try {
    for (const [i, [name, values]] of expected.entries()) {
      compare(name, (await found[i]!.data()) as Float32Array, values, OPERATION_TOLERANCE);
    }
  } finally {
    tf.dispose(found);
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
