/** The report's results beside the reproduced ones, as rows of a table, and what cannot be compared. Pure. */
import type { Metrics } from '../artifacts/schema.ts';
import { reported } from '../data/reported.ts';
import { deviceOf } from '../engines/backends.ts';
import type { Lang } from '../i18n/languages.ts';
import { isWithin, quantityOf } from './quantities.ts';
import { formatDifference, formatValue, intervalText } from './quantity-text.ts';
import type { PublishedRun } from './runs.ts';

/** A result by its id in `quantities.ts`, and the decimal places with which it is written. */
export type Result = readonly [id: string, decimals: number];

/** The main results, for the overview. */
export const MAIN_RESULTS = [
  ['test.accuracy', 2],
  ['test.loss', 4],
  ['best.validationAccuracy', 2],
  ['class6.recall', 1],
  ['model.parameters', 0],
  ['total.seconds', 1],
] as const satisfies Result[];

/** All results but those per class, which Table 2 has; in groups: accuracy and loss, cost, size. */
export const ALL_RESULTS = [
  [
    ['test.accuracy', 2],
    ['test.loss', 4],
    ['best.validationAccuracy', 2],
    ['best.epoch', 0],
    ['epoch20.validationAccuracy', 2],
    ['epoch20.validationLoss', 4],
    ['epoch20.trainAccuracy', 2],
    ['epoch20.trainLoss', 4],
  ],
  [
    ['total.seconds', 1],
    ['speed.secondsPerEpoch', 1],
    ['speed.imagesPerSecond', 0],
  ],
  [
    ['model.parameters', 0],
    ['model.megabytes', 1],
  ],
] as const satisfies Result[][];

export interface ResultRow {
  reported: string;
  /** A dash where the run has no such value. */
  reproduced: string;
  difference: string;
  /** `93.75–94.66%`; empty for what has no interval. */
  interval: string;
  /** Whether the interval includes the report's value; null for what has none. */
  inside: boolean | null;
  /** The artifact that holds the value. */
  file: string;
}

/** One result of the report and of a run. @throws {RangeError} for an id that is no quantity's */
export function resultRow([id, decimals]: Result, run: PublishedRun, lang: Lang): ResultRow {
  const { kind, reported, reproduced: reproduce, interval: intervalOf, file } = quantityOf(id);
  const reproduced = reproduce(run);
  const interval = intervalOf(run);
  const format = (value: number): string => formatValue(value, kind, lang, decimals);
  return {
    file,
    reported: format(reported),
    reproduced: reproduced === null ? '–' : format(reproduced),
    difference: reproduced === null ? '–' : formatDifference(reproduced, reported, kind, lang, decimals),
    interval: interval ? intervalText(interval, kind, lang, decimals) : '',
    inside: interval && isWithin(reported, interval),
  };
}

/** What the report measured or switched on and a run of this project has no counterpart of. */
export interface WithoutCounterpart {
  name: 'gpuAllocated' | 'gpuReserved' | 'cudnnBenchmark' | 'mixedPrecision';
  /** The report's value; null for what it only says was enabled. */
  reported: string | null;
  /** Why there is nothing to compare it with; keys of the dictionary. */
  reason: 'noGpu' | 'notRecorded' | 'float32Only';
}

/** Whether a run was computed on a CPU, by the name of its backend. */
export const onCpu = ({ backend }: Pick<Metrics, 'backend'>): boolean => deviceOf(backend.name) === 'cpu';

/** In the order of the report's section 8.1. A run that may have used a GPU did not record what the report did. */
export function withoutCounterpart(metrics: Pick<Metrics, 'backend'>): WithoutCounterpart[] {
  const reason = onCpu(metrics) ? 'noGpu' : 'notRecorded';
  const amount = ({ value, unit }: { value: number; unit: string }): string => `${value} ${unit}`;
  return [
    { name: 'mixedPrecision', reported: reported.mixedPrecision.value, reason: 'float32Only' },
    { name: 'gpuAllocated', reported: amount(reported.gpuMemoryAllocated), reason },
    { name: 'gpuReserved', reported: amount(reported.gpuMemoryReserved), reason },
    { name: 'cudnnBenchmark', reported: null, reason },
  ];
}
