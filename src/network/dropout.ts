/** Dropout, with a mask that can be computed again from its seed. */
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './differentiation.ts';
import { runKernel } from './kernel-contract.ts';
import { pixelAffine } from './layers.ts';
import { dropoutThreshold, keepsElement } from '../math/random.ts';

/**
 * Each element is 0 with probability `rate`, else divided by 1 − rate. Which ones depends on the seed and on the
 * element's row-major index alone (docs/architecture.md), so it is the same on every backend, and the gradient needs
 * no stored mask.
 * @param rate 0 ≤ rate < 1
 * @param seed uint32; another one for every step and layer
 */
export function dropout(x: tf.Tensor, rate: number, seed: number): tf.Tensor {
  if (!(rate >= 0 && rate < 1)) throw new Error(`A dropout rate is at least 0 and less than 1, not ${rate}.`);
  if (rate === 0) return x.clone();
  return maskedAlike(x, (values) => {
    const dropped = runKernel('DropoutTrain', { x: values }, { rate, seed });
    return dropped ?? tf.tidy(() => tf.mul(values, tf.tensor(dropoutMask(x.size, rate, seed), x.shape)));
  });
}

/**
 * Each channel of an image is 0 with probability `rate`, else divided by 1 − rate (Tompson et al.,
 * https://arxiv.org/abs/1411.4280; PyTorch's Dropout2d). Channel c of image n is the element n · C + c of the mask.
 * @param x [n, height, width, C]
 * @param rate 0 ≤ rate < 1
 * @param seed uint32; another one for every step and layer
 */
export function channelDropout(x: tf.Tensor, rate: number, seed: number): tf.Tensor {
  const [images, , , channels] = x.shape as [number, number, number, number];
  return maskedAlike(x, (values) =>
    tf.tidy(() => {
      const mask = tf.tensor2d(dropoutMask(images * channels, rate, seed), [images, channels]);
      return pixelAffine(values as tf.Tensor4D, mask);
    }),
  );
}

/** Masks x, and on the way back its gradient, which passes where x did. */
const maskedAlike = (x: tf.Tensor, masked: (values: tf.Tensor) => tf.Tensor): tf.Tensor =>
  withGradient([x], (x) => ({ value: masked(x), saved: [], gradient: (dy) => [masked(dy)] }));

/** What the elements are multiplied by: 0 or 1/(1 − rate). */
export function dropoutMask(size: number, rate: number, seed: number): Float32Array {
  const kept = 1 / (1 - rate);
  const threshold = dropoutThreshold(rate);
  const mask = new Float32Array(size);
  for (let i = 0; i < size; i++) mask[i] = keepsElement(seed, i, threshold) * kept;
  return mask;
}
