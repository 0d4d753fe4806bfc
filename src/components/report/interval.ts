/** The 97.5th percentile of the standard normal distribution. */
const Z = 1.959964;

/**
 * Wilson's 95% interval for a proportion that was observed on n independent trials.
 *
 * E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference.
 * @param proportion observed, 0 to 1
 * @param n trials, at least 1
 * @returns low and high, 0 to 1
 */
export function wilson(proportion: number, n: number): [low: number, high: number] {
  const square = Z * Z;
  const centre = (proportion + square / (2 * n)) / (1 + square / n);
  const half = (Z / (1 + square / n)) * Math.sqrt((proportion * (1 - proportion)) / n + square / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
