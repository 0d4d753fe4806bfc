/** Carries out a recipe's augmentation, with the drawings made by hand where it teaches them. */
import { loadDrawings } from '../../src/data/node/drawings.ts';
import { makeAugment } from '../../src/model/augment/augmentation.ts';
import { redrawAll, type Redrawings } from '../../src/model/augment/redrawings.ts';
import type { Recipe } from '../../src/model/recipe.ts';
import type { Augment } from '../../src/model/training.ts';
import { CliError } from './cli.ts';

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
  try {
    const { drawings } = await loadDrawings('teaching');
    return redrawAll(
      drawings.filter(({ ambiguous }) => !ambiguous),
      COPIES,
      SEED,
    );
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error));
  }
}
