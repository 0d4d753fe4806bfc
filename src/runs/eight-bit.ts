/** A run's network in a quarter of its size, for slow connections. */
import { range } from 'd3';
import type { EightBit } from '../artifacts/schema.ts';
import { KNOWN_IMAGES } from '../data/dataset.ts';
import type { Architecture, Weights } from '../network/architecture.ts';
import type { FashionMnist } from '../data/node/fashion-mnist.ts';
import { countCorrect } from '../evaluation/metrics.ts';
import type { TrainingData } from '../training/trainer.ts';
import { evaluate, type Evaluation } from './evaluation.ts';

/** The most that it may cost, as a share of the validation images. */
const ALLOWED_COST = 0.001;

/** Whether eight bits cost so little that the variant is published. */
export const isCheap = ({ accuracy, accuracyFloat16, images }: EightBit): boolean =>
  // Compared as whole images: the difference of two shares is rounded.
  Math.round(accuracyFloat16 * images) - Math.round(accuracy * images) <= ALLOWED_COST * images;

/**
 * What eight bits change, on the validation images: whether to publish them is a choice, and the test set is not for
 * choosing.
 * @param weights as the run published them
 * @param eightBit the same weights in eight bits
 * @param validation the indices of the images among the training images
 */
export async function measureEightBit(
  architecture: Architecture,
  weights: Weights,
  eightBit: Weights,
  data: FashionMnist,
  validation: ArrayLike<number>,
  labelSmoothing: number,
): Promise<EightBit> {
  const measure = (chosen: Weights, images: TrainingData, indices: ArrayLike<number>): Promise<Evaluation> =>
    evaluate(architecture, chosen, images, labelSmoothing, indices);
  const published = await measure(weights, data.train, validation);
  const judged = await measure(eightBit, data.train, validation);
  // For the browser's self-test; nothing is judged by them.
  const known = await measure(eightBit, data.test, range(KNOWN_IMAGES));
  return {
    flips: judged.images - countCorrect(judged.predicted, published.predicted),
    images: judged.images,
    accuracy: judged.accuracy,
    accuracyFloat16: published.accuracy,
    known: Array.from(known.probabilities, (p) => Number(p.toFixed(5))),
  };
}
