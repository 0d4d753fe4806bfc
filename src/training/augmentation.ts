/** How training images are changed each time they are shown, as a recipe describes it. */
import { type Augment, IMAGE_PIXELS, IMAGE_SIZE } from '../data/dataset.ts';
import { drawingAugment } from '../drawing/sketches/drawing-augmentation.ts';
import type { Redrawings } from '../drawing/sketches/redrawings.ts';
import { deriveSeed, Random } from '../math/random.ts';
import { mirror, move, warp } from './image-geometry.ts';
import type { Augmentation, PhotoAugmentation } from './recipe-schema.ts';

const DEGREE = Math.PI / 180;

/** Least and greatest part of the image that is erased. */
const AREA = [0.02, 0.33] as const;
/** Height over width lies between this and its inverse. */
const ASPECT = 0.3;
/** How often a rectangle that does not fit is drawn anew. */
const ATTEMPTS = 10;

/**
 * The function that carries out an augmentation, on images of 28×28; all it does follows from the seed of the batch.
 * @param redrawings needed for drawings with a part that is made by hand
 * @throws {Error} if they are missing
 */
export function makeAugment(augmentation: Augmentation, redrawings?: Redrawings): Augment {
  return augmentation.kind === 'photos'
    ? photoAugment(augmentation)
    : drawingAugment(augmentation, redrawings);
}

/**
 * Photographs as they might as well have been taken: mirrored, moved, turned, lighter, partly covered.
 * @returns changes images of 28×28 pixels
 */
export function photoAugment(options: PhotoAugmentation): Augment {
  const { flip, shift, rotation, scale, brightness, contrast, erasing, classStrength = {} } = options;
  return ({ pixels, labels }, seed) => {
    const size = IMAGE_PIXELS;
    for (let n = 0; n < labels.length; n++) {
      const image = pixels.subarray(n * size, (n + 1) * size);
      const random = new Random(deriveSeed(seed, n));
      const strength = classStrength[labels[n]!] ?? 1;
      const between = (most: number): number => most * strength * (2 * random.uniform() - 1);
      if (random.uniform() < flip) mirror(image, IMAGE_SIZE);
      // Whole pixels: a shift alone leaves every value as it is.
      const [right, down] = [Math.round(between(shift)), Math.round(between(shift))];
      if (rotation > 0 || scale > 0) {
        warp(image, IMAGE_SIZE, { angle: between(rotation) * DEGREE, zoom: 1 + between(scale), right, down });
      } else if (right !== 0 || down !== 0) move(image, IMAGE_SIZE, right, down);
      if (brightness > 0 || contrast > 0) relight(image, 1 + between(brightness), 1 + between(contrast));
      if (random.uniform() < erasing * strength) eraseRectangle(image, IMAGE_SIZE, random);
    }
  };
}

/**
 * Makes a garment lighter or darker and its greys more or less alike, in place. The background stays black.
 * @param gain all greys are multiplied by this
 * @param contrast how far from their mean they are then, as part of how far they were
 */
export function relight(image: Uint8Array, gain: number, contrast: number): void {
  let [sum, count] = [0, 0];
  for (const pixel of image) {
    sum += pixel;
    count += Number(pixel > 0);
  }
  if (count === 0) return;
  const mean = (gain * sum) / count;
  for (let i = 0; i < image.length; i++) {
    const pixel = image[i]!;
    if (pixel === 0) continue;
    // A pixel of the garment never becomes background.
    image[i] = Math.min(255, Math.max(1, Math.round(mean + (gain * pixel - mean) * contrast)));
  }
}

/** Fills a rectangle anywhere with noise: random erasing (Zhong et al., https://arxiv.org/abs/1708.04896). */
export function eraseRectangle(image: Uint8Array, side: number, random: Random): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = side * side * (AREA[0] + random.uniform() * (AREA[1] - AREA[0]));
    const aspect = Math.exp((2 * random.uniform() - 1) * -Math.log(ASPECT));
    const height = Math.round(Math.sqrt(area * aspect));
    const width = Math.round(Math.sqrt(area / aspect));
    if (height < 1 || width < 1 || height >= side || width >= side) continue;
    const [top, left] = [random.below(side - height + 1), random.below(side - width + 1)];
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) image[y * side + x] = random.next() >>> 24;
    }
    return;
  }
}
