/**
 * What sets two runs apart, beyond what chance would. Plain TypeScript over the predictions of the same images by both.
 */
import { confusionMatrix, countCorrect, wilsonInterval } from './metrics.ts';

/** McNemar's test: whether two classifiers err equally often on the same images. */
export interface McNemar {
  /** Images that the first alone tells right. */
  onlyFirst: number;
  /** Images that the second alone tells right. */
  onlySecond: number;
  /** How likely so large a difference, or a larger one, is between two that err equally often. */
  p: number;
  /** Which distribution says so. */
  by: 'binomial' | 'chi-square';
}

/** Below so many images on which the two differ, the binomial distribution is used, which is exact. */
const FEW = 25;

/**
 * @param onlyFirst images that the first alone tells right; @param onlySecond the second alone
 * @returns two-sided; the chi-square distribution with Edwards's correction for continuity where counts are large
 */
export function mcNemar(onlyFirst: number, onlySecond: number): McNemar {
  const differing = onlyFirst + onlySecond;
  if (differing < FEW) {
    const p = Math.min(1, 2 * binomialTail(Math.min(onlyFirst, onlySecond), differing));
    return { onlyFirst, onlySecond, p, by: 'binomial' };
  }
  const statistic = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1) ** 2 / differing;
  // Of one degree of freedom: the square of a normal variable.
  return { onlyFirst, onlySecond, p: complementaryError(Math.sqrt(statistic / 2)), by: 'chi-square' };
}

/** How likely at most k of n tosses of a coin show heads. */
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

/** Images of one class that one run gives one answer and the other another. */
export interface Move {
  true: number;
  /** The first run's answer. */
  from: number;
  /** The second run's. */
  to: number;
  /** Ids, ascending. */
  ids: number[];
}

/** A cell of the confusion matrix. */
export interface CellChange {
  true: number;
  predicted: number;
  first: number;
  second: number;
}

export interface Comparison {
  images: number;
  /** Accuracy of each and its 95 % interval. */
  first: { accuracy: number; interval: [low: number, high: number] };
  second: { accuracy: number; interval: [low: number, high: number] };
  mcNemar: McNemar;
  /** Cells of the confusion matrix that differ, those that differ most first. */
  cells: CellChange[];
  /** Images that are answered differently, the largest groups first. */
  moves: Move[];
}

/** Two runs' answers to the same images side by side. @param labels class numbers; @param first, @param second answers */
export function comparePredictions(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  classes: number,
): Comparison {
  const images = labels.length;
  if (first.length !== images || second.length !== images) {
    throw new Error(`There are ${images} labels, but ${first.length} and ${second.length} answers.`);
  }
  const share = (answers: ArrayLike<number>): Comparison['first'] => {
    const correct = countCorrect(labels, answers);
    return { accuracy: correct / images, interval: wilsonInterval(correct, images) };
  };
  let [onlyFirst, onlySecond] = [0, 0];
  const moves = new Map<string, Move>();
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
    first: share(first),
    second: share(second),
    mcNemar: mcNemar(onlyFirst, onlySecond),
    cells: cells.filter((cell) => change(cell) > 0).sort((a, b) => change(b) - change(a)),
    moves: [...moves.values()].sort((a, b) => b.ids.length - a.ids.length),
  };
}

/** Mean and standard deviation of a sample (divided by n − 1; 0 for a single value). */
export function spread(values: readonly number[]): { mean: number; deviation: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : 0 };
}
