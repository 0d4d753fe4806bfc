/** The network's dense layers in training: x · kernel + bias. */
import * as tf from '@tensorflow/tfjs-core';

/** Gradients reach x, kernel and bias. @param x [n, in] @param kernel [in, out] @param bias [out] */
export function dense(x: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.fused.matMul({ a: x, b: kernel, bias }) as tf.Tensor2D;
}

/**
 * The same for a first layer, as a head has it on its features. Gradients reach kernel and bias only: nobody asks for
 * that of the features, and tfjs would compute it all the same.
 */
export function inputDense(x: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  // x is no input of this op, so the tape does not know of it.
  const multiply = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [kernel, bias, save] = args as [tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    save([x]);
    return {
      value: dense(x, kernel, bias),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [tf.matMul(saved[0]!, dy, true, false), tf.sum(dy, 0)],
    };
  });
  return multiply(kernel, bias) as tf.Tensor2D;
}
