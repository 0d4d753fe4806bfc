/** Dropout, with a mask that can be computed again from its seed. */
import * as tf from '@tensorflow/tfjs-core';
import { DROPOUT_TRAIN, hasKernel, runKernel } from './kernels.ts';
import { pixelAffine } from './pixels.ts';
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
  const drop = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => ({
    value: apply(args[0] as tf.Tensor, rate, seed),
    gradFunc: (dy: tf.Tensor) => apply(dy, rate, seed),
  }));
  return drop(x);
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
  const scaled = (of: tf.Tensor): tf.Tensor =>
    tf.tidy(() =>
      pixelAffine(
        of as tf.Tensor4D,
        tf.tensor2d(dropoutMask(images * channels, rate, seed), [images, channels]),
      ),
    );
  const drop = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => ({
    value: scaled(args[0] as tf.Tensor),
    gradFunc: scaled,
  }));
  return drop(x);
}

function apply(x: tf.Tensor, rate: number, seed: number): tf.Tensor {
  if (hasKernel(DROPOUT_TRAIN)) return runKernel(DROPOUT_TRAIN, { x }, { rate, seed });
  return tf.tidy(() => tf.mul(x, tf.tensor(dropoutMask(x.size, rate, seed), x.shape)));
}

/** What the elements are multiplied by: 0 or 1/(1 − rate). */
export function dropoutMask(size: number, rate: number, seed: number): Float32Array {
  const kept = 1 / (1 - rate);
  const threshold = dropoutThreshold(rate);
  const mask = new Float32Array(size);
  for (let i = 0; i < size; i++) mask[i] = keepsElement(seed, i, threshold) * kept;
  return mask;
}
