import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Architecture,
  type Layer,
  type Weights,
  attentionArchitecture,
  reportArchitecture,
  weightSpecs,
} from '../../src/network/architecture.ts';
import { FoldedNetwork, foldBatchNorm } from '../../src/network/fold.ts';
import { initialise } from '../../src/network/initialise.ts';
import { Network } from '../../src/network/network.ts';
import { Random } from '../../src/math/random.ts';
import { backends } from '../backends.ts';
import { distance } from './pytorch.ts';
import { tinyArchitecture, tinyResidual, tinyTraining, tinyWeights } from './tiny.ts';

/** The small network with squeeze and excitation behind a ReLU and behind the pooling. */
function tinyAttention(): Architecture {
  const tiny = tinyArchitecture();
  const layers = tiny.layers.flatMap((layer, i): Layer[] =>
    i === 2 || layer.type === 'maxPool'
      ? [layer, { type: 'squeezeExcite', name: `se${i}`, units: 3 }]
      : [layer],
  );
  return { ...tiny, layers };
}

/** First weights with batch normalisations that do something. */
function lively(architecture: Architecture): Weights {
  const weights = initialise(architecture, 4);
  const random = new Random(8);
  for (const { name } of weightSpecs(architecture).filter((spec) => spec.fanIn === 0)) {
    const { shape, data } = weights[name]!;
    const from = /beta|mean/.test(name) ? -0.5 : 0.5;
    weights[name] = { shape, data: data.map(() => from + random.uniform()) };
  }
  return weights;
}

describe.each(backends)('the folded network on $name', ({ activate }) => {
  beforeAll(activate);
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('gives what PyTorch gives', async () => {
    const { images, batchSize, final, evalLogitsOfBatch0 } = tinyTraining;
    const folded = new FoldedNetwork(tinyArchitecture(), tinyWeights(final));
    const batch = tf.tensor4d(images.data.slice(0, batchSize * 49), [batchSize, 7, 7, 1]);
    expect(distance(await folded.logits(batch).data(), evalLogitsOfBatch0.flat())).toBeLessThan(1e-5);
    const probabilities = await folded.probabilities(batch).array();
    for (const row of probabilities) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    folded.dispose();
  });

  test.each([
    ['squeeze and excitation', tinyAttention(), ['conv1', 'conv2', 'pool1', 'dense1', 'dense2']],
    [
      'a residual block',
      tinyResidual(),
      ['conv1', 'block1a', 'block1b', 'conv2', 'pool1', 'dense1', 'dense2'],
    ],
  ])('gives what the unfolded network gives where %s is in between', async (_, architecture, names) => {
    const weights = lively(architecture);
    const images = tf.randomUniform<tf.Rank.R4>([3, 7, 7, 1], -1, 1, 'float32', 3);
    const network = new Network(architecture, weights);
    const folded = new FoldedNetwork(architecture, weights);
    const expected = await network.forward(images, { training: false }).data();
    expect(distance(await folded.logits(images).data(), expected)).toBeLessThan(1e-5);
    const activations = folded.activations(images);
    expect(activations.map(({ name }) => name)).toEqual(names);
    expect(distance(await activations.at(-1)!.values.data(), expected)).toBeLessThan(1e-5);
    network.dispose();
    folded.dispose();
  });

  test('shows what every layer gives, the logits last, and leaves nothing else behind', async () => {
    const images = tf.randomUniform<tf.Rank.R4>([1, 7, 7, 1], -1, 1, 'float32', 3);
    const folded = new FoldedNetwork(tinyArchitecture(), lively(tinyArchitecture()));
    const before = tf.memory().numTensors;
    const activations = folded.activations(images);
    expect(tf.memory().numTensors).toBe(before + activations.length);
    expect(activations.map(({ name }) => name)).toEqual(
      foldBatchNorm(tinyArchitecture(), lively(tinyArchitecture())).flatMap((layer) =>
        layer.type === 'maxPool' ? ['pool1'] : 'kernel' in layer ? [layer.name] : [],
      ),
    );
    const logits = await folded.logits(images).data();
    expect(distance(await activations.at(-1)!.values.data(), logits)).toBeLessThan(1e-6);
    expect(Math.min(...(await activations[0]!.values.data()))).toBe(0);
    folded.dispose();
  });

  test.each([
    ['the small network', tinyArchitecture(0.5), 8],
    ['the one with squeeze and excitation', tinyAttention(), 16],
  ])('keeps of %s its weights alone, and lets go of them', (_, architecture, tensors) => {
    const images = tf.zeros<tf.Rank.R4>([1, 7, 7, 1]);
    const before = tf.memory().numTensors;
    const folded = new FoldedNetwork(architecture, lively(architecture));
    expect(tf.memory().numTensors).toBe(before + tensors);
    folded.probabilities(images).dispose();
    expect(tf.memory().numTensors).toBe(before + tensors);
    folded.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe.each([
  ["the report's network", reportArchitecture],
  ['the network with attention', attentionArchitecture],
])('folding of %s', (_, architecture) => {
  test.each(backends.filter(({ fast }) => fast))('agrees with it on $name', async ({ activate }) => {
    await activate();
    tf.engine().startScope();
    const weights = lively(architecture);
    const images = tf.randomUniform<tf.Rank.R4>([2, 28, 28, 1], -0.8, 2, 'float32', 3);
    const network = new Network(architecture, weights);
    const folded = new FoldedNetwork(architecture, weights);
    const expected = await network.forward(images, { training: false }).data();
    expect(distance(await folded.logits(images).data(), expected)).toBeLessThan(1e-5);
    network.dispose();
    folded.dispose();
    tf.engine().endScope();
  });
});

describe('folding', () => {
  test('multiplies by γ / √(variance + ε) and shifts, channel by channel', () => {
    const weight = (shape: number[], ...data: number[]) => ({ shape, data: Float32Array.from(data) });
    const layers = foldBatchNorm(
      {
        inputShape: [1, 1, 2],
        layers: [
          { type: 'flatten' },
          { type: 'dense', name: 'dense1', units: 2 },
          { type: 'batchNorm', name: 'bn1' },
          { type: 'relu' },
          { type: 'dropout', name: 'dropout1', rate: 0.5 },
        ],
      },
      {
        'dense1/kernel': weight([2, 2], 1, 2, 3, 4),
        'dense1/bias': weight([2], 5, 6),
        'bn1/gamma': weight([2], 2, 3),
        'bn1/beta': weight([2], 0.5, -0.5),
        'bn1/moving_mean': weight([2], 1, 2),
        'bn1/moving_variance': weight([2], 4, 9),
      },
    );
    expect(layers.map(({ type }) => type)).toEqual(['flatten', 'dense']);
    const dense = layers[1]!;
    if (!('kernel' in dense)) throw new Error('no kernel');
    expect(dense.relu).toBe(true);
    expect(distance(dense.kernel.data, [1, 2, 3, 4])).toBeLessThan(1e-5);
    expect(distance(dense.bias.data, [4.5, 3.5])).toBeLessThan(1e-5);
  });

  test('says what it cannot fold', () => {
    const architecture: Architecture = {
      inputShape: [2, 2, 1],
      layers: [{ type: 'maxPool' }, { type: 'batchNorm', name: 'bn1' }],
    };
    expect(() => foldBatchNorm(architecture, initialise(architecture, 1))).toThrow(
      'must follow a convolution',
    );
    expect(() => foldBatchNorm(tinyArchitecture(), {})).toThrow('conv1/kernel is missing');
  });
});
