/** The parameters of PyTorch's OneCycleLR, two phases of cosine; a third phase, the tail, is our own. */
export interface OneCycle {
  readonly maxLearningRate: number;
  /** Part of all steps in which the learning rate rises. */
  readonly warmUp: number;
  /** The first learning rate is the greatest one divided by this. */
  readonly divFactor: number;
  /** The last learning rate is the first one divided by this. */
  readonly finalDivFactor: number;
  /** β1 runs against the learning rate: high, low, high. */
  readonly baseBeta1: number;
  readonly maxBeta1: number;
  /** A last phase in which the learning rate falls along a straight line; β1 stays at its greatest. */
  readonly tail?: {
    /** Part of all steps. */
    readonly share: number;
    /** The learning rate that the cosine comes down to, in place of the last one above. */
    readonly start: number;
    /** The learning rate of the last step. */
    readonly end: number;
  };
}

/**
 * Learning rate and β1 in force for an optimiser step.
 * @param step counted from 0; `totalSteps` itself is allowed: PyTorch prints it after the last epoch
 */
export function oneCycle(
  schedule: OneCycle,
  step: number,
  totalSteps: number,
): { learningRate: number; beta1: number } {
  const { maxLearningRate, warmUp, divFactor, finalDivFactor, baseBeta1, maxBeta1, tail } = schedule;
  const first = maxLearningRate / divFactor;
  const last = tail ? tail.start : first / finalDivFactor;
  const peak = warmUp * totalSteps - 1;
  const end = totalSteps * (1 - (tail?.share ?? 0)) - 1;
  if (step <= peak) {
    const part = step / peak;
    return { learningRate: cosine(first, maxLearningRate, part), beta1: cosine(maxBeta1, baseBeta1, part) };
  }
  if (tail && step > end) {
    const part = Math.min(1, (step - end) / (totalSteps - 1 - end));
    return { learningRate: tail.start + (tail.end - tail.start) * part, beta1: maxBeta1 };
  }
  const part = (step - peak) / (end - peak);
  return { learningRate: cosine(maxLearningRate, last, part), beta1: cosine(baseBeta1, maxBeta1, part) };
}

/** From start to end along half a cosine wave; `part` from 0 to 1. */
function cosine(start: number, end: number, part: number): number {
  return end + ((start - end) / 2) * (Math.cos(Math.PI * part) + 1);
}
