import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  attentionArchitecture,
  countParameters,
  reportArchitecture,
} from '../../src/network/architecture.ts';
import { Random } from '../../src/math/random.ts';
import { gated, squeezeExcite } from '../../src/network/squeeze-excite.ts';
import { backends } from '../backends.ts';
import { distance } from './pytorch.ts';

const [n, side, channels, units] = [3, 4, 5, 2];
const random = new Random(6);
const values = (count: number): number[] => Array.from({ length: count }, () => 2 * random.uniform() - 1);
const sizes = [n * side * side * channels, channels * units, units, units * channels, channels];
const inputs = sizes.map(values);
const dy = values(sizes[0]!);

/** The mathematics once more, in double precision and plain loops. */
function reference([x, w1, b1, w2, b2]: readonly (readonly number[])[]): number[] {
  const pixels = side * side;
  return x!.map((value, i) => {
    const [image, channel] = [Math.floor(i / (pixels * channels)), i % channels];
    const mean = (c: number): number => {
      let sum = 0;
      for (let p = 0; p < pixels; p++) sum += x![(image * pixels + p) * channels + c]!;
      return sum / pixels;
    };
    let excited = b2![channel]!;
    for (let u = 0; u < units; u++) {
      let hidden = b1![u]!;
      for (let c = 0; c < channels; c++) hidden += mean(c) * w1![c * units + u]!;
      excited += Math.max(0, hidden) * w2![u * channels + channel]!;
    }
    return value / (1 + Math.exp(-excited));
  });
}

const objective = (at: readonly (readonly number[])[]): number =>
  reference(at).reduce((sum, value, i) => sum + value * dy[i]!, 0);

function derivative(of: number): number[] {
  const h = 1e-5;
  const shifted = (i: number, by: number): number =>
    objective(inputs.with(of, inputs[of]!.with(i, inputs[of]![i]! + by)));
  return inputs[of]!.map((_, i) => (shifted(i, h) - shifted(i, -h)) / (2 * h));
}

const tensors = (): [tf.Tensor4D, tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D] => [
  tf.tensor4d(inputs[0]!, [n, side, side, channels]),
  tf.tensor2d(inputs[1]!, [channels, units]),
  tf.tensor1d(inputs[2]!),
  tf.tensor2d(inputs[3]!, [units, channels]),
  tf.tensor1d(inputs[4]!),
];
const run = (...[x, w1, b1, w2, b2]: ReturnType<typeof tensors>): tf.Tensor4D =>
  squeezeExcite(x, { squeezeKernel: w1, squeezeBias: b1, exciteKernel: w2, exciteBias: b2 });

describe.each(backends)('squeeze and excitation on $name', ({ activate }) => {
  beforeAll(activate);
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('scales each channel by what the means say', async () => {
    const [x, squeezeKernel, squeezeBias, exciteKernel, exciteBias] = tensors();
    const expected = reference(inputs);
    expect(distance(await run(...tensors()).data(), expected)).toBeLessThan(1e-6);
    const weights = { squeezeKernel, squeezeBias, exciteKernel, exciteBias };
    expect(distance(await gated(x, weights).data(), expected)).toBeLessThan(1e-6);
  });

  test('has the gradients of a difference quotient', async () => {
    const gradients = tf.grads(run as (...x: tf.Tensor[]) => tf.Tensor)(
      tensors(),
      tf.tensor4d(dy, [n, side, side, channels]),
    );
    expect(gradients).toHaveLength(5);
    for (const [i, gradient] of gradients.entries()) {
      expect(distance(await gradient.data(), derivative(i)), `input ${i}`).toBeLessThan(1e-4);
    }
  });

  test('agrees with itself behind a convolution, where memory may be laid out otherwise', async () => {
    const [x, ...weights] = tensors();
    const filter = tf.tensor4d(values(9 * channels * channels), [3, 3, channels, channels]);
    const convolved = tf.conv2d(x, filter, 1, 'same');
    const plain = tf.tensor4d(await convolved.data(), convolved.shape);
    expect(distance(await run(convolved, ...weights).data(), await run(plain, ...weights).data())).toBe(0);
    const [moved, still] = [convolved, plain].map((input) =>
      tf.grad((x) => run(x as tf.Tensor4D, ...weights))(input, tf.tensor4d(dy, x.shape)),
    );
    expect(distance(await moved!.data(), await still!.data())).toBe(0);
  });

  test('keeps no tensors beyond its result', () => {
    const inputs = tensors();
    const before = tf.memory().numTensors;
    run(...inputs).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('the network with attention has 22,008 parameters more than the report’s', () => {
  const added = [64, 128, 256].reduce((sum, c) => sum + c * (c / 8) + c / 8 + (c / 8) * c + c, 0);
  expect(added).toBe(22_008);
  expect(countParameters(attentionArchitecture)).toBe(2_493_514 + added);
  expect(attentionArchitecture.layers.filter(({ type }) => type !== 'squeezeExcite')).toEqual(
    reportArchitecture.layers,
  );
});
