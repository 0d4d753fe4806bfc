/** The network's linear operations in training. */
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './differentiation.ts';
import { runKernel } from './kernel-contract.ts';

/**
 * Convolution with stride 1, zero padding that keeps the size, and bias. Gradients reach x, kernel and bias.
 * @param x [n, height, width, in]
 * @param kernel [3, 3, in, out]
 * @param bias [out]
 */
export function convolution(x: tf.Tensor4D, kernel: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  return tf.fused.conv2d({ x, filter: kernel, bias, strides: 1, pad: 'same' });
}

/**
 * The same for the network's first layer. Gradients reach kernel and bias only: nothing needs the images' gradient, and
 * tfjs would compute it all the same.
 */
export function imageConvolution(images: tf.Tensor4D, kernel: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  // The images are no input of this operation, so the tape does not know of them.
  return withGradient([kernel, bias], (kernel, bias) => {
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: kernel.shape };
    return {
      value: convolution(images, kernel, bias),
      saved: [],
      gradient: (dy) => [
        tf.engine().runKernel(tf.Conv2DBackpropFilter, { x: images, dy }, attributes) as tf.Tensor,
        tf.sum(dy, [0, 1, 2]),
      ],
    };
  }) as tf.Tensor4D;
}

/** x · kernel + bias. Gradients reach x, kernel and bias. @param x [n, in] @param kernel [in, out] @param bias [out] */
export function dense(x: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.fused.matMul({ a: x, b: kernel, bias }) as tf.Tensor2D;
}

/** The same for a first layer, such as a head on given features. Gradients reach kernel and bias only. */
export function inputDense(x: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return withGradient([kernel, bias], (kernel, bias) => ({
    value: dense(x, kernel, bias),
    saved: [x],
    gradient: (dy, x) => [tf.matMul(x, dy, true, false), tf.sum(dy, 0)],
  })) as tf.Tensor2D;
}

/** Sums of x, or of x · y, over the pixels: [n, height, width, C] → [n, C]. No gradient. */
export function pixelSums(x: tf.Tensor4D, y?: tf.Tensor4D): tf.Tensor2D {
  const sums = runKernel('PixelSums', y ? { x, y } : { x }, {});
  return (sums ?? tf.tidy(() => tf.sum(y ? tf.mul(x, y) : x, [1, 2]))) as tf.Tensor2D;
}

/** x · scale + shift with one of each per image and channel, [n, C]. No gradient. */
export function pixelAffine(x: tf.Tensor4D, scale: tf.Tensor2D, shift?: tf.Tensor2D): tf.Tensor4D {
  const perPixel = (values: tf.Tensor2D): tf.Tensor =>
    tf.reshape(values, [values.shape[0], 1, 1, values.shape[1]]);
  const y = runKernel('PixelAffine', shift ? { x, scale, shift } : { x, scale }, {});
  return (y ??
    tf.tidy(() => {
      const scaled = tf.mul(x, perPixel(scale));
      return shift ? tf.add(scaled, perPixel(shift)) : scaled;
    })) as tf.Tensor4D;
}
