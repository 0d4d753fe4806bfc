/**
 * The IDX format, in which MNIST and Fashion-MNIST are published: a magic number (two zero bytes, the element type,
 * the number of dimensions), the dimensions as big-endian uint32, then the elements in row-major order.
 */
import { sizeOf } from '../math/arrays.ts';

/** A file that is not the IDX file it should be; the message names the file and what is wrong with it. */
export class IdxError extends Error {
  override name = 'IdxError';
}

const UNSIGNED_BYTE = 0x08;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/**
 * The elements of an IDX file of unsigned bytes.
 *
 * @param bytes the whole file, unpacked
 * @param shape the dimensions it must have, e.g. `[60000, 28, 28]`
 * @param name what to call the file in an error
 * @returns a view into `bytes` (no copy) of as many elements as the shape has
 * @throws {IdxError} on a wrong magic number, wrong dimensions, a short file or a long file
 */
export function parseIdx(bytes: Uint8Array, shape: readonly number[], name: string): Uint8Array {
  const header = 4 + 4 * shape.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw new IdxError(`${name}: short file, ${bytes.length} bytes are no IDX header`);

  const magic = view.getUint32(0);
  const expectedMagic = (UNSIGNED_BYTE << 8) | shape.length;
  if (magic !== expectedMagic) {
    throw new IdxError(`${name}: wrong magic number ${hex(magic)}, expected ${hex(expectedMagic)}`);
  }
  if (bytes.length < header) {
    throw new IdxError(`${name}: short file, ${bytes.length} bytes where the header alone takes ${header}`);
  }

  const found = shape.map((_, axis) => view.getUint32(4 + 4 * axis));
  if (found.some((size, axis) => size !== shape[axis])) {
    throw new IdxError(`${name}: wrong dimensions ${found.join('×')}, expected ${shape.join('×')}`);
  }

  const elements = sizeOf(shape);
  const length = header + elements;
  if (bytes.length !== length) {
    const what = bytes.length < length ? 'short' : 'long';
    throw new IdxError(`${name}: ${what} file, ${bytes.length} bytes where ${length} are expected`);
  }
  // No Buffer, even of one: its slice() does not copy, as everybody who is given a Uint8Array expects.
  return new Uint8Array(bytes.buffer, bytes.byteOffset + header, elements);
}
