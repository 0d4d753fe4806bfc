import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Weights } from '../../src/network/architecture.ts';
import { initialise } from '../../src/network/initialise.ts';
import { type Augment, NO_CLASS } from '../../src/data/dataset.ts';
import { Network } from '../../src/network/network.ts';
import { oneCycle } from '../../src/network/one-cycle.ts';
import { presets } from '../../src/training/presets.ts';
import { Random } from '../../src/math/random.ts';
import { reportRecipe } from '../../src/training/recipe.ts';
import type { Recipe } from '../../src/training/recipe-schema.ts';
import {
  type BatchEvent,
  type EpochEvent,
  NonFiniteLossError,
  Trainer,
  type TrainerOptions,
  type TrainingEvent,
  type TrainingState,
} from '../../src/training/trainer.ts';
import { backends, brisk } from '../backends.ts';
import { tinyArchitecture } from '../network/tiny.ts';

const recipe: Recipe = { ...reportRecipe, architecture: tinyArchitecture(0.3), epochs: 3, batchSize: 16 };

/** Seventy images of 7×7 with a bright row that tells the class; the first fifty are trained on: 16 + 16 + 16 + 2. */
const random = new Random(1);
const labels = Uint8Array.from({ length: 70 }, (_, i) => i % 7);
const images = Uint8Array.from({ length: 70 * 49 }, (_, i) => {
  const row = Math.floor((i % 49) / 7);
  return random.below(60) + (row === labels[Math.floor(i / 49)] ? 180 : 0);
});
const numbers = Array.from({ length: 70 }, (_, i) => i);
const split = { train: numbers.slice(0, 50), validation: numbers.slice(50) };

function trainer(changes: Partial<TrainerOptions> = {}): Trainer {
  const network = new Network(recipe.architecture, initialise(recipe.architecture, recipe.seed));
  return new Trainer({ network, recipe, data: { images, labels }, split, ...changes });
}

function close(trainer: Trainer): void {
  trainer.dispose();
  trainer.network.dispose();
}

/** A state without the times that it took. */
function withoutTimes(state: TrainingState): unknown {
  return {
    ...state,
    running: { ...state.running, seconds: 0 },
    epochs: state.epochs.map((epoch) => ({ ...epoch, seconds: 0, trainSeconds: 0 })),
  };
}

/** Trains to the end, and from five points of that again. */
async function resumesToTheBit(recipe: Recipe): Promise<void> {
  const whole = trainer({ recipe });
  const states: TrainingState[] = [await whole.state()];
  while (!whole.done) {
    await whole.next();
    states.push(await whole.state());
  }
  const end = withoutTimes(states.at(-1)!);
  close(whole);
  // Before the first step, in mid-epoch, between the last step of an epoch and its validation, behind that.
  for (const at of [0, 2, 4, 5, 11]) {
    const resumed = trainer({
      network: new Network(recipe.architecture, initialise(recipe.architecture, 99)),
      recipe,
    });
    // As through a checkpoint: nothing may be shared with the run before.
    resumed.restore(structuredClone(states[at]!));
    expect(withoutTimes(await resumed.state())).toEqual(withoutTimes(states[at]!));
    while (!resumed.done) await resumed.next();
    expect(withoutTimes(await resumed.state())).toEqual(end);
    close(resumed);
  }
}

