/** What the drawing page shows to explain a prediction: which parts of the image mattered, and similar images. */
import { IMAGE_PIXELS, IMAGE_SIZE } from '../data/dataset.ts';

/** Side of the black square that covers a part of the image. */
const PATCH = 7;
/** Distance between one square and the next. */
const STEP = 3;

/** The upper left corner of a square. */
interface Patch {
  readonly left: number;
  readonly top: number;
}

/** The images to predict, and the square that is black in each of them. */
export interface Occlusions {
  readonly patches: readonly Patch[];
  /** Images of 28×28 bytes, one after another, as many as patches. */
  readonly images: Uint8Array<ArrayBuffer>;
}

/** Copies of the image, each with one square black, for every square that holds any ink. */
export function occlude(image: Uint8Array): Occlusions {
  const starts = Array.from({ length: (IMAGE_SIZE - PATCH) / STEP + 1 }, (_, i) => i * STEP);
  const patches = starts
    .flatMap((top) => starts.map((left) => ({ left, top })))
    .filter((patch) => pixelsOf(patch).some((i) => image[i]! > 0));
  const images = new Uint8Array(patches.length * image.length);
  patches.forEach((patch, n) => {
    images.set(image, n * image.length);
    for (const i of pixelsOf(patch)) images[n * image.length + i] = 0;
  });
  return { patches, images };
}

/**
 * How much covering each pixel lowers the probability, on average over the squares that cover it (Zeiler & Fergus,
 * "Visualizing and Understanding Convolutional Networks", ECCV 2014).
 * @param probability of the predicted class for the whole image
 * @param covered its probability with each square covered
 * @returns 28×28 values, row by row; 0 where covering costs nothing or even helps
 */
export function occlusionMap(
  probability: number,
  patches: readonly Patch[],
  covered: ArrayLike<number>,
): Float32Array {
  const cost = new Float32Array(IMAGE_PIXELS);
  const times = new Uint8Array(IMAGE_PIXELS);
  patches.forEach((patch, n) => {
    for (const i of pixelsOf(patch)) {
      cost[i]! += probability - covered[n]!;
      times[i]! += 1;
    }
  });
  return cost.map((sum, i) => (times[i] ? Math.max(0, sum / times[i]!) : 0));
}

const pixelsOf = ({ left, top }: Patch): number[] =>
  Array.from(
    { length: PATCH * PATCH },
    (_, i) => (top + Math.floor(i / PATCH)) * IMAGE_SIZE + left + (i % PATCH),
  );

/**
 * The images most similar to one, by the sum of squared differences of their pixels.
 * @param image its bytes
 * @param library images of the same size, one after another
 * @returns positions in the library, most similar first
 */
export function nearestImages(image: Uint8Array, library: Uint8Array, count: number): number[] {
  const size = image.length;
  const distances = Array.from({ length: library.length / size }, (_, number) => {
    let distance = 0;
    for (let i = 0; i < size; i++) distance += (image[i]! - library[number * size + i]!) ** 2;
    return { number, distance };
  });
  distances.sort((a, b) => a.distance - b.distance || a.number - b.number);
  return distances.slice(0, count).map(({ number }) => number);
}
