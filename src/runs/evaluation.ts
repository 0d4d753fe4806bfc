/** How well a network predicts a set of images. */
import type { Metrics } from '../artifacts/schema.ts';
import { CLASS_COUNT } from '../data/dataset.ts';
import {
  classificationReport,
  confusionMatrix,
  countCorrect,
  predictedClasses,
  smoothedCrossEntropy,
} from '../evaluation/metrics.ts';
import type { Architecture, Weights } from '../network/architecture.ts';
import { classify } from '../network/classify.ts';
import { FoldedNetwork } from '../network/fold.ts';
import type { TrainingData } from '../training/trainer.ts';

export interface Evaluation {
  /** [images × 10], row by row. */
  probabilities: Float64Array;
  predicted: Uint8Array;
  loss: number;
  correct: number;
  accuracy: number;
  images: number;
}

/**
 * The probabilities that a network gives as it is used, [indices × 10].
 * @param progress called with the share that is done
 */
export async function predict(
  architecture: Architecture,
  weights: Weights,
  images: Uint8Array,
  indices: ArrayLike<number>,
  progress?: (share: number) => void | Promise<void>,
): Promise<Float64Array> {
  const network = new FoldedNetwork(architecture, weights);
  try {
    return await classify(network, images, indices, (done) => progress?.(done / indices.length));
  } finally {
    network.dispose();
  }
}

/** Evaluates what a network predicts. @param indices which of the images; all when left out */
export async function evaluate(
  architecture: Architecture,
  weights: Weights,
  { images, labels }: TrainingData,
  labelSmoothing: number,
  indices: ArrayLike<number> = Uint32Array.from(labels.keys()),
  progress?: (share: number) => void | Promise<void>,
): Promise<Evaluation> {
  const probabilities = await predict(architecture, weights, images, indices, progress);
  const chosen = Uint8Array.from(indices, (index) => labels[index]!);
  return evaluateProbabilities(probabilities, chosen, labelSmoothing);
}

/** @param probabilities [images × 10] */
export function evaluateProbabilities(
  probabilities: Float64Array,
  labels: Uint8Array,
  labelSmoothing: number,
): Evaluation {
  const images = labels.length;
  const predicted = predictedClasses(probabilities, CLASS_COUNT);
  const correct = countCorrect(labels, predicted);
  const loss = smoothedCrossEntropy(probabilities, labels, CLASS_COUNT, labelSmoothing);
  return { probabilities, predicted, loss, correct, accuracy: correct / images, images };
}

/** What `metrics.json` holds of an evaluation on validation images. */
export function validationFigures(evaluation: Evaluation): NonNullable<Metrics['validation']> {
  const { loss, accuracy, images } = evaluation;
  return { loss, accuracy, images };
}

/** What it holds of the evaluation on the test images. */
export function testFigures(test: Evaluation, labels: Uint8Array): Pick<Metrics, 'test' | 'report'> {
  const { classes, macro, weighted } = classificationReport(
    confusionMatrix(labels, test.predicted, CLASS_COUNT),
  );
  return {
    test: { ...validationFigures(test), correct: test.correct },
    report: { classes, macro, weighted },
  };
}
