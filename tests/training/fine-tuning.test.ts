import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { activateWasm as activate } from '../../src/engines/node/tfjs.ts';
import {
  type Architecture,
  attentionArchitecture,
  reportArchitecture,
} from '../../src/network/architecture.ts';
import { frozenBatchNorm, scaleAndShift } from '../../src/network/batch-norm.ts';
import { DivergedError, fittingBatchSize, FineTuning, type Lesson } from '../../src/training/fine-tuning.ts';
import { FoldedNetwork } from '../../src/network/fold.ts';
import { featureTensor, Features, splitArchitecture, weightsOf } from '../../src/training/features.ts';
import { initialise } from '../../src/network/initialise.ts';
import { presets } from '../../src/training/presets.ts';
import { normaliseBytes } from '../../src/network/preprocess.ts';
import { Random } from '../../src/math/random.ts';
import { distance } from '../network/pytorch.ts';

const { architecture } = presets['smoke']!.recipe;
const SIZE = 28 * 28;

/** The same network with squeeze and excitation, and without dropout: its loss is a function of its weights alone. */
const attentive: Architecture = {
  ...architecture,
  layers: architecture.layers.flatMap((layer): Architecture['layers'] => {
    if (layer.type === 'dropout') return [];
    return layer.type === 'maxPool' ? [layer, { type: 'squeezeExcite', name: 'se1', units: 3 }] : [layer];
  }),
};

/** Images in which the brightest band of rows tells the class. */
function bands(count: number, seed: number): { images: Uint8Array; labels: Uint8Array } {
  const random = new Random(seed);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  const images = Uint8Array.from({ length: count * SIZE }, (_, i) => {
    const row = Math.floor((i % SIZE) / 28);
    return random.below(60) + (Math.floor(row / 2.8) === labels[Math.floor(i / SIZE)] ? 180 : 0);
  });
  return { images, labels };
}

/** Weights whose running statistics are not those of a fresh network. */
function usedWeights(of: Architecture = architecture) {
  const weights = initialise(of, 3);
  const random = new Random(8);
  for (const [name, { data }] of Object.entries(weights)) {
    if (/moving_mean|beta/.test(name)) data.forEach((_, i) => (data[i] = random.uniform() - 0.5));
    if (/moving_variance|gamma/.test(name)) data.forEach((_, i) => (data[i] = 0.5 + random.uniform()));
  }
  return weights;
}

const lesson = (changes: Partial<Lesson> = {}): Lesson => ({
  mode: 'head',
  ...bands(40, 1),
  epochs: 3,
  batchSize: 16,
  learningRate: 3e-3,
  augmentation: null,
  fresh: false,
  seed: 5,
  ...changes,
});

async function begin(
  changes: Partial<Lesson> = {},
  weights = usedWeights(),
  of: Architecture = architecture,
): Promise<FineTuning> {
  const tuning = new FineTuning(of, weights, lesson(changes));
  await tuning.prepare();
  return tuning;
}

async function finish(tuning: FineTuning): Promise<number[]> {
  const losses: number[] = [];
  while (!tuning.done) {
    const event = await tuning.next();
    if (event.type === 'batch') losses.push(event.loss);
  }
  return losses;
}

beforeAll(activate);

