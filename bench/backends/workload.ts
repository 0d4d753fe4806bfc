/** What is timed: steps of the report's network on random images, since every image costs the same. */
import * as tf from '@tensorflow/tfjs-core';
import { reportArchitecture } from '../../src/network/architecture.ts';
import { batchGradients } from '../../src/network/gradients.ts';
import { crossEntropy, smoothedTargets } from '../../src/network/loss.ts';
import { normaliseBytes } from '../../src/network/preprocess.ts';
import { sizeOf } from '../../src/math/arrays.ts';
import { FoldedNetwork } from '../../src/network/fold.ts';
import { initialise } from '../../src/network/initialise.ts';
import { Network } from '../../src/network/network.ts';
import { Random } from '../../src/math/random.ts';
import { reportRecipe } from '../../src/training/recipe.ts';
import { Trainer } from '../../src/training/trainer.ts';

export const MODES = ['train', 'infer'] as const;
export type Mode = (typeof MODES)[number];
export const MODE_TITLES: Record<Mode, string> = { train: 'Training', infer: 'Inference' };

/** Takes one step and returns its duration in seconds. */
export type Step = () => Promise<number>;

const IMAGES = 1024;
/** Few: an epoch ends with a copy of the weights, and memory should hold such garbage from the start, not only later. */
const STEPS_PER_EPOCH = 4;
const PIXELS = sizeOf(reportArchitecture.inputShape);

function makeImages(): Uint8Array {
  const random = new Random(1);
  return Uint8Array.from({ length: IMAGES * PIXELS }, () => random.below(256));
}

/** Of the untrained report's network without dropout, on the same images: what all engines must agree on. */
export interface FirstResults {
  /** Losses of a batch. */
  training: number;
  inference: number;
  /** The norm of all gradients. */
  gradient: number;
}

/** So few that the slowest backend needs seconds. */
const CHECKED_IMAGES = 4;

/** What all candidates are checked on: the weights that training begins with, and some images. */
export const checkedWeights = () => initialise(reportArchitecture, reportRecipe.seed);
export const checkedImages = (): Uint8Array => makeImages().subarray(0, CHECKED_IMAGES * PIXELS);

/** @returns what this project's network finds on the active backend */
export async function firstResults(): Promise<FirstResults> {
  const layers = reportArchitecture.layers.filter(({ type }) => type !== 'dropout');
  const architecture = { ...reportArchitecture, layers };
  const network = new Network(architecture, checkedWeights());
  const folded = new FoldedNetwork(architecture, checkedWeights());
  const shape: [number, number, number, number] = [CHECKED_IMAGES, ...architecture.inputShape];
  const labels = Array.from({ length: CHECKED_IMAGES }, (_, i) => i % 10);
  const results = tf.tidy(() => {
    const targets = smoothedTargets(labels, 10, reportRecipe.labelSmoothing);
    const images = tf.tensor4d(normaliseBytes(checkedImages()), shape);
    const { loss, gradients, ...pass } = batchGradients(network, images, targets, 0);
    tf.dispose({ ...pass });
    const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)) as tf.Scalar);
    const inference = crossEntropy(folded.logits(images), targets);
    return { training: loss, inference, gradient: tf.sqrt(tf.addN(squares)) };
  });
  const [training, inference, gradient] = await Promise.all(
    [results.training, results.inference, results.gradient].map(async (each) => (await each.data())[0]!),
  );
  tf.dispose({ ...results });
  network.dispose();
  folded.dispose();
  return { training: training!, inference: inference!, gradient: gradient! };
}

/** Steps on the active backend. @param batch images per step, at least 2 */
export function makeStep(mode: Mode, batch: number): Step {
  return mode === 'train' ? trainingStep(batch) : inferenceStep(batch);
}

/** A whole step of the recipe: gathering and normalising images, forward and backward pass, AdamW, reading the loss. */
function trainingStep(batch: number): Step {
  const { seed } = reportRecipe;
  const trainer = new Trainer({
    network: new Network(reportArchitecture, initialise(reportArchitecture, seed)),
    recipe: { ...reportRecipe, batchSize: batch, epochs: 1000 },
    data: { images: makeImages(), labels: Uint8Array.from({ length: IMAGES }, (_, i) => i % 10) },
    split: {
      train: Uint32Array.from({ length: STEPS_PER_EPOCH * batch }, (_, i) => i % IMAGES),
      validation: [],
    },
  });
  return async () => {
    for (;;) {
      const started = performance.now();
      const { type } = await trainer.next();
      // The end of an epoch only copies weights here; it is not a step.
      if (type === 'batch') return (performance.now() - started) / 1000;
    }
  };
}

/** The network as it predicts: with batch normalisation folded into the convolutions; its logits are read. */
function inferenceStep(batch: number): Step {
  const network = new FoldedNetwork(reportArchitecture, initialise(reportArchitecture, reportRecipe.seed));
  const images = makeImages();
  const values = Float32Array.from({ length: batch * PIXELS }, (_, i) => images[i % images.length]! / 255);
  return async () => {
    const started = performance.now();
    const logits = tf.tidy(() =>
      network.logits(tf.tensor4d(values, [batch, ...reportArchitecture.inputShape])),
    );
    await logits.data();
    logits.dispose();
    return (performance.now() - started) / 1000;
  };
}
