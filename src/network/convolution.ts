/** The network's convolution in training: stride 1, zero padding that keeps the size, with bias. */
import * as tf from '@tensorflow/tfjs-core';

/** Gradients reach x, kernel and bias. @param x [n, height, width, in] @param kernel [3, 3, in, out] @param bias [out] */
export function convolution(x: tf.Tensor4D, kernel: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  return tf.fused.conv2d({ x, filter: kernel, bias, strides: 1, pad: 'same' });
}

/**
 * The same for the network's first layer. Gradients reach kernel and bias only: nobody asks for that of the images,
 * and tfjs would compute it all the same.
 */
export function imageConvolution(images: tf.Tensor4D, kernel: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  // The images are no input of this op, so the tape does not know of them.
  const convolve = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [kernel, bias] = args as [tf.Tensor4D, tf.Tensor1D];
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: kernel.shape };
    return {
      value: convolution(images, kernel, bias),
      gradFunc: (dy: tf.Tensor) => [
        tf.engine().runKernel(tf.Conv2DBackpropFilter, { x: images, dy }, attributes) as tf.Tensor,
        tf.sum(dy, [0, 1, 2]),
      ],
    };
  });
  return convolve(kernel, bias) as tf.Tensor4D;
}