describe('body and head', () => {
  test.each([
    ['the report’s', reportArchitecture],
    ['the one with attention', attentionArchitecture],
  ])('of %s network: the dense layers with the dropout before them', (_, whole) => {
    const { body, head } = splitArchitecture(whole);
    expect([...body.layers, ...head.layers]).toEqual(whole.layers);
    expect(head.inputShape).toEqual([3, 3, 256]);
    expect(head.layers.slice(0, 3)).toEqual([
      { type: 'dropout', name: 'dropout3', rate: 0.25 },
      { type: 'flatten' },
      { type: 'dense', name: 'dense1', units: 512 },
    ]);
  });

  test('one after the other say what the whole network says', async () => {
    const weights = usedWeights();
    const { head } = splitArchitecture(architecture);
    const { images } = bands(5, 2);
    const features = new Features(architecture, weights);
    const inputs = featureTensor(await features.of(images), features.shape);
    const behind = new FoldedNetwork(head, weightsOf(head, weights)).logits(inputs);
    const whole = new FoldedNetwork(architecture, weights).logits(
      tf.tensor4d(normaliseBytes(images), [5, 28, 28, 1]),
    );
    expect(distance(await behind.data(), await whole.data())).toBeLessThan(1e-5);
  });

  test('an image goes through the body once', async () => {
    const { images } = bands(3, 2);
    const features = new Features(architecture, usedWeights());
    const [first] = await features.of(images);
    let computed = 0;
    const again = await features.of(images, () => computed++);
    expect(computed).toBe(0);
    expect(again[0]).toBe(first);
  });
});

test('frozen batch normalisation has the gradients of its formula', async () => {
  const value = (shape: number[], seed: number) => tf.randomUniform(shape, 0.5, 1.5, 'float32', seed);
  const [x, gamma, beta] = [value([6, 4], 1), value([4], 2), value([4], 3)];
  const [mean, variance, dy] = [value([4], 4), value([4], 5), value([6, 4], 6)];
  const loss = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
    tf.sum(tf.mul(scaleAndShift(x, { gamma, beta, mean, variance }), dy)).dataSync()[0]!;
  const normalise = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
    frozenBatchNorm(x, { gamma, beta, mean, variance });
  const inputs = [x, gamma, beta] as const;
  const gradients = tf.grads(normalise as (...inputs: tf.Tensor[]) => tf.Tensor)([...inputs], dy);
  for (const [which, gradient] of gradients.entries()) {
    const step = 1e-2;
    const moved = (by: number) => {
      const nudge = tf.buffer(inputs[which]!.shape);
      nudge.values[1] = by;
      return loss(
        ...(inputs.map((each, i) => (i === which ? tf.add(each, nudge.toTensor()) : each)) as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ]),
      );
    };
    const numeric = (moved(step) - moved(-step)) / (2 * step);
    expect(gradient.dataSync()[1]).toBeCloseTo(numeric, 2);
  }
});

