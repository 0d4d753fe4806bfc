import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { batchNorm, updatedStatistics } from '../../src/network/batch-norm.ts';
import { Random } from '../../src/math/random.ts';
import { backends } from '../backends.ts';
import { distance } from './pytorch.ts';

const shape = [4, 3, 5, 2];
const random = new Random(2);
const values = (n: number): number[] => Array.from({ length: n }, () => 2 * random.uniform() - 1);
const x = values(120).map((value, i) => 3 * value + (i % 2));
const dy = values(120);
const [gamma, beta, epsilon] = [[1.5, -0.5], [0.1, 0.3], 1e-3] as const;

/** The mathematics once more, in double precision and plain loops. */
function reference(x: readonly number[], gamma: readonly number[], beta: readonly number[], relu: boolean) {
  const channel = (c: number): number[] => x.filter((_, i) => i % 2 === c);
  const mean = [0, 1].map((c) => channel(c).reduce((sum, value) => sum + value, 0) / 60);
  const variance = [0, 1].map(
    (c) => channel(c).reduce((sum, value) => sum + (value - mean[c]!) ** 2, 0) / 60,
  );
  const y = x.map((value, i) => {
    const c = i % 2;
    const out = (gamma[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + epsilon) + beta[c]!;
    return relu ? Math.max(out, 0) : out;
  });
  return { y, mean, variance };
}

/** Σ dy · y, whose derivatives the gradients are. */
function objective(
  x: readonly number[],
  gamma: readonly number[],
  beta: readonly number[],
  relu: boolean,
): number {
  return reference(x, gamma, beta, relu).y.reduce((sum, value, i) => sum + value * dy[i]!, 0);
}

function derivative(of: (shifted: number[]) => number, at: readonly number[]): number[] {
  const h = 1e-6;
  return at.map((_, i) => (of(at.with(i, at[i]! + h)) - of(at.with(i, at[i]! - h))) / (2 * h));
}

describe.each(backends)('batch normalisation on $name', ({ activate }) => {
  beforeAll(activate);
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test.each(['linear', 'relu'] as const)('normalises by the batch (%s)', async (activation) => {
    const expected = reference(x, gamma, beta, activation === 'relu');
    const result = batchNorm(
      tf.tensor(x, shape),
      tf.tensor1d([...gamma]),
      tf.tensor1d([...beta]),
      activation,
      epsilon,
    );
    expect(result.y.shape).toEqual(shape);
    expect(distance(await result.y.data(), expected.y)).toBeLessThan(1e-5);
    expect(distance(await result.mean.data(), expected.mean)).toBeLessThan(1e-6);
    expect(distance(await result.variance.data(), expected.variance)).toBeLessThan(1e-5);
  });

  test.each(['linear', 'relu'] as const)(
    'has the gradients of a difference quotient (%s)',
    async (activation) => {
      const relu = activation === 'relu';
      const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor =>
        batchNorm(x, gamma, beta, activation, epsilon).y;
      const [dx, dgamma, dbeta] = tf.grads(f)(
        [tf.tensor(x, shape), tf.tensor1d([...gamma]), tf.tensor1d([...beta])],
        tf.tensor(dy, shape),
      );
      expect(
        distance(
          await dx!.data(),
          derivative((x) => objective(x, gamma, beta, relu), x),
        ),
      ).toBeLessThan(1e-4);
      expect(
        distance(
          await dgamma!.data(),
          derivative((g) => objective(x, g, beta, relu), gamma),
        ),
      ).toBeLessThan(1e-4);
      expect(
        distance(
          await dbeta!.data(),
          derivative((b) => objective(x, gamma, b, relu), beta),
        ),
      ).toBeLessThan(1e-4);
    },
  );

  test('works on rows as it does on images', async () => {
    const rows = batchNorm(
      tf.tensor(x, [60, 2]),
      tf.tensor1d([...gamma]),
      tf.tensor1d([...beta]),
      'linear',
      epsilon,
    );
    expect(rows.y.shape).toEqual([60, 2]);
    expect(distance(await rows.y.data(), reference(x, gamma, beta, false).y)).toBeLessThan(1e-5);
  });

  test('keeps no tensors beyond its results', () => {
    const inputs = [tf.tensor(x, shape), tf.tensor1d([...gamma]), tf.tensor1d([...beta])] as const;
    const before = tf.memory().numTensors;
    tf.dispose(Object.values(batchNorm(...inputs, 'relu')));
    expect(tf.memory().numTensors).toBe(before);
  });

  test('refuses a batch without variance', () => {
    expect(() => batchNorm(tf.ones([1, 3]), tf.ones([3]), tf.zeros([3]))).toThrow('two images or more');
  });

  test('moves the running statistics a tenth of the way, to the unbiased variance', async () => {
    const running = { mean: tf.tensor1d([1]), variance: tf.tensor1d([2]) };
    const batch = { mean: tf.tensor1d([3]), variance: tf.tensor1d([4]) };
    const updated = updatedStatistics(running, batch, 5);
    expect((await updated.mean.data())[0]).toBeCloseTo(1.2, 6);
    expect((await updated.variance.data())[0]).toBeCloseTo(0.9 * 2 + 0.1 * 4 * (5 / 4), 6);
  });
});
