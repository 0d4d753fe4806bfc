/** How training images are changed each time they are shown, as a recipe says it. */
import { photoAugment, type PhotoAugmentation } from './photos.ts';
import type { Augment } from '../training.ts';

export type Augmentation = PhotoAugmentation;

/** What carries an augmentation out. Everything it does follows from the seed of the batch. */
export function makeAugment(augmentation: Augmentation): Augment {
  return photoAugment(augmentation);
}
