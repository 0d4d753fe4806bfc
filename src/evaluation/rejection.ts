/**
 * Whether a network's answer is given at all. What is no garment gets a probability for every garment too; where the
 * greatest of them is small, the network is called unsure (Hendrycks & Gimpel, "A Baseline for Detecting Misclassified
 * and Out-of-Distribution Examples in Neural Networks", ICLR 2017).
 */

/** The threshold of one network, as data. */
export interface Criterion {
  /** The greatest probability must reach it. */
  readonly least: number;
}

/** For a network that was not calibrated: one class outweighs all others together. */
export const MAJORITY: Criterion = { least: 0.5 };

/** Thresholds are hundredths, to be printed without rounding. */
const STEPS = 100;

/** Whether an answer is given for the probabilities of one image. */
export function answers(probabilities: ArrayLike<number>, { least }: Criterion): boolean {
  for (let c = 0; c < probabilities.length; c++) if (probabilities[c]! >= least) return true;
  return false;
}

/** For how many images no answer is given. @param probabilities row-major [n × classes] */
export function countRejected(
  probabilities: ArrayLike<number>,
  classes: number,
  criterion: Criterion,
): number {
  let rejected = 0;
  for (let from = 0; from < probabilities.length; from += classes) {
    if (!answers(Array.prototype.slice.call(probabilities, from, from + classes), criterion)) rejected++;
  }
  return rejected;
}

/**
 * The threshold with the least sum of two errors: garments left unanswered, the mean of their kinds' shares, and other
 * things answered. Of several that are as good, the one in the middle.
 *
 * @param garments probabilities of each kind of garment images, row-major [n × classes]
 * @param others those of images of no garment
 * @throws RangeError where there are no images of a kind
 */
export function calibrate(
  garments: readonly ArrayLike<number>[],
  others: ArrayLike<number>,
  classes: number,
): Criterion {
  if (!garments.length || [...garments, others].some(({ length }) => length === 0)) {
    throw new RangeError('A criterion is calibrated on images of garments and of other things.');
  }
  const share = (probabilities: ArrayLike<number>, least: number): number =>
    countRejected(probabilities, classes, { least }) / (probabilities.length / classes);
  const errors = Array.from({ length: STEPS + 1 }, (_, step) => {
    const least = step / STEPS;
    const unanswered = garments.reduce((sum, kind) => sum + share(kind, least), 0) / garments.length;
    return unanswered + 1 - share(others, least);
  });
  const first = errors.indexOf(Math.min(...errors));
  let last = first;
  while (errors[last + 1] === errors[first]) last++;
  return { least: Math.round((first + last) / 2) / STEPS };
}
