/** IEEE 754 half precision, in which large weights and predictions are published. */

/** Rounds each value to the nearest half, ties to even. For Node: many browsers lack `Float16Array`. */
export const encodeFloat16 = (values: ArrayLike<number>): Uint16Array<ArrayBuffer> =>
  // By way of float32, as all published files were made: rounding float64 at once differs in rare last digits.
  new Uint16Array(new Float16Array(Float32Array.from(values)).buffer);

/** The value of half-precision bits. */
export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The value of each of the 65,536 patterns of bits. */
let values: Float32Array | undefined;

/** The float32 values of half-precision bits; exact. Looked up: computed, millions of them hold up a page's start. */
export function decodeFloat16(bits: ArrayLike<number>): Float32Array<ArrayBuffer> {
  values ??= Float32Array.from({ length: 1 << 16 }, (_, pattern) => float16Value(pattern));
  const decoded = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) decoded[i] = values[bits[i]!]!;
  return decoded;
}
