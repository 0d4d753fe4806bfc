import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { activateCpu } from '../../../src/engines/node/tfjs.ts';
import { LARGE_FLAG } from '../../../src/engines/onnxruntime/backend.ts';
import {
  binaryOperators,
  type BinaryName,
  type UnaryName,
  unaryOperators,
} from '../../../src/engines/onnxruntime/elementwise.ts';
import { activate } from '../../../src/engines/node/onnxruntime.ts';
import { batchNorm } from '../../../src/network/batch-norm.ts';
import { dropout } from '../../../src/network/dropout.ts';
import { registerOpGradients } from '../../../src/network/differentiation.ts';
import { Random } from '../../../src/math/random.ts';
import { sizeOf } from '../../../src/math/arrays.ts';

type Shape = [n: number, h: number, w: number, c: number];

/** Always the same ones, of 2×2 pixels and more, since they are pooled. */
function randomShapes(count: number): Shape[] {
  const random = new Random(5);
  const within = (least: number, most: number): number => least + random.below(most - least + 1);
  return Array.from({ length: count }, () => [within(1, 40), within(2, 11), within(2, 11), within(1, 9)]);
}

/** Odd sizes, one image, more than a chunk, one channel; and what chance adds. */
const shapes: Shape[] = [
  [1, 3, 3, 2],
  [2, 7, 7, 5],
  [3, 6, 4, 1],
  [5, 5, 8, 3],
  [70, 4, 6, 3],
  ...randomShapes(8),
];

beforeAll(async () => {
  await activateCpu();
  await activate(2);
  registerOpGradients();
});

