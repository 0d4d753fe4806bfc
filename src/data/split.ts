/** The 60,000 training images, split into those that a network learns from and those that choose its best epoch. */
import { shuffle } from '../math/random.ts';

export interface Split {
  /** Ids (positions in the training files) of the images to train on, shuffled. */
  train: Uint32Array;
  /** Ids of the validation images, shuffled. */
  validation: Uint32Array;
}

/**
 * The seed of the split. It never changes, whatever seeds a run has: what is validation for one run is validation for
 * every other. (The day Fashion-MNIST was published.)
 */
export const SPLIT_SEED = 20170825;

/** Share of the images that is trained on: the report's 8:2. */
const TRAINING_SHARE = 0.8;

/** How many of `count` images are trained on. */
export const trainingCount = (count: number): number => Math.round(count * TRAINING_SHARE);

/**
 * The report's split, 48,000 / 12,000.
 * @param count number of training images
 */
export function splitTraining(count = 60_000): Split {
  const order = shuffle(count, SPLIT_SEED);
  const trained = trainingCount(count);
  return { train: order.slice(0, trained), validation: order.slice(trained) };
}