describe('a lesson', () => {
  test('of the head leaves everything else to the bit, and learns', async () => {
    const before = usedWeights();
    const tuning = await begin({ epochs: 12, learningRate: 1e-2 });
    const losses = await finish(tuning);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! - 0.4);
    const after = await tuning.weights();
    for (const name of Object.keys(before)) {
      const changed = /^(dense\d|bn2)\/(kernel|bias|gamma|beta)$/.test(name);
      expect(distance(after[name]!.data, before[name]!.data) > 0, name).toBe(changed);
    }
    tuning.dispose();
  });

  test('of everything changes everything', async () => {
    const before = usedWeights();
    const tuning = await begin({ mode: 'all', epochs: 1 });
    await finish(tuning);
    const after = await tuning.weights();
    for (const name of Object.keys(before)) {
      expect(distance(after[name]!.data, before[name]!.data), name).toBeGreaterThan(0);
    }
    tuning.dispose();
  });

  test.each(['head', 'all'] as const)(
    'of %s lowers the loss in one step through squeeze and excitation, and leaves the rest to the bit',
    async (mode) => {
      const before = usedWeights(attentive);
      // Every step sees all of the images.
      const tuning = await begin({ mode, batchSize: 40 }, before, attentive);
      const step = await tuning.next();
      const after = await tuning.weights();
      for (const name of Object.keys(before)) {
        const changed = mode === 'all' || /^(dense\d|bn2)\/(kernel|bias|gamma|beta)$/.test(name);
        expect(distance(after[name]!.data, before[name]!.data) > 0, name).toBe(changed);
      }
      const [next] = await finish(tuning);
      expect(step.type === 'batch' && step.loss - next!).toBeGreaterThan(1e-3);
      tuning.dispose();
    },
  );

  test.each([
    { mode: 'head', network: 'a plain network', of: architecture },
    { mode: 'all', network: 'a plain network', of: architecture },
    { mode: 'head', network: 'one with squeeze and excitation', of: attentive },
    { mode: 'all', network: 'one with squeeze and excitation', of: attentive },
  ] as const)('of $mode of $network answers as its weights do', async ({ mode, of }) => {
    const tuning = await begin({ mode }, usedWeights(of), of);
    await tuning.next();
    const { images } = bands(7, 9);
    const own = await tuning.probabilities(images);
    const network = new FoldedNetwork(of, await tuning.weights());
    const probabilities = network.probabilities(tf.tensor4d(normaliseBytes(images), [7, 28, 28, 1]));
    expect(distance(own, await probabilities.data())).toBeLessThan(1e-5);
    tuning.dispose();
  });

  const photos = {
    kind: 'photos',
    flip: 0.5,
    shift: 2,
    rotation: 5,
    scale: 0,
    brightness: 0.1,
    contrast: 0,
    erasing: 0,
  } as const;

  test.each(['head', 'all'] as const)('of %s goes on from any of its states to the bit', async (mode) => {
    const whole = await begin({ mode, augmentation: photos });
    const losses = await finish(whole);
    const expected = await whole.weights();
    whole.dispose();
    for (const stop of [1, 4, 5]) {
      const first = await begin({ mode, augmentation: photos });
      for (let i = 0; i < stop; i++) await first.next();
      const state = structuredClone(await first.state());
      first.dispose();
      const second = await begin({ mode, augmentation: photos });
      second.restore(state);
      const rest = await finish(second);
      expect(rest).toEqual(losses.slice(losses.length - rest.length));
      expect(await second.weights()).toEqual(expected);
      second.dispose();
    }
  });

  test('sees other copies of the images in other epochs when it augments', async () => {
    const plain = await finish(await begin());
    const augmented = await finish(await begin({ augmentation: photos }));
    // The first epoch has the images as they are.
    expect(augmented.slice(0, 3)).toEqual(plain.slice(0, 3));
    expect(augmented[3]).not.toBe(plain[3]);
  });

  test('from scratch forgets what the network knew', async () => {
    const tuning = await begin({ mode: 'all', fresh: true });
    expect(await tuning.weights()).toEqual(initialise(architecture, 5));
    tuning.dispose();
  });

  test.each(['head', 'all'] as const)('of %s that diverges goes back to its last epoch', async (mode) => {
    const before = usedWeights();
    const tuning = await begin({ mode, learningRate: 1e9 }, before);
    const failure = await finish(tuning).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DivergedError);
    const { epoch } = failure as DivergedError;
    if (epoch === 0) expect(await tuning.weights()).toEqual(before);
    const { images } = bands(2, 9);
    expect((await tuning.probabilities(images)).every(Number.isFinite)).toBe(true);
    tuning.dispose();
  });

  test('keeps no tensor from one step to the next', async () => {
    for (const mode of ['head', 'all'] as const) {
      const tuning = await begin({ mode, epochs: 30 });
      for (let i = 0; i < 6; i++) await tuning.next();
      const before = tf.memory().numTensors;
      await finish(tuning);
      await tuning.probabilities(bands(2, 9).images);
      expect(tf.memory().numTensors).toBe(before);
      tuning.dispose();
    }
  });

  test('leaves no batch of one image to batch normalisation', () => {
    const size = (count: number, batchSize: number) =>
      fittingBatchSize({ mode: 'all', labels: new Uint8Array(count), batchSize });
    expect(size(33, 16)).toBe(15);
    expect(size(32, 16)).toBe(16);
    expect(size(3, 2)).toBe(3);
    expect(size(5, 64)).toBe(5);
    for (let count = 2; count < 60; count++) {
      for (let batch = 1; batch < 20; batch++) expect(count % size(count, batch)).not.toBe(1);
    }
  });
});
