/** Photographs as they might as well have been taken: mirrored, moved, turned, lighter, partly covered. */
import { type Augment, IMAGE_PIXELS, IMAGE_SIZE } from '../../data/dataset.ts';
import { deriveSeed, Random } from '../../math/random.ts';
import { eraseRectangle } from './erase.ts';
import type { PhotoAugmentation } from '../recipe-schema.ts';
import { mirror, move, warp } from './geometry.ts';
import { relight } from './light.ts';

const DEGREE = Math.PI / 180;

/** @returns changes images of 28×28 pixels */
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