function noise(shape: number[], seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: sizeOf(shape) }, () => {
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

describe.each(shapes)('on [%i, %i, %i, %i]', (...shape) => {
  const [, , , c] = shape;
  const image = () => tf.tensor4d(noise(shape, 1), shape);

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

const unaryNames = Object.keys(unaryOperators) as UnaryName[];
const binaryNames = Object.keys(binaryOperators) as BinaryName[];

/** The kernel itself, without what tfjs's op does around it. */
const run = (name: string, inputs: Record<string, tf.Tensor>, attributes: Record<string, unknown> = {}) =>
  tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as tf.Tensor;

/** The tensor as a convolution lays it in memory. */
const laid = (x: tf.Tensor): tf.Tensor4D => {
  const channels = x.shape[3]!;
  const middle = Float32Array.from({ length: 9 * channels ** 2 }, (_, i) => {
    const [place, pair] = [Math.floor(i / channels ** 2), i % channels ** 2];
    return place === 4 && pair % (channels + 1) === 0 ? 1 : 0;
  });
  return convolve(x, tf.tensor4d(middle, [3, 3, channels, channels])) as tf.Tensor4D;
};
/** Adds up what lies around each pixel, and so what lies in the padding. */
const blurred = (x: tf.Tensor): tf.Tensor => {
  const channels = x.shape[3]!;
  return convolve(x, tf.ones<tf.Rank.R4>([3, 3, channels, 2]));
};

describe('element by element, as a convolution lays tensors', () => {
  const shape: Shape = [19, 5, 6, 3];
  const x = () => laid(tf.abs(tf.tensor4d(noise(shape, 1), shape)));
  const y = () => tf.add(tf.abs(tf.tensor4d(noise(shape, 2), shape)), 0.1);

  it.each(unaryNames)('%s leaves the padding at zero', async (name) => {
    await agree(() => {
      const z = run(name, { x: tf.add(x(), 0.1) });
      return { z, around: blurred(z) };
    });
  });

  it.each(binaryNames)(
    '%s of two such tensors, of one such and one other, and of one and a number',
    async (name) => {
      await agree(() => {
        const results = {
          both: run(name, { a: x(), b: laid(y()) }),
          left: run(name, { a: x(), b: y() }),
          right: run(name, { a: x(), b: y() }),
          number: run(name, { a: x(), b: tf.scalar(2) }),
          one: run(name, { a: tf.tensor4d([3], [1, 1, 1, 1]), b: laid(y()) }),
        };
        const around = Object.entries(results).map(([key, z]) => [`${key}, blurred`, blurred(z)] as const);
        return { ...results, ...Object.fromEntries(around) };
      });
    },
  );

  it('a number of more axes than the tensor gives its axes to the result', async () => {
    const shapeOf = () => tf.tidy(() => tf.add(x(), tf.ones([1, 1, 1, 1, 1])).shape);
    await tf.setBackend('onnxruntime');
    expect(shapeOf()).toEqual([1, ...shape]);
  });

  it('Square, and batch normalisation with given statistics', async () => {
    await agree(() => {
      const [mean, offset, scale] = [4, 5, 6].map((seed) => tf.tensor1d(noise([3], seed))) as [
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      const variance = tf.add(tf.abs(tf.tensor1d(noise([3], 7))), 0.1) as tf.Tensor1D;
      const normalised = tf.batchNorm4d(x(), mean, variance, offset, scale, 1e-3);
      return {
        square: tf.square(x()),
        normalised,
        around: blurred(normalised),
        plain: tf.batchNorm4d(x(), mean, variance),
      };
    });
  });

  it('takes what is not a number along', async () => {
    const values = noise(shape, 1);
    values[100] = NaN;
    await agree(() => {
      const lost = tf.cast(tf.isNaN(tf.relu(laid(tf.tensor4d(values, shape)))), 'float32');
      return { lost, some: tf.max(lost) };
    });
  });
});

describe('large tensors', () => {
  /** More than is left to the inherited kernels, and not even. */
  const large = (1 << 17) + 5;
  const vector = (seed: number, size = large) => tf.abs(tf.tensor1d(noise([size], seed)));

  it.each(unaryNames)('%s', async (name) => {
    await agree(() => ({ z: run(name, { x: tf.add(vector(1), 0.1) }) }));
  });

  it.each(binaryNames)('%s', async (name) => {
    await agree(() => ({
      both: run(name, { a: vector(1), b: tf.add(vector(2), 0.1) }),
      number: run(name, { a: vector(1), b: tf.scalar(2) }),
      one: run(name, { a: tf.scalar(2), b: tf.add(vector(2), 0.1) }),
    }));
  });

  it('of more than one piece', async () => {
    await agree(() => ({ z: tf.rsqrt(tf.add(vector(1, (1 << 20) + 3), 0.1)) }));
  });

  it.each([
    ['all axes', [51, 257, 11], [0, 1, 2]],
    ['the first axis', [5003, 31], [0]],
    ['the first axes', [51, 257, 11], [0, 1]],
    ['the last axis', [31, 5003], [1]],
    ['the last axes', [51, 257, 11], [2, -2]],
    ['one between', [51, 257, 11], [1]],
    ['one between, of axes of size 1', [1, 5003, 31, 1], [1]],
    ['an axis of size 1', [5003, 31, 1], [2]],
    ['axes that are no neighbours', [51, 257, 11], [0, 2]],
  ] as [string, number[], number[]][])('sums, means and extremes over %s', async (_, shape, axes) => {
    const x = () => tf.tensor(noise(shape, 3), shape);
    await agree(() => ({
      sum: tf.sum(x(), axes),
      kept: tf.sum(x(), axes, true),
      mean: tf.mean(x(), axes),
      max: tf.max(x(), axes),
      min: tf.min(x(), axes, true),
    }));
    await tf.setBackend('onnxruntime');
    const kept = tf.tidy(() => tf.sum(x(), axes, true).shape);
    const reduced = new Set(axes.map((axis) => (axis + shape.length) % shape.length));
    expect(kept).toEqual(shape.map((size, axis) => (reduced.has(axis) ? 1 : size)));
  });

  it('a long sum keeps its digits', async () => {
    await tf.setBackend('onnxruntime');
    const size = 3_000_000;
    // In single precision, tenths stop adding up long before.
    const sum = tf.tidy(() => tf.sum(tf.fill([size], 0.1)).dataSync()[0]!);
    expect(Math.abs(sum / (Math.fround(0.1) * size) - 1)).toBeLessThan(1e-5);
  });

  it.each(['max', 'min'] as const)('%s is not a number where one is not', async (name) => {
    const values = noise([2, large], 1);
    values[large + 7] = NaN;
    await tf.setBackend('onnxruntime');
    const [first, second] = tf.tidy(() => tf[name](tf.tensor2d(values, [2, large]), 1).dataSync());
    expect(first).not.toBeNaN();
    expect(second).toBeNaN();
  });

  it('softmax of rows, with its gradient', async () => {
    await agree(() => ({ y: tf.softmax(tf.mul(tf.tensor2d(noise([13_200, 10], 1), [13_200, 10]), 20)) }));
  });

  it('batch normalisation and pooling of images that no convolution has laid', async () => {
    const shape: Shape = [40, 21, 22, 8];
    await agree(() => {
      const x = tf.tensor4d(noise(shape, 1), shape);
      const [mean, variance] = [tf.tensor1d(noise([8], 2)), tf.abs(tf.tensor1d(noise([8], 3)))];
      return {
        normalised: tf.batchNorm4d(x, mean as tf.Tensor1D, variance as tf.Tensor1D),
        ...gradients({ x }, (image) => tf.maxPool(image as tf.Tensor4D, 2, 2, 'valid')),
      };
    });
  });

  it('small ones are left to the inherited kernels', () => {
    expect(tf.env().getNumber(LARGE_FLAG)).toBe(1 << 17);
  });
});
