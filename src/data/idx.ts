/**
 * The IDX format, in which MNIST and Fashion-MNIST are published: a magic number (two zero bytes, the element type,
 * the number of dimensions), the dimensions as big-endian uint32, then the elements in row-major order.
 */
import { sizeOf } from '../math/arrays.ts';

import { IMAGE_SIZE } from './dataset.ts';

/** One file of the dataset. Mirrors gzip it differently, so the hash is that of the unpacked file. */
export interface DataFile {
  readonly name: string;
  readonly shape: readonly number[];
  /** SHA-256 of the unpacked file, in hexadecimal. */
  readonly sha256: string;
}

/** The four files of Fashion-MNIST. */
export const FILES = {
  trainImages: {
    name: 'train-images-idx3-ubyte',
    shape: [60_000, IMAGE_SIZE, IMAGE_SIZE],
    sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte',
    shape: [60_000],
    sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  },
  testImages: {
    name: 't10k-images-idx3-ubyte',
    shape: [10_000, IMAGE_SIZE, IMAGE_SIZE],
    sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte',
    shape: [10_000],
    sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
} as const satisfies Record<string, DataFile>;

/** Bytes of a file, unpacked: header and elements. */
export const unpackedSize = ({ shape }: DataFile): number => 4 + 4 * shape.length + sizeOf(shape);

const UNSIGNED_BYTE = 0x08;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/**
 * The elements of an IDX file of unsigned bytes.
 *
 * @param bytes the whole file, unpacked
 * @param shape the dimensions it must have, e.g. `[60000, 28, 28]`
 * @param name what to call the file in an error
 * @returns a view into `bytes` (no copy) of as many elements as the shape has
 * @throws {Error} on a wrong magic number, wrong dimensions, a short file or a long file
 */
export function parseIdx(bytes: Uint8Array, shape: readonly number[], name: string): Uint8Array {
  const header = 4 + 4 * shape.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw new Error(`${name}: short file, ${bytes.length} bytes are no IDX header`);

  const magic = view.getUint32(0);
  const expectedMagic = (UNSIGNED_BYTE << 8) | shape.length;
  if (magic !== expectedMagic) {
    throw new Error(`${name}: wrong magic number ${hex(magic)}, expected ${hex(expectedMagic)}`);
  }
  if (bytes.length < header) {
    throw new Error(`${name}: short file, ${bytes.length} bytes where the header alone takes ${header}`);
  }

  const found = shape.map((_, axis) => view.getUint32(4 + 4 * axis));
  if (found.some((size, axis) => size !== shape[axis])) {
    throw new Error(`${name}: wrong dimensions ${found.join('×')}, expected ${shape.join('×')}`);
  }

  const elements = sizeOf(shape);
  const length = header + elements;
  if (bytes.length !== length) {
    const what = bytes.length < length ? 'short' : 'long';
    throw new Error(`${name}: ${what} file, ${bytes.length} bytes where ${length} are expected`);
  }
  // No Buffer, even of one: its slice() does not copy, as everybody who is given a Uint8Array expects.
  return new Uint8Array(bytes.buffer, bytes.byteOffset + header, elements);
}
