/** Whether two classifiers differ by more than chance, from their predictions for the same images. */
import { confusionMatrix, countCorrect, wilsonInterval } from './metrics.ts';

/** McNemar's test: whether two classifiers err equally often on the same images. */
export interface McNemar {
  /** Images that only the first classifies correctly. */
  onlyFirst: number;
  /** Images that only the second classifies correctly. */
  onlySecond: number;
  /** Probability of a difference at least as large between two that err equally often. */
  p: number;
  /** The distribution that p comes from. */
  by: 'binomial' | 'chi-square';
}

/** With fewer images on which exactly one is right, the binomial distribution is used, which is exact. */
const FEW = 25;

/**
 * @param onlyFirst images that only the first classifies correctly; @param onlySecond only the second
 * @returns two-sided; from the chi-square distribution with Edwards's continuity correction where counts are large
 */
export function mcNemar(onlyFirst: number, onlySecond: number): McNemar {
  const differing = onlyFirst + onlySecond;
  if (differing < FEW) {
    const p = Math.min(1, 2 * binomialTail(Math.min(onlyFirst, onlySecond), differing));
    return { onlyFirst, onlySecond, p, by: 'binomial' };
  }
  const statistic = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1) ** 2 / differing;
  // Chi-square with one degree of freedom is the square of a normal variable.
  return { onlyFirst, onlySecond, p: complementaryError(Math.sqrt(statistic / 2)), by: 'chi-square' };
}

/**
 * 95 % interval of the difference of two accuracies on the same images, second − first: Wald's for paired proportions
 * (Agresti, Categorical Data Analysis, 3rd edition, section 11.1.1), for which the images have to be many.
 */
export function pairedInterval(
  { onlyFirst, onlySecond }: Pick<McNemar, 'onlyFirst' | 'onlySecond'>,
  images: number,
): [low: number, high: number] {
  const difference = (onlySecond - onlyFirst) / images;
  const half = 1.96 * Math.sqrt(((onlyFirst + onlySecond) / images - difference ** 2) / images);
  return [difference - half, difference + half];
}

/** Probability that at most k of n coin tosses show heads. */
function binomialTail(k: number, n: number): number {
  let [term, sum] = [0.5 ** n, 0];
  for (let i = 0; i <= k; i++) {
    sum += term;
    term *= (n - i) / (i + 1);
  }
  return sum;
}

/** erfc(x) for x ≥ 0: its series near zero, its continued fraction farther out (Abramowitz and Stegun 7.1.5, 7.1.14). */
function complementaryError(x: number): number {
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}

/** Images of one class that the first run predicts as one class and the second as another. */
export interface PredictionChange {
  true: number;
  /** The first run's prediction. */
  from: number;
  /** The second run's. */
  to: number;
  /** Ids, ascending. */
  ids: number[];
}

/** A cell of the confusion matrix, as counted for each run. */
export interface CellChange {
  true: number;
  predicted: number;
  first: number;
  second: number;
}

export interface PairComparison {
  images: number;
  /** Accuracy of each, with its 95 % interval. */
  first: { accuracy: number; interval: [low: number, high: number] };
  second: { accuracy: number; interval: [low: number, high: number] };
  mcNemar: McNemar;
  /** Cells of the confusion matrix that differ, largest difference first. */
  cells: CellChange[];
  /** Images with different predictions, largest groups first. */
  moves: PredictionChange[];
}

/** Two runs' predictions for the same images side by side. @param labels, @param first, @param second class numbers */
export function comparePredictions(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  classes: number,
): PairComparison {
  const images = labels.length;
  if (first.length !== images || second.length !== images) {
    throw new Error(`There are ${images} labels, but ${first.length} and ${second.length} predictions.`);
  }
  const accuracyOf = (predictions: ArrayLike<number>): PairComparison['first'] => {
    const correct = countCorrect(labels, predictions);
    return { accuracy: correct / images, interval: wilsonInterval(correct, images) };
  };
  let [onlyFirst, onlySecond] = [0, 0];
  const moves = new Map<string, PredictionChange>();
  for (let id = 0; id < images; id++) {
    const [label, from, to] = [labels[id]!, first[id]!, second[id]!];
    if (from === to) continue;
    if (from === label) onlyFirst++;
    if (to === label) onlySecond++;
    const key = `${label} ${from} ${to}`;
    const move = moves.get(key) ?? { true: label, from, to, ids: [] };
    move.ids.push(id);
    moves.set(key, move);
  }
  const [one, other] = [confusionMatrix(labels, first, classes), confusionMatrix(labels, second, classes)];
  const cells = one.flatMap((row, label) =>
    row.map((count, predicted) => ({
      true: label,
      predicted,
      first: count,
      second: other[label]![predicted]!,
    })),
  );
  const change = (cell: CellChange): number => Math.abs(cell.second - cell.first);
  return {
    images,
    first: accuracyOf(first),
    second: accuracyOf(second),
    mcNemar: mcNemar(onlyFirst, onlySecond),
    cells: cells.filter((cell) => change(cell) > 0).sort((a, b) => change(b) - change(a)),
    moves: [...moves.values()].sort((a, b) => b.ids.length - a.ids.length),
  };
}
