/**
 * Metrics of a classifier, in plain TypeScript over row-major scores [n × classes], class numbers and counts. Precision
 * and recall follow scikit-learn: a division by zero gives 0.
 */
import { groups } from 'd3';

export interface Score {
  precision: number;
  recall: number;
  f1: number;
  /** Images of this class; of all classes for an average. */
  support: number;
}

export interface ClassificationReport {
  accuracy: number;
  /** By class number. */
  classes: Score[];
  /** Means over the classes. */
  macro: Score;
  /** Means over the classes, weighted by their support. */
  weighted: Score;
}

/** The class with the greatest score in each row; the first of equal ones. */
export function predictedClasses(scores: ArrayLike<number>, classes: number): Uint8Array {
  return Uint8Array.from({ length: scores.length / classes }, (_, n) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[n * classes + c]! > scores[n * classes + best]!) best = c;
    return best;
  });
}

export interface Prediction {
  /** Place of the image in its set. */
  id: number;
  label: number;
  answer: number;
  /** Probability of the answer, 0 to 1. */
  confidence: number;
}

/**
 * The model's prediction for each image.
 * @param probabilities [n × classes], row by row
 * @param labels [n]
 */
export function predictionsOf(probabilities: ArrayLike<number>, labels: ArrayLike<number>): Prediction[] {
  const classes = probabilities.length / labels.length;
  return Array.from(predictedClasses(probabilities, classes), (answer, id) => ({
    id,
    label: labels[id]!,
    answer,
    confidence: probabilities[classes * id + answer]!,
  }));
}

/** The number of correct predictions. */
export function countCorrect(labels: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let correct = 0;
  for (let n = 0; n < labels.length; n++) if (labels[n] === predicted[n]) correct++;
  return correct;
}

/** The images of each pair of true and predicted class that has any, by their places. */
export const confusionCells = (labels: Uint8Array, predicted: Uint8Array, classes: number) =>
  groups(labels.keys(), (image) => labels[image]! * classes + predicted[image]!).map(([cell, ids]) => ({
    true: Math.floor(cell / classes),
    predicted: cell % classes,
    ids,
  }));

/** The number of images whose label is among the k greatest scores; a tie counts against the label. */
export function countTop(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  k: number,
): number {
  let hits = 0;
  for (let n = 0; n < labels.length; n++) {
    const score = scores[n * classes + labels[n]!]!;
    let before = 0;
    for (let c = 0; c < classes; c++) if (c !== labels[n] && scores[n * classes + c]! >= score) before++;
    if (before < k) hits++;
  }
  return hits;
}

/**
 * Mean cross-entropy against smoothed labels: the loss in training and in the report. Its minimum is not 0 but the
 * entropy of the labels (0.5003 for ten classes and smoothing 0.1).
 */
export function smoothedCrossEntropy(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  smoothing: number,
): number {
  let sum = 0;
  for (let n = 0; n < labels.length; n++) {
    for (let c = 0; c < classes; c++) {
      const target = smoothing / classes + (c === labels[n] ? 1 - smoothing : 0);
      // A probability stored in half precision may have become 0; the floor keeps the loss finite.
      if (target > 0) sum -= target * Math.log(Math.max(probabilities[n * classes + c]!, 1e-12));
    }
  }
  return ratio(sum, labels.length);
}

/** Counts of images by true class (rows) and predicted class (columns). */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let n = 0; n < labels.length; n++) matrix[labels[n]!]![predicted[n]!]!++;
  return matrix;
}

export interface Confused {
  /** The other class. */
  label: number;
  /** Images of the class that were classified as the other. */
  given: number;
  /** Images of the other that were classified as the class. */
  taken: number;
}

/** How often a class was confused with every other, most often first; pairs that never occurred are left out. */
export const confusionsOf = (matrix: readonly number[][], label: number): Confused[] =>
  matrix
    .map((row, other) => ({ label: other, given: matrix[label]![other]!, taken: row[label]! }))
    .filter(({ label: other, given, taken }) => other !== label && given + taken > 0)
    .sort((a, b) => b.given + b.taken - (a.given + a.taken));

