/** How well the published networks recognise drawings. */
import { join } from 'node:path';
import { type DrawingFigures, readDrawingFigures } from '../artifacts/drawings.ts';
import type { RejectionThreshold } from '../evaluation/rejection.ts';
import { folderReader } from '../node/files.ts';
import type { PublishedRun } from './runs.ts';

export interface DrawingResult {
  readonly run: PublishedRun;
  readonly figures: DrawingFigures;
}

/**
 * The runs that were evaluated on drawings.
 * @param publicDir the folder that holds `models/`
 * @throws ArtifactError which names file and run
 */
export async function readDrawingResults(
  publicDir: string,
  runs: readonly PublishedRun[],
): Promise<DrawingResult[]> {
  const results = await Promise.all(
    runs.map(async (run) => {
      const figures = await readDrawingFigures(run.metrics, folderReader(join(publicDir, 'models', run.id)));
      return figures && { run, figures };
    }),
  );
  return results.filter((each) => each !== null);
}

/** The first, not the best of them: the drawings it is evaluated on are not used to choose a run. */
export const firstTrainedOnDrawings = (results: readonly DrawingResult[]): PublishedRun | null =>
  results.find(({ run }) => isTrainedOnDrawings(run))?.run ?? null;

/** From which probability on each of them answers, by its id. */
export const thresholdsOf = (results: readonly DrawingResult[]): Record<string, RejectionThreshold> =>
  Object.fromEntries(results.map(({ run, figures }) => [run.id, figures.criterion]));

export const isTrainedOnDrawings = ({ metrics }: PublishedRun): boolean =>
  metrics.recipe.augmentation?.kind === 'drawings';
