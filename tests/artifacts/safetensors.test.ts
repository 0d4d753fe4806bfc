import { expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/artifacts/safetensors.ts';

const tensors = {
  'conv1.weight': { shape: [2, 1, 1, 2], data: Float32Array.of(1, -2, 0.5, 3e-8) },
  'conv1.bias': { shape: [2], data: Float32Array.of(7, 8) },
};

it('reads back what it writes', () => {
  const metadata = { run: 'größe' };
  expect(decodeSafetensors(encodeSafetensors(tensors, metadata))).toEqual({ tensors, metadata });
});

it('lays the file out as the format says', () => {
  const bytes = encodeSafetensors(tensors);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as unknown;
  expect(header).toEqual({
    __metadata__: {},
    'conv1.weight': { dtype: 'F32', shape: [2, 1, 1, 2], data_offsets: [0, 16] },
    'conv1.bias': { dtype: 'F32', shape: [2], data_offsets: [16, 24] },
  });
  expect(bytes.length).toBe(8 + length + 24);
  expect(new Float32Array(bytes.slice(8 + length + 16).buffer)).toEqual(Float32Array.of(7, 8));
});

it('keeps half precision as such, and reads it as float32', () => {
  const half = { shape: [2], data: Uint16Array.of(0x3c00, 0xc100) };
  const bytes = encodeSafetensors({ half });
  expect(new TextDecoder().decode(bytes)).toContain('"dtype":"F16","shape":[2],"data_offsets":[0,4]');
  expect(decodeSafetensors(bytes).tensors).toEqual({ half: { shape: [2], data: Float32Array.of(1, -2.5) } });
});

it('refuses a tensor of another type', () => {
  const bytes = encodeSafetensors(tensors);
  for (const type of ['F16', 'F64']) {
    const text = new TextDecoder('latin1').decode(bytes).replace('"F32"', `"${type}"`);
    expect(() => decodeSafetensors(Uint8Array.from(text, (c) => c.charCodeAt(0)))).toThrow(
      'conv1.weight is neither float32 nor float16',
    );
  }
});
