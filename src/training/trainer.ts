/** The training loop: one step at a time, so that it can be watched, paused, saved and resumed anywhere. */
import * as tf from '@tensorflow/tfjs-core';
import { type Augment, type Batch, NO_CLASS } from '../data/dataset.ts';
import { AdamW, type AdamWState } from '../network/adamw.ts';
import { type Weights, classCount } from '../network/architecture.ts';
import { sizeOf } from '../math/arrays.ts';
import { ImageLosses, type ImageLossesState } from './hard-examples.ts';
import { classify } from '../network/classify.ts';
import { FoldedNetwork } from '../network/fold.ts';
import { batchGradients } from '../network/gradients.ts';
import { smoothedTargets } from '../network/loss.ts';
import {
  confusionMatrix,
  countCorrect,
  predictedClasses,
  smoothedCrossEntropy,
} from '../evaluation/metrics.ts';
import type { Network } from '../network/network.ts';
import { oneCycle } from '../network/one-cycle.ts';
import { gatherImages, normaliseBytes } from '../network/preprocess.ts';
import { deriveSeed, shuffle } from '../math/random.ts';
import type { Recipe } from './recipe-schema.ts';
import { gatherStatistics, WeightAverage, type WeightAverageState } from '../network/weight-average.ts';

export interface TrainingData {
  /** Bytes of all images, one after another. */
  readonly images: Uint8Array;
  /** Class numbers. */
  readonly labels: Uint8Array;
  /** What the recipe's teachers predict for each image, [images × classes]; needed where they predict it once. */
  readonly teachers?: Float32Array;
}

/** Which images of the data are for what; positions in it. */
export interface TrainingSplit {
  readonly train: ArrayLike<number>;
  /** Empty for a run without validation: its best epoch is its last. */
  readonly validation: ArrayLike<number>;
}

/** After a step. */
export interface BatchEvent {
  type: 'batch';
  /** Counted from 1. */
  epoch: number;
  /** Counted from 0 within the epoch, as in the report's log. */
  batch: number;
  /** Steps done in all. */
  step: number;
  loss: number;
  /** In training mode: with dropout, before the step. */
  accuracy: number;
  /** In force for this step. */
  learningRate: number;
}

/** After an epoch and its validation. */
export interface EpochEvent extends EpochSummary {
  type: 'epoch';
  /** Whether it is the best so far. */
  best: boolean;
  /** Of the validation images, rows true, columns predicted; null without them. */
  confusion: number[][] | null;
}

export type TrainingEvent = BatchEvent | EpochEvent;

export interface EpochSummary {
  /** Counted from 1. */
  epoch: number;
  /** Mean of the batches' losses, in training mode. */
  trainLoss: number;
  /** Share of the epoch's images that were right when they were trained on. */
  trainAccuracy: number;
  validationLoss: number | null;
  validationAccuracy: number | null;
  /** As PyTorch prints it after the epoch: of the step to come. */
  learningRate: number;
  /** Training and validation, pauses left out. */
  seconds: number;
  /** Training alone. */
  trainSeconds: number;
}

/** Everything that decides how a run continues; JSON's types and Float32Arrays. */
export interface TrainingState {
  /** Steps done; gives the place in the schedule, in the epoch and in every random stream. */
  step: number;
  weights: Weights;
  optimiser: AdamWState;
  /** Sums over the batches of the epoch that is not finished. */
  running: { loss: number; correct: number; images: number; seconds: number };
  epochs: EpochSummary[];
  /** Of every step. */
  batches: { loss: number; accuracy: number }[];
  /**
   * The weights after the epoch of the highest validation accuracy, averaged where the recipe asks for it; null before the
   * first is finished.
   */
  best: { epoch: number; weights: Weights } | null;
  /** The average so far, where the recipe has one. */
  average?: WeightAverageState;
  /** Where the recipe emphasises hard images. */
  losses?: ImageLossesState;
}

