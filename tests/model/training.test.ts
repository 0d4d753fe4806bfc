import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { initialise } from '../../src/model/initialise.ts';
import { Network } from '../../src/model/network.ts';
import { oneCycle } from '../../src/model/one-cycle.ts';
import { Random } from '../../src/model/random.ts';
import { type Recipe, reportRecipe } from '../../src/model/recipe.ts';
import {
  type BatchEvent,
  type EpochEvent,
  NonFiniteLossError,
  Trainer,
  type TrainerOptions,
  type TrainingEvent,
  type TrainingState,
} from '../../src/model/training.ts';
import { backends } from '../backends.ts';
import { tinyArchitecture } from './tiny.ts';

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

describe.each(backends)('training on $name', ({ activate }) => {
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

  test('resumes from any point to the same bits', async () => {
    const whole = trainer();
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
      });
      // As through a checkpoint: nothing may be shared with the run before.
      resumed.restore(structuredClone(states[at]!));
      expect(withoutTimes(await resumed.state())).toEqual(withoutTimes(states[at]!));
      while (!resumed.done) await resumed.next();
      expect(withoutTimes(await resumed.state())).toEqual(end);
      close(resumed);
    }
  });

  test('keeps no tensors', async () => {
    const before = tf.memory().numTensors;
    const training = trainer();
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
    expect(failure).toMatchObject({ epoch: 1, batch: 1, step: 1 });
    expect(withoutTimes(await training.state())).toEqual(withoutTimes(poisoned));
    expect(tf.memory().numTensors).toBe(held);
    training.restore(state);
    await expect(training.next()).resolves.toMatchObject({ type: 'batch', batch: 1 });
    close(training);
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
    const augment = (pixels: Uint8Array, seed: number): void => {
      expect([16 * 49, 2 * 49]).toContain(pixels.length);
      seeds.push(seed);
      pixels.fill(0);
    };
    const training = trainer({ augment });
    await training.next();
    const state = await training.state();
    await training.next();
    training.restore(state);
    await training.next();
    expect(seeds[1]).toBe(seeds[2]);
    expect(seeds[0]).not.toBe(seeds[1]);
    expect(images.some((pixel) => pixel > 0)).toBe(true);
    close(training);
  });

  test('refuses what it cannot train', () => {
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
    expect(() => training.restore({ ...state, epochs: [{} as EpochEvent] })).toThrow('does not fit');
    const rest = Object.fromEntries(
      Object.entries(state.weights).filter(([name]) => name !== 'conv1/kernel'),
    );
    expect(() => training.restore({ ...state, weights: rest })).toThrow('conv1/kernel is missing');
    close(training);
  });
});
