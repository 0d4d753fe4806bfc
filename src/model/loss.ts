/** Cross-entropy with label smoothing. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * What the loss wants the network to say: 1 − smoothing + smoothing/classes for the label, smoothing/classes for the
 * others, as PyTorch's `label_smoothing` has it.
 * @param labels class numbers [n]
 * @returns [n, classes]
 */
export function smoothedTargets(labels: ArrayLike<number>, classes: number, smoothing: number): tf.Tensor2D {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  for (let i = 0; i < labels.length; i++) targets[i * classes + labels[i]!]! += 1 - smoothing;
  return tf.tensor2d(targets, [labels.length, classes]);
}

/**
 * −Σ target · log softmax(logits), mean over the batch.
 * @param logits [n, classes]
 * @param targets [n, classes], rows that sum to 1
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  const loss = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [logits, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const n = logits.shape[0];
    const logProbabilities = tf.logSoftmax(logits);
    save([logProbabilities]);
    return {
      value: tf.div(tf.sum(tf.mul(logProbabilities, targets)), -n) as tf.Scalar,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => tf.mul(tf.sub(tf.exp(saved[0]!), targets), tf.div(dy, n))),
    };
  });
  return loss(logits);
}
