/**
 * Squeeze and excitation (Hu et al., https://arxiv.org/abs/1709.01507): from each
 * channel's mean over the image, a small network computes how much of the channel passes. Differentiable.
 */
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './differentiation.ts';
import { pixelAffine, pixelSums } from './layers.ts';

/** Two dense layers; `units` between them. */
export interface SqueezeExciteWeights {
  /** [C, units] */
  readonly squeezeKernel: tf.Tensor2D;
  /** [units] */
  readonly squeezeBias: tf.Tensor1D;
  /** [units, C] */
  readonly exciteKernel: tf.Tensor2D;
  /** [C] */
  readonly exciteBias: tf.Tensor1D;
}

/** How much of each channel passes. */
interface Gates {
  /** [n, units], after the ReLU */
  hidden: tf.Tensor2D;
  /** [n, C], from 0 to 1 */
  gates: tf.Tensor2D;
}

/** x · sigmoid(relu(means · squeeze) · excite). Gradients reach x and the weights. @param x [n, height, width, C] */
export function squeezeExcite(x: tf.Tensor4D, weights: SqueezeExciteWeights): tf.Tensor4D {
  const { squeezeKernel, squeezeBias, exciteKernel, exciteBias } = weights;
  const pixels = x.shape[1] * x.shape[2];
  // One operation with its own gradient: the two ways back to x then meet in one pass over it.
  const inputs = [x, squeezeKernel, squeezeBias, exciteKernel, exciteBias] as const;
  return withGradient(inputs, (x, squeezeKernel, squeezeBias, exciteKernel, exciteBias) => {
    const means = channelMeans(x);
    const { hidden, gates } = gatesOf(means, { squeezeKernel, squeezeBias, exciteKernel, exciteBias });
    return {
      value: pixelAffine(x, gates),
      saved: [x, squeezeKernel, exciteKernel, means, hidden, gates],
      gradient: (dy, x, squeezeKernel, exciteKernel, means, hidden, gates) => {
        const dGates = pixelSums(dy as tf.Tensor4D, x as tf.Tensor4D);
        const dExcite = tf.mul(dGates, tf.mul(gates, tf.sub(1, gates))) as tf.Tensor2D;
        const dHidden = tf.mul(tf.matMul(dExcite, exciteKernel, false, true), tf.step(hidden)) as tf.Tensor2D;
        const dMeans = tf.matMul(dHidden, squeezeKernel, false, true);
        return [
          pixelAffine(dy as tf.Tensor4D, gates as tf.Tensor2D, tf.div(dMeans, pixels)),
          tf.matMul(means, dHidden, true),
          tf.sum(dHidden, 0),
          tf.matMul(hidden, dExcite, true),
          tf.sum(dExcite, 0),
        ];
      },
    };
  }) as tf.Tensor4D;
}

/** The same without a gradient. */
export function gated(x: tf.Tensor4D, weights: SqueezeExciteWeights): tf.Tensor4D {
  return tf.tidy(() => pixelAffine(x, gatesOf(channelMeans(x), weights).gates));
}

function channelMeans(x: tf.Tensor4D): tf.Tensor2D {
  return tf.div(pixelSums(x), x.shape[1] * x.shape[2]);
}

function gatesOf(means: tf.Tensor2D, weights: SqueezeExciteWeights): Gates {
  const { squeezeKernel, squeezeBias, exciteKernel, exciteBias } = weights;
  const hidden = tf.fused.matMul({ a: means, b: squeezeKernel, bias: squeezeBias, activation: 'relu' });
  const gates = tf.sigmoid(tf.fused.matMul({ a: hidden, b: exciteKernel, bias: exciteBias }));
  return { hidden, gates } as Gates;
}
