/**
 * Whether the network's prediction is shown at all. It gives probabilities for things that are no garment too; where
 * the greatest of them is small, the prediction counts as unsure (Hendrycks & Gimpel, "A Baseline for Detecting
 * Misclassified and Out-of-Distribution Examples in Neural Networks", ICLR 2017).
 */

/** The threshold of one network, as it is published. */
export interface RejectionThreshold {
  /** A prediction is confident if its greatest probability reaches this. */
  readonly least: number;
}

/** The least of all thresholds, and that of a network that was not calibrated: one class outweighs all others together. */
export const MAJORITY: RejectionThreshold = { least: 0.5 };

/** Thresholds are hundredths, to be printed without rounding. */
const STEPS = 100;

/** Whether the probabilities of one image reach the threshold. */
export function isConfident(probabilities: ArrayLike<number>, { least }: RejectionThreshold): boolean {
  for (let c = 0; c < probabilities.length; c++) if (probabilities[c]! >= least) return true;
  return false;
}

/** The number of images whose prediction is rejected. @param probabilities row-major [n × classes] */
export function countRejected(
  probabilities: ArrayLike<number>,
  classes: number,
  threshold: RejectionThreshold,
): number {
  let rejected = 0;
  for (let from = 0; from < probabilities.length; from += classes) {
    if (!isConfident(Array.prototype.slice.call(probabilities, from, from + classes), threshold)) rejected++;
  }
  return rejected;
}

/**
 * The threshold, from {@link MAJORITY} on, with the smallest sum of two error rates: garments rejected, averaged over the
 * kinds of garment images, and other things accepted. If several are equally good, the one in the middle. Without the least,
 * a network trained to be unsure about made-up things answers others, which are less alike to those, far too often.
 *
 * @param garments probabilities of each kind of garment images, row-major [n × classes]
 * @param others those of images of no garment
 * @throws RangeError where there are no images of a kind
 */
export function calibrateThreshold(
  garments: readonly ArrayLike<number>[],
  others: ArrayLike<number>,
  classes: number,
): RejectionThreshold {
  if (!garments.length || [...garments, others].some(({ length }) => length === 0)) {
    throw new RangeError('A threshold is calibrated on images of garments and of other things.');
  }
  const rejectedShare = (probabilities: ArrayLike<number>, least: number): number =>
    countRejected(probabilities, classes, { least }) / (probabilities.length / classes);
  const lowest = MAJORITY.least * STEPS;
  const errors = Array.from({ length: STEPS - lowest + 1 }, (_, step) => {
    const least = (lowest + step) / STEPS;
    const rejected = garments.reduce((sum, kind) => sum + rejectedShare(kind, least), 0) / garments.length;
    return rejected + 1 - rejectedShare(others, least);
  });
  const first = errors.indexOf(Math.min(...errors));
  let last = first;
  while (errors[last + 1] === errors[first]) last++;
  return { least: (lowest + Math.round((first + last) / 2)) / STEPS };
}
