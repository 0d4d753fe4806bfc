/** Replaces training images by drawings of them; some stay, and some are replaced by things that are not garments. */
import { type Augment, IMAGE_PIXELS, NO_CLASS } from '../../data/dataset.ts';
import { deriveSeed, Random } from '../../math/random.ts';
import { Canvas } from './canvas.ts';
import { icon } from './icons.ts';
import type { Redrawings } from './redrawings.ts';
import { scribble } from './scribbles.ts';
import { sketch } from './sketch.ts';
import { thing } from './things.ts';

export interface DrawingAugmentation {
  readonly kind: 'drawings';
  /** Part of the images that stay as they are. */
  readonly clean: number;
  /** Part that is replaced by something that is not a garment. */
  readonly none: number;
  /** Part that is replaced by redrawn drawings made by people; default 0. */
  readonly byHand?: number;
  /** Part that is replaced by icons of its classes; with them, other things are icons too. Default 0. */
  readonly icons?: number;
}

/**
 * @param redrawings needed for `byHand`
 * @returns a function that changes images of 28×28 pixels, and the labels of those whose class changes
 * @throws {Error} if `byHand` is above 0 and there are no redrawings
 */
export function drawingAugment(
  { clean, none, byHand = 0, icons = 0 }: DrawingAugmentation,
  redrawings?: Redrawings,
): Augment {
  if (byHand && !redrawings?.labels.length)
    throw new Error('The recipe trains on drawings made by hand, but there are none.');
  const canvas = new Canvas();
  const size = IMAGE_PIXELS;
  return ({ pixels, labels, redrawn }, seed) => {
    for (let n = 0; n < labels.length; n++) {
      const random = new Random(deriveSeed(seed, n));
      const kind = random.uniform();
      if (kind < clean) continue;
      const image = pixels.subarray(n * size, (n + 1) * size);
      if (kind < clean + byHand) {
        const chosen = random.below(redrawings!.labels.length);
        image.set(redrawings!.pixels.subarray(chosen * size, (chosen + 1) * size));
        labels[n] = redrawings!.labels[chosen]!;
        if (redrawn) redrawn[n] = 1;
        continue;
      }
      canvas.clear();
      const garment = kind < 1 - none;
      if (!garment) (icons > 0 && random.chance(0.65) ? thing : scribble)(canvas, random);
      else if (kind < clean + byHand + icons) icon(labels[n]!, canvas, random);
      else if (!sketch(image, labels[n]!, canvas, random)) continue;
      const prepared = canvas.prepared();
      if (!prepared) continue;
      image.set(prepared);
      if (redrawn) redrawn[n] = 1;
      if (!garment) labels[n] = NO_CLASS;
    }
  };
}
