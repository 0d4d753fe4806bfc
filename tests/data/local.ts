import { UserError } from '../../src/node/errors.ts';
import { type FashionMnist, loadFashionMnist } from '../../src/data/node/fashion-mnist.ts';
import { defaultSources } from '../../src/data/node/dataset-sources.ts';

/** The dataset if this machine has it, else null: tests fetch nothing. */
export async function localFashionMnist(): Promise<FashionMnist | null> {
  const sources = defaultSources().filter((source) => !source.remote);
  try {
    return await loadFashionMnist({ sources });
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
