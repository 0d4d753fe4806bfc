/**
 * Fine-tuning of a trained network with the optimiser, schedule and loss it was trained with: of its head alone, or of
 * all its weights. One step at a time, as in `Trainer`.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  type Architecture,
  architectureOf,
  classCount,
  type Weights,
  withOutputs,
} from '../network/architecture.ts';
import { sizeOf, softmax } from '../math/arrays.ts';
import { makeAugment } from './augmentation.ts';
import { classify } from '../network/classify.ts';
import { FoldedNetwork } from '../network/fold.ts';
import { featureTensor, Features, splitArchitecture, weightsOf } from './features.ts';
import { addOutputs, initialise } from '../network/initialise.ts';
import { Network } from '../network/network.ts';
import { deriveSeed } from '../math/random.ts';
import { reportRecipe } from './recipe.ts';
import type { Augmentation, Recipe } from './recipe-schema.ts';
import { NonFiniteLossError, Trainer, type TrainingEvent, type TrainingState } from './trainer.ts';

/**
 * `head`: the dense layers, on features of the frozen convolutions, with all running statistics frozen.
 * `all`: every weight, as the network was trained.
 */
export type Mode = 'head' | 'all';

/** What is learned, and how; plain data. */
export interface Lesson {
  readonly mode: Mode;
  /** Bytes of all images, one after another. */
  readonly images: Uint8Array;
  /** Class numbers. */
  readonly labels: Uint8Array;
  readonly epochs: number;
  /** Images per step, at most. */
  readonly batchSize: number;
  /** Peak of the schedule. */
  readonly learningRate: number;
  /** How the images are changed each time they are shown; null for not at all. */
  readonly augmentation: Augmentation | null;
  /** Start from random weights in the part that is trained. */
  readonly fresh: boolean;
  /** Classes that the network has afterwards; those it has by now unless there are to be more. */
  readonly outputs?: number;
  readonly seed: number;
}

/** The loss has exploded or is not finite; the weights are again those of `epoch`, where 0 is the start of the lesson. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
  readonly epoch: number;
  /** Steps done when this was noticed. */
  readonly step: number;

  constructor(loss: number, step: number, epoch: number) {
    super(`The loss is ${loss} after ${step} steps: training has diverged.`);
    this.epoch = epoch;
    this.step = step;
  }
}

/** Features are cached, so a head sees only this many copies of each image, in turn; the first is the original. */
const COPIES = 4;

/** Images per batch when the head predicts. */
const ANSWER_BATCH = 256;

/** Chance gives a loss of 2.3 for ten classes; a loss above this and well above the first one has exploded. */
const EXPLODED = 12;

/** The batch size of a lesson: each batch has at least two images, as batch normalisation needs. */
export function fittingBatchSize({
  mode,
  labels,
  batchSize,
}: Pick<Lesson, 'mode' | 'labels' | 'batchSize'>): number {
  let size = Math.max(1, Math.min(batchSize, labels.length));
  if (mode === 'head') return size;
  while (size > 2 && labels.length % size === 1) size--;
  return size === 1 || labels.length % size === 1 ? labels.length : size;
}

export class FineTuning {
  readonly architecture: Architecture;
  readonly lesson: Lesson;
  readonly #weights: Weights;
  readonly #network: Network;
  readonly #trainer: Trainer;
  /** In a lesson of the head. */
  readonly #features: Features | null;
  /** Of the images, then of their augmented copies, as many again for each. */
  #inputs: Float32Array[] = [];
  /** The weights of the last epoch without a failure; 0 is the start. */
  #sound: { epoch: number; weights: Weights };
  #firstLoss: number | null = null;

  /**
   * @param published the network that is taught, perhaps with fewer outputs than it has by now
   * @param known all of its weights
   * @throws if there are fewer than two images
   */
  constructor(published: Architecture, known: Weights, lesson: Lesson) {
    const before = architectureOf(published, known);
    const { mode, fresh, seed, outputs = 0 } = lesson;
    const more = outputs > classCount(before);
    const architecture = more ? withOutputs(before, outputs) : before;
    const weights = more ? addOutputs(architecture, known, seed) : known;
    this.architecture = architecture;
    this.lesson = lesson;
    this.#weights = weights;
    const trained = mode === 'head' ? splitArchitecture(architecture).head : architecture;
    const initial = fresh ? initialise(trained, seed) : weightsOf(trained, weights);
    this.#sound = { epoch: 0, weights: initial };
    this.#features = mode === 'head' ? new Features(architecture, weights) : null;
    this.#network = new Network(trained, initial, { frozenStatistics: mode === 'head' });
    const count = lesson.labels.length;
    this.#trainer = new Trainer({
      network: this.#network,
      recipe: recipeOf(lesson, trained),
      data: lesson,
      split: { train: Array.from({ length: count }, (_, i) => i), validation: [] },
      ...(mode === 'all' && lesson.augmentation && { augment: makeAugment(lesson.augmentation) }),
      ...(mode === 'head' && { inputs: (indices, epoch) => this.#batch(indices, epoch) }),
    });
  }

