/** The report's results beside the reproduced ones, as rows of a table, and what cannot be compared. Pure. */
import type { Metrics } from '../artifacts/schema.ts';
import { reported } from '../data/reported.ts';
import { deviceOf } from '../engines/backends.ts';
import { type Mark, markOf } from '../evaluation/metrics.ts';
import type { Lang } from '../i18n/languages.ts';
import { type Interval, quantityOf } from './quantities.ts';
import { differenceRange, formatDifference, formatValue, intervalText } from './quantity-text.ts';
import type { PublishedRun } from './runs.ts';

/** A result by its id in `quantities.ts`, and the decimal places with which it is written. */
export type Result = readonly [id: string, decimals: number];

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
  /** The 95 % interval of the difference: `−0.16 … +1.16 points`; empty for what has none. */
  interval: string;
  /** `94.22–94.24%`: what runs of the same recipe under other seeds have; empty where there is one run. */
  spread: string;
  /** Null where the two do not compare, and where nothing tells what chance would do. */
  mark: Mark | null;
  /** The artifact that holds the value. */
  file: string;
}

/**
 * One result of the report and of a run.
 * @param seeds the runs of the same recipe, itself among them
 * @param reported as the report writes it
 * @throws {RangeError} for an id that is no quantity's
 */
export function resultRow(
  [id, decimals]: Result,
  run: PublishedRun,
  seeds: readonly PublishedRun[],
  lang: Lang,
  written?: string,
): ResultRow {
  const { kind, reported, reproduced: reproduce, interval: intervalOf, file, batch } = quantityOf(id);
  const format = (value: number): string => formatValue(value, kind, lang, decimals);
  const row = { reported: written ?? format(reported), file };
  const reproduced = reproduce(run);
  if (reproduced === null) {
    return { ...row, reproduced: '–', difference: '–', interval: '', spread: '', mark: null };
  }
  const interval = intervalOf(run);
  const ofSeeds = batch ? [] : seeds.flatMap((seed) => reproduce(seed) ?? []);
  const spread: Interval = [Math.min(...ofSeeds), Math.max(...ofSeeds)];
  const same = format(reproduced) === format(reported);
  // Without an interval, what other seeds do tells what chance does.
  const range =
    interval ?? (ofSeeds.length > 1 ? ([spread[0] - reported, spread[1] - reported] as Interval) : null);
  // Percentages and points have two decimals at least where differences are shown.
  const finer = kind === 'percent' || kind === 'points' ? Math.max(decimals, 2) : decimals;
  return {
    ...row,
    reproduced: format(reproduced),
    difference: formatDifference(reproduced, reported, kind, lang, finer),
    interval: interval ? differenceRange(interval, kind, lang, finer) : '',
    spread:
      ofSeeds.length > 1 && !same && spread[0] < spread[1] ? intervalText(spread, kind, lang, finer) : '',
    mark: batch ? null : (markOf(same, range) ?? 'apart'),
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