/** The loss of a step is not finite. The step has changed nothing. */
export class NonFiniteLossError extends Error {
  override readonly name = 'NonFiniteLossError';
}

/** A batch that is ready for the engine. */
interface PreparedBatch extends Omit<Batch, 'pixels'> {
  /** Counted from 0: the step it is for. */
  readonly step: number;
  /** In the split. */
  readonly places: Uint32Array;
  /** In the data. */
  readonly positions: readonly number[];
  /** Normalised pixels; none where the trainer's `inputs` give the images. */
  readonly pixels?: Float32Array;
}

/**
 * Gives what the network takes for images at these positions of the data, in place of their normalised pixels. The
 * tensor is the caller's.
 * @param epoch counted from 1
 */
export type InputSource = (positions: readonly number[], epoch: number) => tf.Tensor4D;

export interface TrainerOptions {
  network: Network;
  recipe: Recipe;
  data: TrainingData;
  split: TrainingSplit;
  /** Carries out the recipe's augmentation. */
  augment?: Augment;
  inputs?: InputSource;
  /** What the teachers predict for augmented images, normalised: [n × classes]; needed where the recipe wants that. */
  teach?: (images: tf.Tensor4D) => Promise<ArrayLike<number>>;
}

/** Images from which an averaged network's running statistics are made. */
const STATISTICS_IMAGES = 4096;

const emptySums = (): TrainingState['running'] => ({ loss: 0, correct: 0, images: 0, seconds: 0 });

export class Trainer {
  readonly network: Network;
  readonly recipe: Recipe;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly #data: TrainingData;
  readonly #split: TrainingSplit;
  readonly #augment: Augment | undefined;
  readonly #inputs: InputSource | undefined;
  readonly #teach: TrainerOptions['teach'];
  readonly #optimiser: AdamW;
  readonly #average: WeightAverage | undefined;
  #running = emptySums();
  #epochs: EpochSummary[] = [];
  #batches: TrainingState['batches'] = [];
  #best: TrainingState['best'] = null;
  readonly #losses: ImageLosses | undefined;
  /** Order of the epoch that is being trained. */
  #order: { epoch: number; positions: Uint32Array } | undefined;
  /** The batch of the step to come, within the epoch; none at its beginning and after a restore. */
  #prepared: PreparedBatch | undefined;

  /** The network stays the caller's. @throws if the recipe does not fit the data */
  constructor({ network, recipe, data, split, augment, inputs, teach }: TrainerOptions) {
    const n = split.train.length;
    if (n < 2) throw new Error(`Training needs two images or more, there are ${n}.`);
    const lonely = n % recipe.batchSize === 1 || recipe.batchSize === 1;
    if (lonely && !network.frozenStatistics) {
      throw new Error(
        `Batches of ${recipe.batchSize} of ${n} images leave one of a single image, which batch normalisation cannot ` +
          'train on: choose another batch size or number of images.',
      );
    }
    if (recipe.augmentation && !augment)
      throw new Error('The recipe augments images, but no augmentation was given.');
    if (recipe.emphasis && recipe.emphasis.from < 2)
      throw new Error('The first epoch has no losses that show which images are hard.');
    if (recipe.emphasis && !(recipe.emphasis.share >= 0 && recipe.emphasis.share <= 0.5))
      throw new Error(
        `No more than half of the images can be shown twice, and the recipe asks for ${recipe.emphasis.share}.`,
      );
    if (recipe.distillation && !(recipe.distillation.augmented ? teach : data.teachers))
      throw new Error('The recipe has teachers, but their predictions are missing.');
    this.network = network;
    this.recipe = recipe;
    this.#data = data;
    this.#split = split;
    this.#augment = augment;
    this.#inputs = inputs;
    this.#teach = teach;
    this.stepsPerEpoch = Math.ceil(n / recipe.batchSize);
    this.totalSteps = this.stepsPerEpoch * recipe.epochs;
    this.#optimiser = new AdamW(network.parameters, recipe.optimiser);
    this.#losses = recipe.emphasis && new ImageLosses(n);
    this.#average = recipe.averaging && new WeightAverage(network.parameters, recipe.averaging.decay);
  }

