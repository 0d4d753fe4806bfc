import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { initialise } from '../../src/network/initialise.ts';
import { Network } from '../../src/network/network.ts';
import { backends } from '../backends.ts';
import { tinyArchitecture } from './tiny.ts';

const architecture = tinyArchitecture(0.5);
const weights = initialise(architecture, 1);

describe.each(backends)('a network on $name', ({ activate }) => {
  beforeAll(activate);
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());
  const images = (): tf.Tensor4D => tf.randomUniform([8, 7, 7, 1], -1, 1, 'float32', 1);

  test('gives back the weights that it was given, as copies', async () => {
    const network = new Network(architecture, weights);
    const read = await network.weights();
    expect(read).toEqual(weights);
    read['conv1/kernel']!.data.fill(0);
    expect(await network.weights()).toEqual(weights);
    network.dispose();
  });

  test('shares nothing with another one', async () => {
    const [a, b] = [new Network(architecture, weights), new Network(architecture, weights)];
    a.parameters.get('dense2/bias')!.assign(tf.ones([10]));
    expect((await b.weights())['dense2/bias']).toEqual(weights['dense2/bias']);
    a.dispose();
    expect(await b.weights()).toEqual(weights);
    b.dispose();
  });

  test('takes the batch into its running statistics in training only', async () => {
    const network = new Network(architecture, weights);
    network.forward(images(), { training: false });
    network.trainingPass(images(), 1);
    expect(await network.weights()).toEqual(weights);
    network.forward(images(), { training: true, dropoutSeed: 1 });
    const after = await network.weights();
    expect(after['bn1/moving_mean']).not.toEqual(weights['bn1/moving_mean']);
    expect(after['bn3/moving_variance']).not.toEqual(weights['bn3/moving_variance']);
    expect(after['conv1/kernel']).toEqual(weights['conv1/kernel']);
    network.dispose();
  });

  test('drops out by the seed, in training only', async () => {
    const network = new Network(architecture, weights);
    const logits = async (dropoutSeed: number): Promise<ArrayLike<number>> =>
      network.trainingPass(images(), dropoutSeed).logits.data();
    const first = await logits(1);
    expect(await logits(1)).toEqual(first);
    expect(await logits(2)).not.toEqual(first);
    network.dispose();
  });

  test('keeps no tensors of a pass', () => {
    const network = new Network(architecture, weights);
    const input = images();
    const before = tf.memory().numTensors;
    network.forward(input, { training: true, dropoutSeed: 1 }).dispose();
    network.forward(input, { training: false }).dispose();
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
  });
});

describe('weights that do not fit', () => {
  beforeAll(backends[0]!.activate);

  test('are refused by name, and nothing is changed', async () => {
    const network = new Network(architecture, weights);
    const zeros = Object.fromEntries(
      Object.entries(weights).map(([name, { shape, data }]) => [name, { shape, data: data.map(() => 0) }]),
    );
    expect(() =>
      network.load({ ...zeros, 'dense2/bias': { shape: [9], data: new Float32Array(9) } }),
    ).toThrow('The weight dense2/bias is [9] where the network has [10].');
    const incomplete = Object.fromEntries(
      Object.entries(zeros).filter(([name]) => name !== 'bn3/moving_variance'),
    );
    expect(() => network.load(incomplete)).toThrow('bn3/moving_variance is missing');
    expect(await network.weights()).toEqual(weights);
    network.dispose();
  });
});
