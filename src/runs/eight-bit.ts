/** A run's network in a quarter of its size, for slow connections. */
import { type EightBit } from '../artifacts/schema.ts';
import { CLASS_COUNT, KNOWN_IMAGES } from '../data/dataset.ts';
import type { Architecture, Weights } from '../network/architecture.ts';
import type { FashionMnist } from '../data/node/fashion-mnist.ts';
import { evaluate } from './evaluation.ts';

export const EIGHT_BIT_FORM = {
  model: 'model-8bit.json',
  weights: 'weights-8bit.bin',
  kernels: 'uint8',
} as const;

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
  const published = await evaluate(architecture, weights, data.train, labelSmoothing, validation);
  const judged = await evaluate(architecture, eightBit, data.train, labelSmoothing, validation);
  // For the browser's self-test; nothing is judged by them.
  const known = await evaluate(architecture, eightBit, data.test, labelSmoothing, [
    ...Array(KNOWN_IMAGES).keys(),
  ]);
  return {
    flips: judged.predicted.filter((label, i) => label !== published.predicted[i]).length,
    images: judged.images,
    accuracy: judged.accuracy,
    accuracyFloat16: published.accuracy,
    known: [...known.probabilities.subarray(0, KNOWN_IMAGES * CLASS_COUNT)].map((p) => Number(p.toFixed(5))),
  };
}