  /** Steps done. */
  get step(): number {
    return this.#optimiser.step;
  }

  /** Whether every epoch is trained and validated, or the target is reached. */
  get done(): boolean {
    return this.#epochs.length === this.recipe.epochs || this.reached;
  }

  /** Whether the last epoch has reached the recipe's target, if there is one. */
  get reached(): boolean {
    const { targetAccuracy } = this.recipe;
    const accuracy = this.#epochs.at(-1)?.validationAccuracy;
    return targetAccuracy !== undefined && accuracy != null && accuracy >= targetAccuracy;
  }

  /** What the finished epochs came to. */
  get epochs(): readonly EpochSummary[] {
    return this.#epochs;
  }

  /** Loss and accuracy of every step. */
  get batches(): readonly { loss: number; accuracy: number }[] {
    return this.#batches;
  }

  /** The best epoch so far and the weights after it. */
  get best(): TrainingState['best'] {
    return this.#best;
  }

  /** The rest of the training, event by event. It can be left at any of them and resumed, here or after a restore. */
  async *run(): AsyncGenerator<TrainingEvent, void> {
    while (!this.done) yield await this.next();
  }

  /**
   * The next piece of work: one step, or the end of an epoch with its validation.
   * @throws NonFiniteLossError; also if the run is done
   */
  async next(): Promise<TrainingEvent> {
    if (this.done) throw new Error('The training is finished.');
    const trained = this.step - this.#epochs.length * this.stepsPerEpoch;
    return trained === this.stepsPerEpoch ? this.#finishEpoch() : this.#trainBatch(trained);
  }

