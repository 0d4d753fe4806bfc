import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { WeightAverage } from '../../src/network/weight-average.ts';
import { backends } from '../backends.ts';

const STEPS = [3, -1, 4, 1, -5, 9, 2, 6];

/** The averages after each of the steps, of a parameter that takes those values. */
async function averages(decay: number, values = STEPS): Promise<number[]> {
  const parameter = tf.variable(tf.zeros([2]));
  const average = new WeightAverage(new Map([['w', parameter]]), decay);
  const result: number[] = [];
  for (const value of values) {
    parameter.assign(tf.tensor1d([value, -value]));
    average.add();
    const { data } = (await average.weights())['w']!;
    expect(data[1]).toBe(-data[0]!);
    result.push(data[0]!);
  }
  average.dispose();
  parameter.dispose();
  return result;
}

describe.each(backends)('a weight average on $name', ({ activate }) => {
  beforeAll(activate);

  test('with a decay of 1 is the mean of all there were', async () => {
    const means = STEPS.map((_, i) => STEPS.slice(0, i + 1).reduce((sum, v) => sum + v, 0) / (i + 1));
    (await averages(1)).forEach((value, i) => expect(value).toBeCloseTo(means[i]!, 5));
  });

  test('is the mean until that forgets more slowly than the decay, then decays', async () => {
    // 1 − .75 = 1/4: the first four steps weigh the same.
    let expected = (3 - 1 + 4 + 1) / 4;
    const result = await averages(0.75);
    expect(result[0]).toBe(3);
    expect(result[3]).toBeCloseTo(expected, 5);
    for (const i of [4, 5, 6, 7]) {
      expected = 0.75 * expected + 0.25 * STEPS[i]!;
      expect(result[i]).toBeCloseTo(expected, 5);
    }
  });

  test('of a weight that stays is that weight, from the first step on', async () => {
    for (const value of await averages(0.9, [0.3, 0.3, 0.3])) expect(value).toBeCloseTo(0.3, 6);
  });

  test('goes on from its state to the same bits, and keeps no tensors', async () => {
    const before = tf.memory().numTensors;
    const parameter = tf.variable(tf.tensor1d([0.1, 0.7]));
    const parameters = new Map([['w', parameter]]);
    const [one, other] = [new WeightAverage(parameters, 0.8), new WeightAverage(parameters, 0.8)];
    one.add();
    one.add();
    other.restore(structuredClone(await one.state()));
    parameter.assign(tf.tensor1d([0.2, 0.9]));
    one.add();
    other.add();
    expect(await other.state()).toEqual(await one.state());
    expect((await other.state()).count).toBe(3);
    one.dispose();
    other.dispose();
    parameter.dispose();
    tf.disposeVariables();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 2); // the two values assigned above
  });
});
