/**
 * Squeeze and excitation (Hu et al., https://arxiv.org/abs/1709.01507): a small network looks at each channel's mean
 * over the image and says how much of the channel is to pass. Differentiable.
 */
import * as tf from '@tensorflow/tfjs-core';
import { pixelAffine, pixelSums } from './pixels.ts';

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

/** What stays of each channel, from its means. */
interface Gates {
  /** [n, units], behind the ReLU. */
  hidden: tf.Tensor2D;
  /** [n, C], from 0 to 1. */
  gates: tf.Tensor2D;
}

/** x · sigmoid(relu(means · squeeze) · excite). Gradients reach x and the weights. @param x [n, height, width, C] */
export function squeezeExcite(x: tf.Tensor4D, weights: SqueezeExciteWeights): tf.Tensor4D {
  const { squeezeKernel, squeezeBias, exciteKernel, exciteBias } = weights;
  const pixels = x.shape[1] * x.shape[2];
  // One operation with a gradient of its own: the two ways back to x then meet in one pass over it.
  const operation = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, w1, b1, w2, b2, save] = args as [
      tf.Tensor4D,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    const means = channelMeans(x);
    const { hidden, gates } = gatesOf(means, {
      squeezeKernel: w1,
      squeezeBias: b1,
      exciteKernel: w2,
      exciteBias: b2,
    });
    save([x, w1, w2, means, hidden, gates]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, w1, w2, means, hidden, gates] = saved as [
        tf.Tensor4D,
        ...[tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D],
      ];
      const dGates = pixelSums(dy as tf.Tensor4D, x);
      const dExcite = tf.mul(dGates, tf.mul(gates, tf.sub(1, gates))) as tf.Tensor2D;
      const dHidden = tf.mul(tf.matMul(dExcite, w2, false, true), tf.step(hidden)) as tf.Tensor2D;
      const dMeans = tf.matMul(dHidden, w1, false, true);
      return [
        pixelAffine(dy as tf.Tensor4D, gates, tf.div(dMeans, pixels)),
        tf.matMul(means, dHidden, true),
        tf.sum(dHidden, 0),
        tf.matMul(hidden, dExcite, true),
        tf.sum(dExcite, 0),
      ];
    };
    return { value: pixelAffine(x, gates), gradFunc };
  });
  return operation(x, squeezeKernel, squeezeBias, exciteKernel, exciteBias) as tf.Tensor4D;
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