  async #trainBatch(batch: number): Promise<BatchEvent> {
    const started = performance.now();
    const { network, recipe, step } = this;
    const epoch = this.#epochs.length + 1;
    const prepared = this.#prepared?.step === step ? this.#prepared : this.#prepare(epoch, batch, step);
    const { labels, places } = prepared;
    const images = prepared.pixels ? this.#images(prepared.pixels) : this.#inputs!(prepared.positions, epoch);
    const targets = await this.#targets(prepared, images);
    const pass = batchGradients(network, images, targets, deriveSeed(recipe.seed, 'dropout', step));
    try {
      // Together: on a GPU each result that is awaited costs a round trip.
      const answers = Promise.all([pass.loss.data(), pass.logits.data()]);
      // They may fail while the next batch does, and nobody waits for them then.
      answers.catch(() => undefined);
      // While a GPU computes; what is left of the epoch shows its images in a known order.
      this.#prepared = batch + 1 < this.stepsPerEpoch ? this.#prepare(epoch, batch + 1, step + 1) : undefined;
      const [[loss = NaN], logits] = await answers;
      if (!Number.isFinite(loss)) {
        throw new NonFiniteLossError(
          `The loss is ${loss} in epoch ${epoch}, batch ${batch} (after ${step} steps): training has diverged.`,
        );
      }
      const predicted = predictedClasses(logits, pass.logits.shape[1]);
      const { learningRate, beta1 } = oneCycle(recipe.schedule, step, this.totalSteps);
      this.#optimiser.apply(pass.gradients, learningRate, beta1);
      network.updateStatistics(pass.statistics);
      this.#losses?.note(places, labels, logits);
      if (recipe.averaging && step >= recipe.averaging.from * this.totalSteps) this.#average!.add();

      const correct = countCorrect(labels, predicted);
      const classified = labels.reduce((count, label) => count + Number(label !== NO_CLASS), 0);
      const accuracy = classified ? correct / classified : 0;
      this.#batches.push({ loss, accuracy });
      const running = this.#running;
      running.loss += loss;
      running.correct += correct;
      running.images += classified;
      running.seconds += (performance.now() - started) / 1000;
      return { type: 'batch', epoch, batch, step: this.step, loss, accuracy, learningRate };
    } finally {
      tf.dispose([images, targets, pass.loss, pass.logits, pass.gradients, pass.statistics]);
    }
  }

  #prepare(epoch: number, batch: number, step: number): PreparedBatch {
    const { batchSize, seed } = this.recipe;
    if (this.#order?.epoch !== epoch) this.#order = { epoch, positions: this.#orderOf(epoch) };
    const places = this.#order.positions.subarray(batch * batchSize, (batch + 1) * batchSize);
    const positions = Array.from(places, (place) => this.#split.train[place]!);
    if (this.#inputs) return { step, places, positions, labels: this.#labels(positions) };
    return { step, places, positions, ...this.#augmented(positions, deriveSeed(seed, 'augment', step)) };
  }

  /** Places in the split, in the order in which the epoch shows them. */
  #orderOf(epoch: number): Uint32Array {
    const { emphasis, seed } = this.recipe;
    const orderSeed = deriveSeed(seed, 'order', epoch);
    return emphasis && epoch >= emphasis.from && epoch <= emphasis.to
      ? this.#losses!.order(emphasis.share, orderSeed)
      : shuffle(this.#split.train.length, orderSeed);
  }

  #labels(positions: readonly number[]): Uint8Array {
    return Uint8Array.from(positions, (position) => this.#data.labels[position]!);
  }

  /** Images as they are trained on, and what they then show. */
  #augmented(
    positions: readonly number[],
    seed: number,
  ): Required<Pick<PreparedBatch, 'pixels' | 'labels' | 'redrawn'>> {
    const batch = {
      pixels: gatherImages(this.#data.images, positions, sizeOf(this.network.architecture.inputShape)),
      labels: this.#labels(positions),
      redrawn: new Uint8Array(positions.length),
    };
    this.#augment?.(batch, seed);
    return { ...batch, pixels: normaliseBytes(batch.pixels) };
  }

  #images(pixels: Float32Array): tf.Tensor4D {
    const { inputShape } = this.network.architecture;
    return tf.tensor4d(pixels, [pixels.length / sizeOf(inputShape), ...inputShape]);
  }

  async #targets({ positions, labels, redrawn }: PreparedBatch, images: tf.Tensor4D): Promise<tf.Tensor2D> {
    const { distillation, labelSmoothing } = this.recipe;
    const classes = classCount(this.network.architecture);
    if (!distillation) return smoothedTargets(labels, classes, labelSmoothing);
    const { teachers } = this.#data;
    const probabilities = distillation.augmented
      ? await this.#teach!(images)
      : positions.flatMap((position) => [
          ...teachers!.subarray(position * classes, (position + 1) * classes),
        ]);
    const { weight } = distillation;
    return smoothedTargets(labels, classes, labelSmoothing, { probabilities, weight, silent: redrawn });
  }

  async #finishEpoch(): Promise<EpochEvent> {
    const started = performance.now();
    const epoch = this.#epochs.length + 1;
    const weights = await this.#usedWeights();
    const validation = await this.#validate(weights);
    const running = this.#running;
    const summary: EpochSummary = {
      epoch,
      trainLoss: running.loss / this.stepsPerEpoch,
      trainAccuracy: running.correct / running.images,
      validationLoss: validation?.loss ?? null,
      validationAccuracy: validation?.accuracy ?? null,
      learningRate: oneCycle(this.recipe.schedule, this.step, this.totalSteps).learningRate,
      seconds: running.seconds + (performance.now() - started) / 1000,
      trainSeconds: running.seconds,
    };
    const before = this.#best && this.#epochs[this.#best.epoch - 1]!.validationAccuracy;
    const best = validation === null || before === null || validation.accuracy > before;
    if (best) this.#best = { epoch, weights };
    this.#epochs.push(summary);
    this.#losses?.endEpoch();
    this.#running = emptySums();
    return { type: 'epoch', ...summary, best, confusion: validation?.confusion ?? null };
  }

  /** The network's weights, or their average once there is one. */
  async #usedWeights(): Promise<Weights> {
    const { network, recipe } = this;
    const own = await network.weights();
    if (!this.#average?.count) return own;
    network.load({ ...own, ...(await this.#average.weights()) });
    try {
      gatherStatistics(network, this.#statisticsBatches(deriveSeed(recipe.seed, 'statistics')));
      return await network.weights();
    } finally {
      network.load(own);
    }
  }

  /** Training images, augmented as in training, in batches of one size. */
  *#statisticsBatches(seed: number): Generator<tf.Tensor4D> {
    const { train } = this.#split;
    const size = Math.min(this.recipe.batchSize, train.length);
    const count = Math.max(1, Math.floor(Math.min(STATISTICS_IMAGES, train.length) / size));
    for (let batch = 0; batch < count; batch++) {
      const positions = Array.from({ length: size }, (_, i) => train[batch * size + i]!);
      yield this.#images(this.#augmented(positions, deriveSeed(seed, batch)).pixels);
    }
  }

  /** Loss and accuracy over the validation images, as the network is used: batch normalisation folded. */
  async #validate(
    weights: Weights,
  ): Promise<{ loss: number; accuracy: number; confusion: number[][] } | null> {
    const { validation } = this.#split;
    if (validation.length === 0) return null;
    const network = new FoldedNetwork(this.network.architecture, weights);
    try {
      const probabilities = await classify(network, this.#data.images, validation);
      const labels = Array.from(validation, (index) => this.#data.labels[index]!);
      const classes = classCount(this.network.architecture);
      const predicted = predictedClasses(probabilities, classes);
      return {
        loss: smoothedCrossEntropy(probabilities, labels, classes, this.recipe.labelSmoothing),
        accuracy: countCorrect(labels, predicted) / labels.length,
        confusion: confusionMatrix(labels, predicted, classes),
      };
    } finally {
      network.dispose();
    }
  }

  /** A copy of everything that decides how the run continues. */
  async state(): Promise<TrainingState> {
    return {
      step: this.step,
      weights: await this.network.weights(),
      optimiser: await this.#optimiser.state(),
      running: { ...this.#running },
      epochs: [...this.#epochs],
      batches: [...this.#batches],
      best: this.#best,
      ...(this.#average && { average: await this.#average.state() }),
      ...(this.#losses && { losses: this.#losses.state() }),
    };
  }

  /**
   * Resumes from a state that {@link state} gave, to exactly the weights that the run would have reached: recipe, data,
   * split, backend and versions being the same.
   * @throws if the state does not fit the recipe and the data
   */
  restore(state: TrainingState): void {
    const trained = state.step - state.epochs.length * this.stepsPerEpoch;
    if (
      state.step !== state.optimiser.step ||
      state.step !== state.batches.length ||
      state.step > this.totalSteps ||
      trained < 0 ||
      trained > this.stepsPerEpoch
    ) {
      throw new Error(
        `A state after ${state.step} steps and ${state.epochs.length} epochs does not fit a run of ` +
          `${this.recipe.epochs} epochs of ${this.stepsPerEpoch} steps.`,
      );
    }
    if (this.#losses && !state.losses) throw new Error('A state without losses does not fit.');
    if (this.#average && !state.average) throw new Error('A state without averaged weights does not fit.');
    this.#prepared = undefined;
    this.network.load(state.weights);
    if (state.average) this.#average?.restore(state.average);
    if (state.losses) this.#losses?.restore(state.losses);
    this.#optimiser.restore(state.optimiser);
    this.#running = { ...state.running };
    this.#epochs = [...state.epochs];
    this.#batches = [...state.batches];
    this.#best = state.best;
  }

  /** Frees the optimiser's memory; the network stays. */
  dispose(): void {
    this.#optimiser.dispose();
    this.#average?.dispose();
  }
}
