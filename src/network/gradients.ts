/** Loss and gradients of one batch. */
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from './loss.ts';
import type { Network, TrainingPass } from './network.ts';
import { registerOpGradients } from './differentiation.ts';

/** All of it is the caller's to dispose (`tf.dispose`). */
export interface BatchGradients extends TrainingPass {
  loss: tf.Scalar;
  /** By the parameters' names. */
  gradients: Record<string, tf.Tensor>;
}

/**
 * One pass forward and back in training. It changes nothing; `AdamW.apply` and `Network.updateStatistics` take over
 * what it gives.
 * @param images normalised, [n, height, width, channels]
 * @param targets [n, classes], see `smoothedTargets`
 */
export function batchGradients(
  network: Network,
  images: tf.Tensor4D,
  targets: tf.Tensor2D,
  dropoutSeed: number,
): BatchGradients {
  registerOpGradients();
  let pass: TrainingPass | undefined;
  const { value, grads } = tf.variableGrads(() => {
    pass = network.trainingPass(images, dropoutSeed);
    tf.keep(pass.logits);
    Object.values(pass.statistics).forEach((tensor) => tf.keep(tensor));
    return crossEntropy(pass.logits, targets);
  }, [...network.parameters.values()]);
  const gradients = Object.fromEntries(
    [...network.parameters].map(([name, variable]) => [name, grads[variable.name]!]),
  );
  return { loss: value, gradients, ...pass! };
}