describe.each(brisk)('training on $name', ({ activate }) => {
  beforeAll(activate);

  test('tells of each batch and each epoch, and learns', async () => {
    const training = trainer();
    const events: TrainingEvent[] = [];
    for await (const event of training.run()) events.push(event);
    expect(events.map((event) => event.type)).toEqual(
      [1, 2, 3].flatMap(() => ['batch', 'batch', 'batch', 'batch', 'epoch']),
    );
    const batches = events.filter((event): event is BatchEvent => event.type === 'batch');
    expect(batches.map(({ epoch, batch, step }) => [epoch, batch, step])).toEqual(
      Array.from({ length: 12 }, (_, i) => [Math.floor(i / 4) + 1, i % 4, i + 1]),
    );
    expect(batches[5]!.learningRate).toBe(oneCycle(recipe.schedule, 5, 12).learningRate);
    expect(training.batches.map(({ loss }) => loss)).toEqual(batches.map(({ loss }) => loss));
    expect(training.done).toBe(true);
    await expect(training.next()).rejects.toThrow('finished');

    const epochs = events.filter((event): event is EpochEvent => event.type === 'epoch');
    for (const [i, epoch] of epochs.entries()) {
      const own = batches.slice(4 * i, 4 * i + 4);
      expect(epoch.epoch).toBe(i + 1);
      expect(epoch.trainLoss).toBeCloseTo(own.reduce((sum, { loss }) => sum + loss, 0) / 4, 12);
      const correct = own.reduce((sum, { accuracy, batch }) => sum + accuracy * (batch === 3 ? 2 : 16), 0);
      expect(epoch.trainAccuracy).toBeCloseTo(correct / 50, 12);
      expect(epoch.learningRate).toBe(oneCycle(recipe.schedule, 4 * (i + 1), 12).learningRate);
      expect(epoch.seconds).toBeGreaterThanOrEqual(epoch.trainSeconds);
    }
    expect(epochs[2]!.trainLoss).toBeLessThan(epochs[0]!.trainLoss);
    const accuracies = epochs.map(({ validationAccuracy }) => validationAccuracy!);
    expect(training.best!.epoch).toBe(accuracies.indexOf(Math.max(...accuracies)) + 1);
    expect(epochs.map(({ best }) => best)).toEqual(
      accuracies.map((accuracy, i) => accuracy > Math.max(-1, ...accuracies.slice(0, i))),
    );
    close(training);
  });

  test('resumes from any point to the same bits', () => resumesToTheBit(recipe));

  test('resumes to the same bits where hard images are shown more often', () =>
    resumesToTheBit({ ...recipe, emphasis: { from: 2, to: 3, share: 0.4 } }));

  test('shows hard images more often only when it knows them, and to another end', async () => {
    const plain = trainer();
    const emphasising = trainer({ recipe: { ...recipe, emphasis: { from: 2, to: 2, share: 0.4 } } });
    for (const each of [plain, emphasising]) while (!each.done) await each.next();
    const losses = (of: Trainer, epoch: number): number[] =>
      of.batches.slice(4 * (epoch - 1), 4 * epoch).map(({ loss }) => loss);
    expect(losses(emphasising, 1)).toEqual(losses(plain, 1));
    expect(losses(emphasising, 2)).not.toEqual(losses(plain, 2));
    // The hard images are in the majority.
    expect(emphasising.epochs[1]!.trainLoss).toBeGreaterThan(plain.epochs[1]!.trainLoss);
    close(plain);
    close(emphasising);
  });

  test.each([
    [{ from: 1, to: 2, share: 0.4 }, 'no losses'],
    [{ from: 2, to: 2, share: 0.6 }, 'half of the images'],
  ])('refuses an emphasis that cannot be: %o', (emphasis, why) => {
    expect(() => trainer({ recipe: { ...recipe, emphasis } })).toThrow(why);
  });

  test('keeps no tensors', async () => {
    const before = tf.memory().numTensors;
    const training = trainer({ recipe: { ...recipe, averaging: { from: 0.3, decay: 0.9 } } });
    const held = tf.memory().numTensors;
    for await (const event of training.run()) expect(tf.memory().numTensors, event.type).toBe(held);
    close(training);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('stops at a loss that is not finite and leaves everything as it was', async () => {
    const training = trainer();
    await training.next();
    const state = await training.state();
    training.restore({
      ...state,
      weights: { ...state.weights, 'dense2/bias': { shape: [10], data: new Float32Array(10).fill(NaN) } },
    });
    const poisoned = await training.state();
    const held = tf.memory().numTensors;
    const failure = await training.next().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NonFiniteLossError);
    expect(failure).toHaveProperty(
      'message',
      expect.stringContaining('NaN in epoch 1, batch 1 (after 1 steps)'),
    );
    expect(withoutTimes(await training.state())).toEqual(withoutTimes(poisoned));
    expect(tf.memory().numTensors).toBe(held);
    training.restore(state);
    await expect(training.next()).resolves.toMatchObject({ type: 'batch', batch: 1 });
    close(training);
  });
});

/** Emulated, webgpu takes minutes for what follows; averaging is tested on it by itself. */
describe.each(brisk)('averaging on $name', ({ activate }) => {
  beforeAll(activate);

  test('resumes from any point to the same bits', () =>
    resumesToTheBit({ ...recipe, averaging: { from: 0.4, decay: 0.9 } }));

  test('judges the averaged weights, with statistics of their own, and trains on with its own', async () => {
    const averaging = { from: 0.5, decay: 1 };
    const [plain, averaged] = [trainer(), trainer({ recipe: { ...recipe, averaging } })];
    for await (const event of plain.run()) expect(event.type).toBeDefined();
    // From step 6 of 12 on: the weights after steps 7 to 12.
    const seen: Weights[] = [];
    while (!averaged.done) {
      const event = await averaged.next();
      if (event.type === 'batch' && event.step > 6) seen.push((await averaged.state()).weights);
    }
    const [own, { weights, average, batches }] = [await plain.state(), await averaged.state()];
    expect(batches).toEqual(own.batches);
    expect(weights).toEqual(own.weights);
    expect(average!.count).toBe(6);
    const name = 'dense1/kernel';
    average!.weights[name]!.data.forEach((value, i) => {
      const mean = seen.reduce((sum, each) => sum + each[name]!.data[i]! / 6, 0);
      expect(value).toBeCloseTo(mean, 5);
    });
    expect(averaged.epochs[0]).toMatchObject({ validationAccuracy: plain.epochs[0]!.validationAccuracy });
    expect(averaged.epochs[2]!.validationLoss).not.toBe(plain.epochs[2]!.validationLoss);
    // Without validation the last epoch is the best.
    const alone = trainer({ recipe: { ...recipe, averaging }, split: { ...split, validation: [] } });
    for await (const event of alone.run()) expect(event.type).toBeDefined();
    const best = alone.best!.weights;
    expect(best[name]).toEqual(average!.weights[name]);
    for (const statistic of ['bn1/moving_mean', 'bn1/moving_variance']) {
      expect(best[statistic]).not.toEqual(weights[statistic]);
    }
    close(alone);
    close(plain);
    close(averaged);
  });
});

describe('a trainer', () => {
  beforeAll(backends[0]!.activate);

  test('takes the last epoch for the best when there is no validation', async () => {
    const training = trainer({ split: { train: split.train, validation: [] } });
    for await (const event of training.run()) {
      if (event.type === 'epoch')
        expect(event).toMatchObject({ validationLoss: null, validationAccuracy: null });
    }
    expect(training.best!.epoch).toBe(3);
    close(training);
  });

  test('hands every batch to the augmentation, with a seed of its own that a resumed run repeats', async () => {
    const seeds: number[] = [];
    const augment: Augment = ({ pixels, labels }, seed) => {
      expect([16, 2]).toContain(labels.length);
      expect(pixels).toHaveLength(49 * labels.length);
      seeds.push(seed);
      pixels.fill(0);
    };
    const training = trainer({ augment });
    await training.next();
    const state = await training.state();
    await training.next();
    training.restore(state);
    const before = seeds.length;
    await training.next();
    // The batch of the second step is prepared during the first.
    expect(seeds[before]).toBe(seeds[1]);
    expect(new Set(seeds.slice(0, before)).size).toBe(before);
    expect(images.some((pixel) => pixel > 0)).toBe(true);
    close(training);
  });

  test('stops at the first epoch that reaches the target', async () => {
    const whole = trainer();
    for await (const event of whole.run()) expect(event.type).toBeDefined();
    const accuracies = whole.epochs.map(({ validationAccuracy }) => validationAccuracy!);
    const targetAccuracy = accuracies[1]!;
    const first = accuracies.findIndex((accuracy) => accuracy >= targetAccuracy) + 1;
    const aimed = trainer({ recipe: { ...recipe, targetAccuracy } });
    for await (const event of aimed.run()) expect(event.type).toBeDefined();
    expect(aimed.epochs.length).toBe(first);
    expect(aimed.reached).toBe(true);
    const missed = trainer({ recipe: { ...recipe, epochs: 1, targetAccuracy: 1.5 } });
    for await (const event of missed.run()) expect(event.type).toBeDefined();
    expect([missed.done, missed.reached]).toEqual([true, false]);
    [whole, aimed, missed].forEach(close);
  });

  test('learns from what teachers say of the very images of a batch', async () => {
    // Teachers that know the labels and no doubt, at full weight: the loss is that of labels without smoothing.
    const teachers = new Float32Array(70 * 10);
    labels.forEach((label, i) => (teachers[10 * i + label] = 1));
    const taught = trainer({
      recipe: { ...recipe, distillation: { teachers: ['any'], weight: 1 } },
      data: { images, labels, teachers },
    });
    const sharp = trainer({ recipe: { ...recipe, labelSmoothing: 0 } });
    for (let step = 0; step < 3; step++) {
      const [one, other] = [await taught.next(), await sharp.next()];
      expect((one as BatchEvent).loss).toBe((other as BatchEvent).loss);
    }
    close(taught);
    close(sharp);
    expect(() => trainer({ recipe: { ...recipe, distillation: { teachers: [], weight: 1 } } })).toThrow(
      'teachers',
    );
    tf.disposeVariables();
  });

  test('learns from what teachers predict for the images as they are shown', async () => {
    // Each image becomes the first of its class, and the teacher knows only those: it is asked about augmented images.
    const size = images.length / labels.length;
    const augment: Augment = (batch) =>
      batch.labels.forEach((label, i) => batch.pixels.fill(10 * (label + 1), i * size, (i + 1) * size));
    const asked: number[] = [];
    const taught = trainer({
      recipe: { ...recipe, distillation: { teachers: ['any'], weight: 1, augmented: true } },
      augment,
      teach: async (shown) => {
        const pixels = await shown.data();
        asked.push(shown.shape[0]);
        return Array.from({ length: shown.shape[0] }, (_, i) => {
          const label = Math.round((pixels[i * size]! * 0.353 + 0.286) * 25.5) - 1;
          return Array.from({ length: 10 }, (_, c) => Number(c === label));
        }).flat();
      },
    });
    const sharp = trainer({ recipe: { ...recipe, labelSmoothing: 0 }, augment });
    for (let step = 0; step < 3; step++) {
      const [one, other] = [await taught.next(), await sharp.next()];
      expect((one as BatchEvent).loss).toBe((other as BatchEvent).loss);
    }
    expect(asked).toHaveLength(3);
    close(taught);
    close(sharp);
    expect(() =>
      trainer({ recipe: { ...recipe, distillation: { teachers: ['any'], weight: 1, augmented: true } } }),
    ).toThrow('teachers');
    tf.disposeVariables();
  });

  test('does not ask teachers about images that the augmentation redraws', async () => {
    // Teachers who are all wrong, and count for all: nothing of them is left in the loss.
    const teachers = new Float32Array(70 * 10);
    labels.forEach((label, i) => (teachers[10 * i + ((label + 1) % 10)] = 1));
    const augment: Augment = ({ redrawn }) => void redrawn!.fill(1);
    const taught = trainer({
      recipe: { ...recipe, distillation: { teachers: ['any'], weight: 1 } },
      data: { images, labels, teachers },
      augment,
    });
    const alone = trainer();
    for (let step = 0; step < 3; step++) {
      const [one, other] = [await taught.next(), await alone.next()];
      expect((one as BatchEvent).loss).toBe((other as BatchEvent).loss);
    }
    close(taught);
    close(alone);
    tf.disposeVariables();
  });

  test('counts no image of no class among those that are right or wrong', async () => {
    const augment: Augment = ({ labels }) => void labels.fill(NO_CLASS, 1);
    const training = trainer({ augment });
    const { accuracy } = (await training.next()) as BatchEvent;
    expect([0, 1]).toContain(accuracy);
    expect((await training.state()).running.images).toBe(1);
    close(training);
  });

  test('refuses what it cannot train', () => {
    expect(() =>
      trainer({ recipe: { ...recipe, augmentation: presets['augment']!.recipe.augmentation } }),
    ).toThrow('no augmentation was given');
    expect(() => trainer({ split: { train: split.train.slice(0, 49), validation: [] } })).toThrow(
      'single image',
    );
    expect(() => trainer({ split: { train: [], validation: [] } })).toThrow('two images or more');
    tf.disposeVariables();
  });

  test('refuses a state of another run', async () => {
    const training = trainer();
    await training.next();
    const state = await training.state();
    expect(() => training.restore({ ...state, step: 2 })).toThrow('does not fit');
    const averaged = trainer({ recipe: { ...recipe, averaging: { from: 0, decay: 1 } } });
    expect(() => averaged.restore(state)).toThrow('averaged weights');
    close(averaged);
    expect(() => training.restore({ ...state, epochs: [{} as EpochEvent] })).toThrow('does not fit');
    const rest = Object.fromEntries(
      Object.entries(state.weights).filter(([name]) => name !== 'conv1/kernel'),
    );
    expect(() => training.restore({ ...state, weights: rest })).toThrow('conv1/kernel is missing');
    close(training);
  });
});
