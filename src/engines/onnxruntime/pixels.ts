/** What each thread does of dropout, and of what is the same for all pixels of a channel: plain loops over images. */
import { dropoutThreshold, keepsElement } from '../../math/random.ts';
import type { ImageBuffer } from './image-layout.ts';
import { itemsOf, type Part } from './thread-pool.ts';

interface DropoutArguments {
  x: ImageBuffer;
  y: ImageBuffer;
  rate: number;
  /** uint32 */
  seed: number;
}

/** y = x where an element is kept, divided by 1 − rate (src/network/dropout.ts). */
export function dropout({ x, y, rate, seed }: DropoutArguments, part: Part): void {
  const kept = 1 / (1 - rate);
  const threshold = dropoutThreshold(rate);
  const [from, to] = [x.data, y.data];
  x.layout.forEachRun(
    (run, index, stride, images) => {
      for (let image = 0; image < images; image++) {
        to[run + image] = from[run + image]! * (keepsElement(seed, index + image * stride, threshold) * kept);
      }
    },
    itemsOf(x.layout.chunks, part),
  );
}

/** Values per channel and image, [C, N]: the images of a run then lie side by side, as they do in an image buffer. */
type PerImage = Float32Array;

interface PixelSumsArguments {
  x: ImageBuffer;
  /** Multiplied with x before it is summed, or left out. */
  y: ImageBuffer | undefined;
  sums: PerImage;
}

export function pixelSums({ x, y, sums }: PixelSumsArguments, part: Part): void {
  const [images, , , channels] = x.layout.shape;
  for (const chunk of itemsOf(x.layout.chunks, part)) {
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

interface PixelAffineArguments {
  x: ImageBuffer;
  y: ImageBuffer;
  scale: PerImage;
  shift: PerImage;
}

/** y = scale · x + shift */
export function pixelAffine({ x, y, scale, shift }: PixelAffineArguments, part: Part): void {
  const [images, , , channels] = x.layout.shape;
  const [from, to] = [x.data, y.data];
  for (const chunk of itemsOf(x.layout.chunks, part)) {
    x.layout.forEachRun(
      (run, index, _, count) => {
        const at = (index % channels) * images + chunk.first;
        for (let i = 0; i < count; i++) to[run + i] = from[run + i]! * scale[at + i]! + shift[at + i]!;
      },
      [chunk],
    );
  }
}
