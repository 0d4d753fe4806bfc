/** What the published networks make of drawings. For the site's build. */
import { join } from 'node:path';
import { type DrawingFigures, readDrawingFigures } from '../artifacts/drawings.ts';
import type { RejectionThreshold } from '../evaluation/rejection.ts';
import { folderReader } from '../node/files.ts';
import type { PublishedRun } from './runs.ts';

/** A run, and what it makes of drawings. */
export interface Judged {
  readonly run: PublishedRun;
  readonly figures: DrawingFigures;
}

/**
 * Of the runs those that were shown the drawings.
 * @param publicDir the folder that holds `models/`
 * @throws ArtifactError which names file and run
 */
export async function readJudged(publicDir: string, runs: readonly PublishedRun[]): Promise<Judged[]> {
  const judged = await Promise.all(
    runs.map(async (run) => {
      const figures = await readDrawingFigures(run.metrics, folderReader(join(publicDir, 'models', run.id)));
      return figures && { run, figures };
    }),
  );
  return judged.filter((each) => each !== null);
}

/** The first run that was taught drawings, not the one that tells most of the last look's: those choose nothing. */
export const taughtDrawings = (judged: readonly Judged[]): PublishedRun | null =>
  judged.find(({ run }) => knowsSketches(run))?.run ?? null;

/** When each of them answers, by its id. */
export const criteriaOf = (judged: readonly Judged[]): Record<string, RejectionThreshold> =>
  Object.fromEntries(judged.map(({ run, figures }) => [run.id, figures.criterion]));

/** Whether a run was taught with drawings made of the training images. */
export function knowsSketches({ metrics }: PublishedRun): boolean {
  const { augmentation } = metrics.recipe as { augmentation?: { kind?: unknown } | null };
  return augmentation?.kind === 'drawings';
}
