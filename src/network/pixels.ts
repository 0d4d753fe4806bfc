/** What is the same for all pixels of an image's channel. No gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, PIXEL_AFFINE, PIXEL_SUMS, runKernel } from './kernels.ts';

/** Sums of x, or of x · y, over the pixels: [n, height, width, C] → [n, C]. */
export function pixelSums(x: tf.Tensor4D, y?: tf.Tensor4D): tf.Tensor2D {
  if (hasKernel(PIXEL_SUMS)) return runKernel(PIXEL_SUMS, y ? { x, y } : { x });
  return tf.tidy(() => tf.sum(y ? tf.mul(x, y) : x, [1, 2]));
}

/** x · scale + shift with one of each for an image and channel, [n, C]. */
export function pixelAffine(x: tf.Tensor4D, scale: tf.Tensor2D, shift?: tf.Tensor2D): tf.Tensor4D {
  if (hasKernel(PIXEL_AFFINE)) return runKernel(PIXEL_AFFINE, shift ? { x, scale, shift } : { x, scale });
  return tf.tidy(() => {
    const spread = (values: tf.Tensor2D): tf.Tensor4D =>
      tf.reshape(values, [values.shape[0], 1, 1, values.shape[1]]);
    const scaled = tf.mul(x, spread(scale));
    return (shift ? tf.add(scaled, spread(shift)) : scaled) as tf.Tensor4D;
  });
}
