/** The safetensors file format (https://github.com/huggingface/safetensors#format), float32 only. */
import { type Weight } from '../network/architecture.ts';
import { sizeOf } from '../math/arrays.ts';

/**
 * @param tensors by name, in the order in which their data shall lie
 * @param metadata free text about the file
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Weight>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const begin = end;
    end += data.length * 4;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  // Padded with spaces, so that the data begin on a multiple of eight.
  const header = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const bytes = new Uint8Array(8 + header.length + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  for (const { data } of Object.values(tensors)) {
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/** Reads what {@link encodeSafetensors} writes. @throws Error when it is something else */
export function decodeSafetensors(bytes: Uint8Array): Record<string, Weight> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begin = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, begin))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors: Record<string, Weight> = {};
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const size = sizeOf(shape);
    if (dtype !== 'F32' || offsets[1] - offsets[0] !== size * 4) throw new Error(`${name} is not float32.`);
    const data = Float32Array.from({ length: size }, (_, i) =>
      view.getFloat32(begin + offsets[0] + i * 4, true),
    );
    tensors[name] = { shape, data };
  }
  return tensors;
}
