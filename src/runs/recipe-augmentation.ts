/** Carries out a recipe's augmentation, with the drawings made by hand where it teaches them. */
import { sizeOf } from '../math/arrays.ts';
import { makeAugment } from '../training/augmentation.ts';
import { redrawAll } from '../drawing/sketches/redrawings.ts';
import { gatherImages } from '../network/preprocess.ts';
import { deriveSeed } from '../math/random.ts';
import type { Recipe } from '../training/recipe-schema.ts';
import type { TrainingData } from '../training/trainer.ts';
import type { Augment } from '../data/dataset.ts';
import { readDrawings } from './dataset.ts';

/** How often each drawing is drawn again: about as many images as an epoch shows of them. */
const COPIES = 24;
/** The same for every run, so that a resumed one is taught with the same images. */
const SEED = 1;

/** @throws UserError when the drawings cannot be read */
export async function augmentOf({ augmentation }: Recipe): Promise<Augment | undefined> {
  if (!augmentation) return undefined;
  if (augmentation.kind !== 'drawings' || !augmentation.byHand) return makeAugment(augmentation);
  const clear = (await readDrawings('teaching')).filter(({ ambiguous }) => !ambiguous);
  return makeAugment(augmentation, redrawAll(clear, COPIES, SEED));
}

/**
 * Images as training shows them: each varied once, by a seed of the recipe's.
 * @param indices which of the data's
 * @returns null where the recipe varies nothing, or makes something else of the images than they were
 */
export function variedImages(
  { images, labels }: TrainingData,
  indices: ArrayLike<number>,
  recipe: Recipe,
): TrainingData | null {
  if (recipe.augmentation?.kind !== 'photos') return null;
  const augment = makeAugment(recipe.augmentation);
  const batch = {
    pixels: gatherImages(images, indices, sizeOf(recipe.architecture.inputShape)),
    labels: Uint8Array.from(indices, (index) => labels[index]!),
  };
  augment(batch, deriveSeed(recipe.seed, 'varied'));
  return { images: batch.pixels, labels: batch.labels };
}
