/** What came of the reproduction, for the first lines of the report: every number from the artifacts. Pure. */
import type { Mark } from '../evaluation/metrics.ts';
import type { Lang } from '../i18n/languages.ts';
import { resultRow, type ResultRow } from './result-table.ts';
import type { PublishedRun } from './runs.ts';

export interface Abstract {
  accuracy: ResultRow;
  /** Whether the accuracy was reproduced, or lies above or below the report's further than chance. */
  verdict: 'holds' | 'above' | 'below';
  /** The training accuracy where it does not fit; else null. */
  misfit: ResultRow | null;
  /** The test accuracy of the best single network, which validation images chose; null where it is not published. */
  beyond: { id: string; accuracy: number } | null;
}

/** @param runs all that are published, @param seeds those of the report's recipe, the primary one among them */
export function abstractOf(
  primary: PublishedRun,
  seeds: readonly PublishedRun[],
  runs: readonly PublishedRun[],
  lang: Lang,
): Abstract {
  const accuracy = resultRow(['test.accuracy', 2], primary, seeds, lang);
  const training = resultRow(['epoch20.trainAccuracy', 1], primary, seeds, lang);
  const best = runs.find(({ id }) => id === 'best');
  const apart = (mark: Mark | null): boolean => mark === 'apart';
  return {
    accuracy,
    verdict: !apart(accuracy.mark) ? 'holds' : accuracy.difference.startsWith('+') ? 'above' : 'below',
    misfit: apart(training.mark) ? training : null,
    beyond: best ? { id: best.id, accuracy: best.metrics.test.accuracy } : null,
  };
}
