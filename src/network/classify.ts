import * as tf from '@tensorflow/tfjs-core';
import { sizeOf, softmax } from '../math/arrays.ts';
import type { FoldedNetwork } from './fold.ts';
import { gatherImages, normaliseBytes } from './preprocess.ts';

/** Images at a time: few enough that the largest activation stays below 32 MiB, where memory is cheap to get. */
const BATCH = 128;

/**
 * The probabilities of the classes for images of a set.
 * @param pixels bytes of all images, one after another
 * @param indices which of them, in this order
 * @param progress called after every batch with how many are done, and waited for; where it throws, that is the end
 * @returns row-major [indices.length × classes]
 */
export async function classify(
  network: FoldedNetwork,
  pixels: Uint8Array,
  indices: ArrayLike<number>,
  progress?: (done: number) => void | Promise<void>,
): Promise<Float64Array> {
  const { inputShape } = network.architecture;
  const size = sizeOf(inputShape);
  const batches: Float64Array[] = [];
  for (let from = 0; from < indices.length; from += BATCH) {
    const batch = Array.prototype.slice.call(indices, from, from + BATCH) as number[];
    const images = normaliseBytes(gatherImages(pixels, batch, size));
    const logits = tf.tidy(() => network.logits(tf.tensor4d(images, [batch.length, ...inputShape])));
    batches.push(softmax(await logits.data(), logits.shape[1]));
    logits.dispose();
    await progress?.(from + batch.length);
  }
  const probabilities = new Float64Array(batches.reduce((length, batch) => length + batch.length, 0));
  let at = 0;
  for (const batch of batches) {
    probabilities.set(batch, at);
    at += batch.length;
  }
  return probabilities;
}
