/** Carries out a recipe's augmentation, with the drawings made by hand where it teaches them. */
import { makeAugment } from '../../src/model/augment/augmentation.ts';
import { redrawAll, type Redrawings } from '../../src/model/augment/redrawings.ts';
import type { Recipe } from '../../src/model/recipe.ts';
import type { Augment } from '../../src/model/training.ts';
import { readDrawings } from './drawings.ts';

/** How often each drawing is drawn again: about as many images as an epoch shows of them. */
const COPIES = 24;
/** The same for every run, so that a resumed one is taught with the same images. */
const SEED = 1;

/** @throws CliError when the drawings cannot be read */
export async function augmentOf({ augmentation }: Recipe): Promise<Augment | undefined> {
  if (!augmentation) return undefined;
  const byHand = augmentation.kind === 'drawings' && augmentation.byHand;
  return makeAugment(augmentation, byHand ? await redrawings() : undefined);
}

async function redrawings(): Promise<Redrawings> {
  const drawings = await readDrawings('teaching');
  return redrawAll(
    drawings.filter(({ ambiguous }) => !ambiguous),
    COPIES,
    SEED,
  );
}
