/** Cross-entropy with label smoothing. */
import * as tf from '@tensorflow/tfjs-core';
import { NO_CLASS } from '../data/dataset.ts';
import { withGradient } from './differentiation.ts';

/** What teachers predict for the images of a batch, and how much it counts beside the labels. */
export interface TeacherTargets {
  /** [n × classes], rows that sum to 1. */
  readonly probabilities: ArrayLike<number>;
  /** From 0, labels alone, to 1, teachers alone. */
  readonly weight: number;
  /** Not 0 for images for which they predict nothing [n]; left out where there are none. */
  readonly silent?: ArrayLike<number> | undefined;
}

/**
 * The probabilities that the loss compares the network's with: 1 − smoothing + smoothing/classes for the label and
 * smoothing/classes for the others, as PyTorch's `label_smoothing` has it; 1/classes each for {@link NO_CLASS}. Teachers,
 * where there are any, take part in the targets of every image that has a class.
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
  return withGradient([logits], (logits) => {
    const n = logits.shape[0];
    const logProbabilities = tf.logSoftmax(logits);
    return {
      value: tf.div(tf.sum(tf.mul(logProbabilities, targets)), -n),
      saved: [logProbabilities],
      gradient: (dy, logProbabilities) => [
        tf.tidy(() => tf.mul(tf.sub(tf.exp(logProbabilities), targets), tf.div(dy, n))),
      ],
    };
  }) as tf.Scalar;
}
