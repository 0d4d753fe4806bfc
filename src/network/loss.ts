/** Cross-entropy with label smoothing. */
import * as tf from '@tensorflow/tfjs-core';
import { NO_CLASS } from '../data/classes.ts';

/** What teachers say of the images of a batch, and how much it counts beside the labels. */
export interface TeacherTargets {
  /** [n × classes], rows that sum to 1. */
  readonly probabilities: ArrayLike<number>;
  /** From 0, labels alone, to 1, teachers alone. */
  readonly weight: number;
  /** Not 0 for images of which they say nothing [n]; without it, they speak of all. */
  readonly silent?: ArrayLike<number> | undefined;
}

/**
 * What the loss wants the network to say: 1 − smoothing + smoothing/classes for the label, smoothing/classes for the
 * others, as PyTorch's `label_smoothing` has it; 1/classes each for {@link NO_CLASS}. Teachers, where there are any,
 * have their part in every image of a class.
 * @param labels class numbers [n]
 * @returns [n, classes]
 */
export function smoothedTargets(
  labels: ArrayLike<number>,
  classes: number,
  smoothing: number,
  teachers?: TeacherTargets,
): tf.Tensor2D {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  for (let i = 0; i < labels.length; i++) {
    const row = targets.subarray(i * classes, (i + 1) * classes);
    if (labels[i] === NO_CLASS) {
      row.fill(1 / classes);
      continue;
    }
    row[labels[i]!]! += 1 - smoothing;
    if (!teachers || teachers.silent?.[i]) continue;
    const { probabilities, weight } = teachers;
    for (let c = 0; c < classes; c++) {
      row[c] = (1 - weight) * row[c]! + weight * probabilities[i * classes + c]!;
    }
  }
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
