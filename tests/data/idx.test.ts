import { describe, expect, it } from 'vitest';
import { parseIdx } from '../../src/data/idx.ts';

/** Two images of 2×3 bytes. */
const images = Uint8Array.of(
  0,
  0,
  8,
  3,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  3,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
);
const shape = [2, 2, 3];

describe('parseIdx', () => {
  it('gives what slice() copies, of a Buffer too', () => {
    const file = Buffer.from(images);
    const elements = parseIdx(file, shape, 'images');
    elements.slice()[0] = 99;
    expect([...elements]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    elements[0] = 7;
    expect(file[16]).toBe(7);
  });

  it('gives the elements as a view', () => {
    const elements = parseIdx(images, shape, 'images');
    expect([...elements]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(elements.buffer).toBe(images.buffer);
  });

  it('reads a file that is itself a view', () => {
    const padded = new Uint8Array(images.length + 5);
    padded.set(images, 5);
    expect(parseIdx(padded.subarray(5), shape, 'images')[11]).toBe(12);
  });

  it.each([
    [
      'a wrong magic number',
      () => images.with(3, 1),
      'images: wrong magic number 0x00000801, expected 0x00000803',
    ],
    [
      'a wrong element type',
      () => images.with(2, 13),
      'images: wrong magic number 0x00000d03, expected 0x00000803',
    ],
    ['wrong dimensions', () => images.with(15, 4), 'images: wrong dimensions 2×2×4, expected 2×2×3'],
    ['a short file', () => images.slice(0, -1), 'images: short file, 27 bytes where 28 are expected'],
    ['a long file', () => Uint8Array.of(...images, 0), 'images: long file, 29 bytes where 28 are expected'],
    [
      'a header cut short',
      () => images.slice(0, 9),
      'images: short file, 9 bytes where the header alone takes 16',
    ],
    ['an empty file', () => new Uint8Array(), 'images: short file, 0 bytes are no IDX header'],
  ])('refuses %s by name', (_, bytes, message) => {
    expect(() => parseIdx(bytes(), shape, 'images')).toThrow(new Error(message));
  });
});
