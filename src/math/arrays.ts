/** Row-major arrays of numbers, as tensors are kept outside of tfjs, and bytes. */

/** How many elements an array of this shape has; 1 for []. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The probabilities that logits [n, classes] stand for; each row sums to 1. */
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

/** Bytes one after another, in a new array. */
export function concatenate(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