  /** Steps in all. */
  get totalSteps(): number {
    return this.#trainer.totalSteps;
  }

  get stepsPerEpoch(): number {
    return this.#trainer.stepsPerEpoch;
  }

  get done(): boolean {
    return this.#trainer.done;
  }

  /** Computes the features, where the lesson needs any; to be called before the first step. */
  async prepare(progress?: (done: number, total: number) => void): Promise<void> {
    if (!this.#features) return;
    const { images, labels, augmentation, epochs, seed } = this.lesson;
    const copies = augmentation ? Math.min(COPIES, epochs) : 1;
    const pixels = new Uint8Array(copies * images.length);
    for (let copy = 0; copy < copies; copy++) {
      const changed = images.slice();
      if (copy > 0) {
        makeAugment(augmentation!)({ pixels: changed, labels }, deriveSeed(seed, 'copy', copy));
      }
      pixels.set(changed, copy * images.length);
    }
    const total = copies * labels.length;
    this.#inputs = await this.#features.of(pixels, (done) => progress?.(done, total));
  }

  /**
   * One step, or the end of an epoch.
   * @throws DivergedError after restoring the weights of the last good epoch; the lesson is over then
   */
  async next(): Promise<TrainingEvent> {
    try {
      const event = await this.#trainer.next();
      if (event.type === 'batch') {
        this.#firstLoss ??= event.loss;
        if (event.loss > Math.max(EXPLODED, 3 * this.#firstLoss)) throw this.#rollBack(event.loss);
      } else {
        const { weights } = this.#trainer.best!;
        // A step can ruin the weights though its loss was still finite.
        if (!Object.values(weights).every(({ data }) => data.every(Number.isFinite)))
          throw this.#rollBack(NaN);
        this.#sound = { epoch: event.epoch, weights };
      }
      return event;
    } catch (error) {
      throw error instanceof NonFiniteLossError ? this.#rollBack(NaN) : error;
    }
  }

  #rollBack(loss: number): DivergedError {
    this.#network.load(this.#sound.weights);
    return new DivergedError(loss, this.#trainer.step, this.#sound.epoch);
  }

  /**
   * What the network predicts for images in its current state.
   * @returns row-major [images × classes]
   */
  async probabilities(pixels: Uint8Array, progress?: (done: number) => void): Promise<Float64Array> {
    const count = pixels.length / sizeOf(this.architecture.inputShape);
    if (!this.#features) {
      const network = new FoldedNetwork(this.architecture, await this.#network.weights());
      try {
        return await classify(
          network,
          pixels,
          Array.from({ length: count }, (_, i) => i),
          progress,
        );
      } finally {
        network.dispose();
      }
    }
    const features = await this.#features.of(pixels, progress);
    const rows: number[] = [];
    for (let from = 0; from < count; from += ANSWER_BATCH) {
      const logits = tf.tidy(() =>
        this.#network.forward(
          featureTensor(features.slice(from, from + ANSWER_BATCH), this.#features!.shape),
          { training: false },
        ),
      );
      rows.push(...softmax(await logits.data(), logits.shape[1]));
      logits.dispose();
    }
    return Float64Array.from(rows);
  }

  /** A copy of all the network's weights as they are now. */
  async weights(): Promise<Weights> {
    const merged = { ...this.#weights, ...(await this.#network.weights()) };
    return weightsOf(this.architecture, merged);
  }

  /**
   * Everything from which {@link restore} continues exactly as the lesson would have. At the end of an epoch its best
   * weights are the same objects as its weights, which a clone keeps once.
   */
  async state(): Promise<TrainingState> {
    const state = await this.#trainer.state();
    const atEnd = state.best && state.step === state.best.epoch * this.stepsPerEpoch;
    return atEnd ? { ...state, weights: state.best!.weights } : state;
  }

  /** @throws if the state is that of another lesson */
  restore(state: TrainingState): void {
    this.#trainer.restore(state);
    if (state.best) this.#sound = state.best;
    this.#firstLoss = state.batches[0]?.loss ?? null;
  }

  dispose(): void {
    this.#trainer.dispose();
    this.#network.dispose();
    this.#features?.dispose();
  }

  #batch(indices: readonly number[], epoch: number): tf.Tensor4D {
    const count = this.lesson.labels.length;
    const copy = (epoch - 1) % (this.#inputs.length / count);
    return featureTensor(
      indices.map((index) => this.#inputs[copy * count + index]!),
      this.#features!.shape,
    );
  }
}

function recipeOf(lesson: Lesson, architecture: Architecture): Recipe {
  const { epochs, learningRate, seed, mode, augmentation } = lesson;
  return {
    ...reportRecipe,
    architecture,
    epochs,
    batchSize: fittingBatchSize(lesson),
    schedule: { ...reportRecipe.schedule, maxLearningRate: learningRate },
    seed,
    ...(mode === 'all' && augmentation && { augmentation }),
  };
}
