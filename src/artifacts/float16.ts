/**
 * IEEE 754 half precision, in which large weights and predictions are published.
 *
 * Written out because `Float16Array` is missing from the pinned Node and from many browsers; one conversion everywhere
 * also means one result everywhere.
 */

const scratch = new DataView(new ArrayBuffer(4));

/**
 * The half-precision bits nearest to a float32 value, ties to even; what is too large becomes infinite.
 *
 * @example float16Bits(1) // 0x3c00
 */
export function float16Bits(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // from 65520 on the nearest half is infinity
  if (magnitude < 0x38800000) return sign | roundHalfToEven(Math.abs(value) * 2 ** 24); // subnormal
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13); // exponent bias 127 → 15
}

/** The value of half-precision bits. */
export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Rounds each value to half precision; the result is as long as the input. */
export function encodeFloat16(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, float16Bits);
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

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
