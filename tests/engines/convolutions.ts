/** 3×3 convolutions by their definition, in double precision: what engines are compared with. */
import { expect } from 'vitest';
import { sizeOf } from '../../src/math/arrays.ts';
import { Random } from '../../src/math/random.ts';

export type Shape = [n: number, h: number, w: number, c: number];

/** From −1 to 1. */
export function noise(shape: readonly number[], seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => 2 * random.uniform() - 1);
}

/** Calls `use` for each product of a 3×3 convolution, with the indices of output, input and weight. */
export function forProducts(
  [n, height, width, channels]: Shape,
  outputs: number,
  use: (y: number, x: number, weight: number) => void,
): void {
  for (let pixel = 0; pixel < n * height * width; pixel++) {
    const [row, column] = [Math.floor(pixel / width) % height, pixel % width];
    for (let tap = 0; tap < 9; tap++) {
      const [down, right] = [Math.floor(tap / 3) - 1, (tap % 3) - 1];
      if (row + down < 0 || row + down >= height || column + right < 0 || column + right >= width) continue;
      const under = (pixel + down * width + right) * channels;
      for (let channel = 0; channel < channels; channel++) {
        for (let output = 0; output < outputs; output++) {
          use(pixel * outputs + output, under + channel, (tap * channels + channel) * outputs + output);
        }
      }
    }
  }
}

export function largestDifference(actual: ArrayLike<number>, expected: Float64Array): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
}

/** The root mean square. */
export const root = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