/** Precision, recall and F1 of each class and their averages, from a confusion matrix. */
export function classificationReport(matrix: readonly (readonly number[])[]): ClassificationReport {
  const supports = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const total = supports.reduce((sum, support) => sum + support, 0);
  const classes = matrix.map((row, c): Score => {
    const hits = row[c]!;
    const precision = ratio(
      hits,
      matrix.reduce((sum, other) => sum + other[c]!, 0),
    );
    const recall = ratio(hits, supports[c]!);
    return {
      precision,
      recall,
      f1: ratio(2 * precision * recall, precision + recall),
      support: supports[c]!,
    };
  });
  const average = (weights: readonly number[]): Score => {
    const sum = weights.reduce((a, b) => a + b, 0);
    const mean = (of: (score: Score) => number): number =>
      ratio(
        classes.reduce((partial, score, c) => partial + weights[c]! * of(score), 0),
        sum,
      );
    return {
      precision: mean((score) => score.precision),
      recall: mean((score) => score.recall),
      f1: mean((score) => score.f1),
      support: total,
    };
  };
  return {
    accuracy: ratio(
      matrix.reduce((sum, row, c) => sum + row[c]!, 0),
      total,
    ),
    classes,
    macro: average(classes.map(() => 1)),
    weighted: average(supports),
  };
}

/** Mean and standard deviation of a sample (divided by n − 1; 0 for a single value). */
export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : 0 };
}

/** Wilson's score interval for a proportion; of 95 % confidence unless z is given. */
export function wilsonInterval(
  hits: number,
  total: number,
  z = 1.959963984540054,
): [low: number, high: number] {
  if (total === 0) return [0, 1];
  const share = hits / total;
  const correction = z ** 2 / total;
  const centre = share + correction / 2;
  const margin = z * Math.sqrt((share * (1 - share)) / total + correction / (4 * total));
  return [
    Math.max(0, (centre - margin) / (1 + correction)),
    Math.min(1, (centre + margin) / (1 + correction)),
  ];
}

/**
 * The interval of an F1 score. J = TP / (TP + FP + FN), the Jaccard index, is a proportion: of the images that are of
 * the class or were classified as it, those that are both. F1 = 2J / (1 + J) grows with it, so Wilson's interval for J
 * carries over.
 * @param hits true positives
 * @param misses false positives and false negatives together
 */
export function f1Interval(hits: number, misses: number): [low: number, high: number] {
  const [low, high] = wilsonInterval(hits, hits + misses);
  const f1 = (jaccard: number): number => (2 * jaccard) / (1 + jaccard);
  return [f1(low), f1(high)];
}

/**
 * The interval of a difference, second − first, from the intervals of both: Newcombe's hybrid score interval where those
 * are Wilson's, and Zou and Donner's MOVER where they are others. Both are taken as samples of their own.
 */
export function differenceInterval(
  first: number,
  [firstLow, firstHigh]: readonly [low: number, high: number],
  second: number,
  [secondLow, secondHigh]: readonly [low: number, high: number],
): [low: number, high: number] {
  const difference = second - first;
  return [
    difference - Math.hypot(second - secondLow, firstHigh - first),
    difference + Math.hypot(secondHigh - second, first - firstLow),
  ];
}

export const SCORES = ['precision', 'recall', 'f1'] as const;

/**
 * The interval of a class's score: precision is counted over what was predicted as the class, recall over what is of it,
 * F1 over both together.
 * @param hits images of the class that were predicted as it
 */
export function scoreInterval(
  score: (typeof SCORES)[number],
  hits: number,
  predicted: number,
  support: number,
): [low: number, high: number] {
  if (score === 'f1') return f1Interval(hits, predicted + support - 2 * hits);
  return wilsonInterval(hits, score === 'precision' ? predicted : support);
}

export type Scores = Pick<Score, (typeof SCORES)[number]>;

/**
 * The interval of the difference of a class's score, reproduced − printed. How often the report predicted the class
 * follows from its precision and recall.
 */
export function scoreDifference(
  printed: Scores,
  matrix: readonly (readonly number[])[],
  label: number,
  score: (typeof SCORES)[number],
): [low: number, high: number] {
  const own = classificationReport(matrix).classes[label]!;
  const [hits, support] = [matrix[label]![label]!, own.support];
  const theirHits = printed.recall * support;
  const theirs = scoreInterval(score, theirHits, theirHits / printed.precision, support);
  const predicted = matrix.reduce((sum, row) => sum + row[label]!, 0);
  return differenceInterval(
    printed[score],
    theirs,
    own[score],
    scoreInterval(score, hits, predicted, support),
  );
}

/** How a reproduced value stands to the report's: equal as printed, no further than chance, or further. */
export type Mark = 'same' | 'noise' | 'apart';

/** Whether a value is equal as printed or, by the interval of the difference, not further than chance. */
export const markOf = (same: boolean, interval: readonly [number, number] | null): Mark | null =>
  same ? 'same' : interval && (interval[0] <= 0 && 0 <= interval[1] ? 'noise' : 'apart');

function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}
