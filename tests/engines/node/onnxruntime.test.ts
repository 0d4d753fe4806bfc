import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { activate as activateCpu } from '../../../src/engines/node/cpu.ts';
import { activate } from '../../../src/engines/node/onnxruntime.ts';
import { batchNorm } from '../../../src/model/batch-norm.ts';
import { dropout } from '../../../src/model/dropout.ts';
import { registerOpGradients } from '../../../src/model/op-gradients.ts';

/** [n, h, w, c]: odd sizes, one image, more than a chunk, one channel. */
const shapes: [number, number, number, number][] = [
  [1, 3, 3, 2],
  [2, 7, 7, 5],
  [3, 6, 4, 1],
  [5, 5, 8, 3],
  [70, 4, 6, 3],
];

beforeAll(async () => {
  await activateCpu();
  await activate(2);
  registerOpGradients();
});

function noise(shape: number[], seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

type Values = Record<string, Float32Array>;

/** Largest difference relative to the largest value. */
function difference(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0) / scale;
}

/** Runs the same computation on the reference backend and on this one. */
async function agree(compute: () => Record<string, tf.Tensor>): Promise<void> {
  const results: Values[] = [];
  for (const backend of ['cpu', 'onnxruntime']) {
    await tf.setBackend(backend);
    const tensors = tf.tidy(compute);
    results.push(
      Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, t.dataSync() as Float32Array])),
    );
    tf.dispose(tensors);
  }
  const [expected, actual] = results as [Values, Values];
  for (const name of Object.keys(expected)) {
    expect(difference(actual[name]!, expected[name]!), name).toBeLessThan(1e-4);
  }
}

/** f of the inputs and its gradients for an arbitrary gradient of the output, by name of the input. */
function gradients(
  inputs: Record<string, tf.Tensor>,
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
): Record<string, tf.Tensor> {
  const names = Object.keys(inputs);
  const y = f(...Object.values(inputs));
  const values = tf.grads(f)(Object.values(inputs), tf.tensor(noise(y.shape, 99), y.shape));
  return { y, ...Object.fromEntries(names.map((name, i) => [`d${name}`, values[i]!])) };
}

const convolve = (
  x: tf.Tensor,
  filter: tf.Tensor4D,
  bias?: tf.Tensor,
  activation: 'linear' | 'relu' = 'linear',
) =>
  tf.fused.conv2d({
    x: x as tf.Tensor4D,
    filter,
    ...(bias ? { bias } : {}),
    strides: 1,
    pad: 'same',
    activation,
  });

describe.each(shapes)('on [%i, %i, %i, %i]', (n, h, w, c) => {
  const shape = [n, h, w, c];
  const image = () => tf.tensor4d(noise(shape, 1), [n, h, w, c]);

  it('convolves, forward and back', async () => {
    await agree(() =>
      gradients(
        {
          x: image(),
          filter: tf.tensor(noise([3, 3, c, 4], 2), [3, 3, c, 4]),
          bias: tf.tensor1d(noise([4], 3)),
        },
        (x, filter, bias) => convolve(x!, filter as tf.Tensor4D, bias),
      ),
    );
  });

  it('convolves with a ReLU', async () => {
    await agree(() => {
      const filter = tf.tensor4d(noise([3, 3, c, 4], 2), [3, 3, c, 4]);
      return { y: convolve(image(), filter, tf.tensor1d(noise([4], 3)), 'relu') };
    });
  });

  it.each(['linear', 'relu'] as const)(
    'normalises a batch (%s), then pools and drops',
    async (activation) => {
      await agree(() =>
        gradients(
          { x: image(), gamma: tf.tensor1d(noise([4], 4)), beta: tf.tensor1d(noise([4], 5)) },
          (x, gamma, beta) => {
            // A convolution first, so that the tensor lies as the backend's own kernels lay it.
            const filter = tf.tensor4d(noise([3, 3, c, 4], 2), [3, 3, c, 4]);
            const y = batchNorm(convolve(x!, filter), gamma!, beta!, activation).y;
            return dropout(tf.maxPool(y as tf.Tensor4D, 2, 2, 'valid'), 0.25, 7);
          },
        ),
      );
    },
  );
});

it('gives the gradient of a maximum that occurs twice to the first, as the CPU backend does', async () => {
  await agree(() =>
    gradients({ x: tf.tensor4d(noise([2, 4, 5, 1], 1).map(Math.round), [2, 4, 5, 1]) }, (x) => {
      const identity = tf.tensor4d([0, 0, 0, 0, 1, 0, 0, 0, 0], [3, 3, 1, 1]);
      return tf.maxPool(convolve(x!, identity), 2, 2, 'valid');
    }),
  );
});

it.each([
  [false, false],
  [true, false],
  [false, true],
  [true, true],
])('multiplies matrices (transposed: %s, %s)', async (transposeA, transposeB) => {
  const a = transposeA ? [5, 7] : [7, 5];
  const b = transposeB ? [3, 5] : [5, 3];
  await agree(() =>
    gradients({ a: tf.tensor(noise(a, 1), a), b: tf.tensor(noise(b, 2), b) }, (left, right) =>
      tf.fused.matMul({ a: left!, b: right!, transposeA, transposeB }),
    ),
  );
});

it('normalises the rows of a matrix', async () => {
  await agree(() =>
    gradients(
      {
        x: tf.tensor2d(noise([6, 5], 1), [6, 5]),
        gamma: tf.tensor1d(noise([5], 2)),
        beta: tf.tensor1d(noise([5], 3)),
      },
      (x, gamma, beta) => batchNorm(x!, gamma!, beta!, 'relu').y,
    ),
  );
});
