/** Convolutions of random numbers with all of their gradients, in one call of tfjs's. */
import * as tf from '@tensorflow/tfjs-core';

/** From −1 to 1. */
export const random = <Rank extends tf.Tensor>(shape: number[], seed: number): Rank =>
  tf.randomUniform(shape, -1, 1, 'float32', seed) as Rank;

export interface Convolution {
  readonly x: number[];
  readonly filter: number[];
  readonly activation?: 'linear' | 'relu' | 'elu';
  readonly pad?: 'same' | 'valid';
}

/** The result, with a bias; without an activation also the gradients of input, filter and bias. */
export function convolution({ x, filter, activation = 'linear', pad = 'same' }: Convolution): tf.Tensor[] {
  const inputs = [random(x, 1), random(filter, 2), random([filter[3]!], 3)];
  const convolve = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
    tf.fused.conv2d({
      x: x as tf.Tensor4D,
      filter: filter as tf.Tensor4D,
      bias,
      strides: 1,
      pad,
      activation,
    });
  const y = convolve(...(inputs as [tf.Tensor, tf.Tensor, tf.Tensor]));
  // Behind an activation the gradients are those of the activation first, which is no matter of these kernels.
  return activation === 'linear' ? [y, ...tf.grads(convolve)(inputs, random(y.shape, 4))] : [y];
}
