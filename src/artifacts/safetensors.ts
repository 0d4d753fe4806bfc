/**
 * The safetensors file format (https://github.com/huggingface/safetensors#format), with float32 and float16 only. Its
 * numbers are little-endian, as are those of every machine that Node and browsers run on.
 */
import type { Weights } from '../network/architecture.ts';
import { sizeOf } from '../math/arrays.ts';
import { decodeFloat16 } from './float16.ts';

/** Tensors by name, row-major; a Uint16Array holds the bits of half precision. */
export type Tensors = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: Float32Array | Uint16Array }>
>;

/**
 * @param tensors in the order in which their data are written
 * @param metadata free text about the file
 */
export function encodeSafetensors(
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const begin = end;
    end += data.byteLength;
    return [
      name,
      { dtype: data instanceof Float32Array ? 'F32' : 'F16', shape, data_offsets: [begin, end] },
    ] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const header = new TextEncoder().encode(json);
  // Padded with spaces, so that the data begin on a multiple of eight.
  const begin = 8 + Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(begin + end).fill(0x20, 8, begin);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(begin - 8), true);
  bytes.set(header, 8);
  let at = begin;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** Reads what {@link encodeSafetensors} writes, as float32. @throws Error when it is something else */
export function decodeSafetensors(bytes: Uint8Array): {
  tensors: Weights;
  metadata: Readonly<Record<string, string>>;
} {
  const begin = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, begin)),
  ) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> & {
    __metadata__?: Record<string, string>;
  };
  const tensors: Weights = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries)) {
    const [from, to] = data_offsets.map((offset) => begin + offset);
    const data = new Uint8Array(bytes.subarray(from, to)).buffer;
    const width = { F32: 4, F16: 2 }[dtype];
    if (data.byteLength !== sizeOf(shape) * (width ?? NaN))
      throw new Error(`${name} is neither float32 nor float16.`);
    tensors[name] = {
      shape,
      data: width === 4 ? new Float32Array(data) : decodeFloat16(new Uint16Array(data)),
    };
  }
  return { tensors, metadata };
}
