/** Quantities of the report beside the reproduced ones, as texts for a table. Pure. */
import type { Lang } from '../i18n/languages.ts';
import { comparisonOf, formatDifference, formatValue } from './quantities.ts';
import type { PublishedRun } from './runs.ts';

/** The report's main results, for the overview. */
export const MAIN = [
  { id: 'test.accuracy', decimals: 2 },
  { id: 'test.loss', decimals: 4 },
  { id: 'best.validationAccuracy', decimals: 2 },
  { id: 'class6.recall', decimals: 1 },
  { id: 'model.parameters', decimals: 0 },
  { id: 'total.seconds', decimals: 1 },
] as const satisfies Quantity[];

/** All results but those of the classes, which stand in Table 2; in groups: accuracy and loss, cost, size. */
export const ALL = [
  {
    quantities: [
      { id: 'test.accuracy', decimals: 2 },
      { id: 'test.loss', decimals: 4 },
      { id: 'best.validationAccuracy', decimals: 2 },
      { id: 'best.epoch', decimals: 0 },
      { id: 'epoch20.validationAccuracy', decimals: 2 },
      { id: 'epoch20.validationLoss', decimals: 4 },
      { id: 'epoch20.trainAccuracy', decimals: 2 },
      { id: 'epoch20.trainLoss', decimals: 4 },
    ],
  },
  {
    quantities: [
      { id: 'total.seconds', decimals: 1 },
      { id: 'speed.secondsPerEpoch', decimals: 1 },
      { id: 'speed.imagesPerSecond', decimals: 0 },
    ],
  },
  {
    quantities: [
      { id: 'model.parameters', decimals: 0 },
      { id: 'model.megabytes', decimals: 1 },
    ],
  },
] as const satisfies { quantities: Quantity[] }[];

export interface Quantity {
  /** Of `comparisons.ts`. */
  id: string;
  /** Decimal places in which it is written. */
  decimals: number;
}

export interface ComparisonRow {
  reported: string;
  /** A dash where the run has no such value. */
  reproduced: string;
  difference: string;
  /** `93.75–94.66%`; empty for what has no interval. */
  interval: string;
  /** Whether the report's value lies in it; null for what has none. */
  inside: boolean | null;
  /** The artifact that holds the value. */
  file: string;
}

/** One quantity of the report and of a run. @throws {RangeError} for an id that no comparison has */
export function comparisonRow({ id, decimals }: Quantity, run: PublishedRun, lang: Lang): ComparisonRow {
  const { kind, reported, reproduced: reproduce, interval: intervalOf, file } = comparisonOf(id);
  const reproduced = reproduce(run);
  const interval = intervalOf(run);
  const format = (value: number): string => formatValue(value, kind, lang, decimals);
  return {
    file,
    reported: format(reported),
    reproduced: reproduced === null ? '–' : format(reproduced),
    difference: reproduced === null ? '–' : formatDifference(reproduced, reported, kind, lang, decimals),
    // The unit once.
    interval: interval ? `${format(interval[0]).replace('%', '')}–${format(interval[1])}` : '',
    inside: interval && interval[0] <= reported && reported <= interval[1],
  };
}
