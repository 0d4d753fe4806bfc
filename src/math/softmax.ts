/** Probabilities of logits, row by row. */
export function softmax(logits: ArrayLike<number>, classes: number): Float64Array {
  const probabilities = new Float64Array(logits.length);
  for (let from = 0; from < logits.length; from += classes) {
    let greatest = -Infinity;
    for (let c = 0; c < classes; c++) greatest = Math.max(greatest, logits[from + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += probabilities[from + c] = Math.exp(logits[from + c]! - greatest);
    for (let c = 0; c < classes; c++) probabilities[from + c]! /= sum;
  }
  return probabilities;
}
