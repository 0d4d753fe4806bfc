/** How training images are changed each time they are shown, as a recipe says it. */
import type { Augment } from '../../data/dataset.ts';
import { drawingAugment } from '../../drawing/sketches/drawing-augmentation.ts';
import type { Augmentation } from '../recipe-schema.ts';
import { photoAugment } from './photos.ts';
import type { Redrawings } from '../../drawing/sketches/redrawings.ts';

/**
 * What carries an augmentation out, on images of 28×28. Everything it does follows from the seed of the batch.
 * @param redrawings needed for drawings with a part that is made by hand
 * @throws {Error} if they are missing
 */
export function makeAugment(augmentation: Augmentation, redrawings?: Redrawings): Augment {
  return augmentation.kind === 'photos'
    ? photoAugment(augmentation)
    : drawingAugment(augmentation, redrawings);
}
