/**
 * The safetensors file format (https://github.com/huggingface/safetensors#format), float32 only. Its numbers are
 * little-endian, as those of every machine that Node and browsers run on.
 */
import type { Weights } from '../network/architecture.ts';
import { sizeOf } from '../math/arrays.ts';

/**
 * @param tensors by name, in the order in which their data shall lie
 * @param metadata free text about the file
 */
export function encodeSafetensors(
  tensors: Readonly<Weights>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
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

/** Reads what {@link encodeSafetensors} writes. @throws Error when it is something else */
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
    if (dtype !== 'F32' || data.byteLength !== sizeOf(shape) * 4) throw new Error(`${name} is not float32.`);
    tensors[name] = { shape, data: new Float32Array(data) };
  }
  return { tensors, metadata };
}
