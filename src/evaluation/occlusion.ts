/**
 * Where the network looked: parts of the image are covered one after another, and where covering costs the answer most
 * of its probability, there it looked. Takes predictions alone, so the network is not touched.
 */
import { IMAGE_SIZE as SIDE } from '../data/files.ts';

/** Side of the black square that covers a part. */
const PATCH = 7;
/** How far it moves from one image to the next. */
const STEP = 3;

/** Where a square stands. */
interface Cover {
  readonly left: number;
  readonly top: number;
}

/** The images to predict, and where each of them is covered. */
export interface Occlusions {
  readonly covers: readonly Cover[];
  /** Images of 28×28 bytes, one after another, as many as covers. */
  readonly images: Uint8Array<ArrayBuffer>;
}

/** The image with a part covered, for every part in which there is anything to cover. */
export function occlude(image: Uint8Array): Occlusions {
  const starts = Array.from({ length: (SIDE - PATCH) / STEP + 1 }, (_, i) => i * STEP);
  const covers = starts
    .flatMap((top) => starts.map((left) => ({ left, top })))
    .filter((cover) => pixelsOf(cover).some((i) => image[i]! > 0));
  const images = new Uint8Array(covers.length * image.length);
  covers.forEach((cover, n) => {
    images.set(image, n * image.length);
    for (const i of pixelsOf(cover)) images[n * image.length + i] = 0;
  });
  return { covers, images };
}

/**
 * What covering a pixel costs on average.
 * @param probability of the answer for the whole image
 * @param covered its probability with each part covered
 * @returns 28×28 values, row by row; 0 where covering costs nothing, or even helps
 */
export function attention(
  probability: number,
  covers: readonly Cover[],
  covered: ArrayLike<number>,
): Float32Array {
  const cost = new Float32Array(SIDE * SIDE);
  const times = new Uint8Array(SIDE * SIDE);
  covers.forEach((cover, n) => {
    for (const i of pixelsOf(cover)) {
      cost[i]! += probability - covered[n]!;
      times[i]! += 1;
    }
  });
  return cost.map((sum, i) => (times[i] ? Math.max(0, sum / times[i]!) : 0));
}

const pixelsOf = ({ left, top }: Cover): number[] =>
  Array.from({ length: PATCH * PATCH }, (_, i) => (top + Math.floor(i / PATCH)) * SIDE + left + (i % PATCH));
