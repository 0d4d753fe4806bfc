/** Sums over the pixels of each image and channel, and what scales them, on slab buffers: plain loops. */
import { type Share, shareOf } from './partition.ts';
import type { SlabBuffer } from './image-layout.ts';
import type { Workshop } from './workshop.ts';

/** Values per channel and image, [C, N]: the images of a run then lie side by side, as they do in a slab. */
export type PerImage = Float32Array;

export interface PixelSumsArguments {
  x: SlabBuffer;
  /** Multiplied with x before it is summed, or left out. */
  y: SlabBuffer | undefined;
  sums: PerImage;
}

export function pixelSumsTask({ x, y, sums }: PixelSumsArguments, share: Share): void {
  const [images, , , channels] = x.layout.shape;
  for (const chunk of shareOf(x.layout.chunks, share)) {
    for (let channel = 0; channel < channels; channel++) {
      const at = channel * images + chunk.first;
      sums.fill(0, at, at + chunk.images);
    }
    x.layout.forEachRun(
      (run, index, _, count) => {
        const at = (index % channels) * images + chunk.first;
        if (y) {
          for (let i = 0; i < count; i++) sums[at + i]! += x.data[run + i]! * y.data[run + i]!;
        } else for (let i = 0; i < count; i++) sums[at + i]! += x.data[run + i]!;
      },
      [chunk],
    );
  }
}

export interface PixelAffineArguments {
  x: SlabBuffer;
  y: SlabBuffer;
  scale: PerImage;
  shift: PerImage;
}

/** y = scale · x + shift */
export function pixelAffineTask({ x, y, scale, shift }: PixelAffineArguments, share: Share): void {
  const [images, , , channels] = x.layout.shape;
  const [from, to] = [x.data, y.data];
  for (const chunk of shareOf(x.layout.chunks, share)) {
    x.layout.forEachRun(
      (run, index, _, count) => {
        const at = (index % channels) * images + chunk.first;
        for (let i = 0; i < count; i++) to[run + i] = from[run + i]! * scale[at + i]! + shift[at + i]!;
      },
      [chunk],
    );
  }
}

/** @returns [N, C], row-major */
export function pixelSums({ team, arrays }: Workshop, x: SlabBuffer, y?: SlabBuffer): Float32Array {
  const [images, , , channels] = x.layout.shape;
  const sums = arrays.take(images * channels);
  team.run('pixelSums', { x, y, sums });
  const rows = transposed(sums, channels, images);
  arrays.give(sums);
  return rows;
}

/** @param scale [N, C], row-major; @param shift the same, or nothing to shift by */
export function pixelAffine(
  { slabs, team }: Workshop,
  x: SlabBuffer,
  scale: Float32Array,
  shift: Float32Array | undefined,
): SlabBuffer {
  const [images, , , channels] = x.layout.shape;
  const y = slabs.take(x.layout.shape);
  team.run('pixelAffine', {
    x,
    y,
    scale: transposed(scale, images, channels),
    shift: shift ? transposed(shift, images, channels) : new Float32Array(images * channels),
  });
  return y;
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = matrix[row * columns + column]!;
  }
  return result;
}
