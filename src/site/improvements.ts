/** Section 9.3's suggestions and what was tried beyond them, each measured against the report's recipe. Pure. */
import { sum } from 'd3';
import { CLASS_COUNT, SHIRT } from '../data/dataset.ts';
import {
  type CellChange,
  comparePredictions,
  type McNemar,
  type PairComparison,
} from '../evaluation/mcnemar.ts';
import { predictedClasses } from '../evaluation/metrics.ts';
import { fullBaseline, type PublishedEnsemble, type PublishedRun } from './runs.ts';
import { secondsAtMedian, sourcesOf, type TrainingTime, trainingTime } from './training-time.ts';

/** What was planned, in the order in which the report names it, by the ids of `src/training/presets.ts`. */
const PLANNED = {
  suggested: ['augment', 'augment-shirt', 'long-tail', 'ensemble', 'attention'],
  beyond: [
    ...(['best-trial', 'taught-trial', 'best', 'best-flips', 'best-attention', 'best-ensemble'] as const),
    ...(['best-again', 'best-three', 'fast'] as const),
  ],
} as const;

/** Suggested by the report, or beyond its suggestions. */
type Group = keyof typeof PLANNED;
export type ImprovementId = (typeof PLANNED)[Group][number];

/** A smaller p-value counts as a difference that chance would not make. */
export const SIGNIFICANCE = 0.05;

/** Cells of the confusion matrix that are named. */
const MOVED = 2;

export interface Trial {
  id: ImprovementId;
  group: Group;
  /** The report's recipe first. */
  comparison: PairComparison;
  effect: 'better' | 'worse' | 'undecided';
  /** Accuracy on the validation images, by which choices were made; null where it was trained on those. */
  validation: number | null;
  /** Shirt's F1, and the baseline's. */
  shirt: { f1: number; before: number };
  /** Kinds of mistake whose number changed most, the greatest change first. */
  moved: CellChange[];
  /** Of its training; for an ensemble its members'. */
  time: TrainingTime;
  /** With the training of the runs it began with or learned from; null where there are none. */
  timeInAll: TrainingTime | null;
  parameters: number;
  /** What a browser loads to use it; null where a network of an ensemble is not published. */
  bytes: number | null;
}

export interface Improvements {
  /** The report's recipe in full; null while it is not published. */
  baseline: PublishedRun | null;
  trials: Trial[];
  /** Planned, not published. */
  missing: ImprovementId[];
}

/**
 * @param labels [test images] classes
 * @param bytesOf what a browser loads of a run
 */
export function compareImprovements(
  runs: readonly PublishedRun[],
  ensembles: readonly PublishedEnsemble[],
  labels: ArrayLike<number>,
  bytesOf: (run: PublishedRun) => number,
): Improvements {
  const baseline = fullBaseline(runs);
  const published = new Map<string, PublishedRun | PublishedEnsemble>(
    [...runs, ...ensembles].map((each) => [each.id, each]),
  );
  const planned = (Object.keys(PLANNED) as Group[]).flatMap((group) =>
    PLANNED[group].map((id) => ({ id, group })),
  );
  const first = baseline && predictedClasses(baseline.predictions, CLASS_COUNT);
  const trials = planned.flatMap(({ id, group }): Trial[] => {
    const own = published.get(id);
    if (!first || !own) return [];
    const comparison = comparePredictions(
      labels,
      first,
      predictedClasses(own.predictions, CLASS_COUNT),
      CLASS_COUNT,
    );
    const networks = 'history' in own ? [own] : membersOf(own, runs);
    const present = networks.filter((run) => run !== null);
    const withSources = sourcesOf(present, runs);
    return [
      {
        id,
        group,
        comparison,
        effect: effectOf(comparison.mcNemar),
        validation: own.metrics.validation?.accuracy ?? null,
        shirt: {
          f1: own.metrics.report.classes[SHIRT]!.f1,
          before: baseline.metrics.report.classes[SHIRT]!.f1,
        },
        moved: comparison.cells.filter((cell) => cell.true !== cell.predicted).slice(0, MOVED),
        time: trainingTime(present),
        timeInAll: withSources.length > present.length ? trainingTime(withSources) : null,
        parameters: own.metrics.parameterCount,
        bytes: present.length === networks.length ? sum(present, bytesOf) : null,
      },
    ];
  });
  const missing = planned.map(({ id }) => id).filter((id) => !published.has(id));
  return { baseline, trials, missing };
}

/** Whether the second classifier is better than the first one by more than chance. */
export function effectOf({ p, onlyFirst, onlySecond }: McNemar): Trial['effect'] {
  if (p >= SIGNIFICANCE) return 'undecided';
  return onlySecond > onlyFirst ? 'better' : 'worse';
}

const membersOf = ({ metrics }: PublishedEnsemble, runs: readonly PublishedRun[]): (PublishedRun | null)[] =>
  metrics.members.map(({ id }) => runs.find((run) => run.id === id) ?? null);

export interface Race {
  /** The validation accuracy that was to be reached. */
  target: number;
  fast: Runner;
  baseline: Runner;
  /** Whether both were timed on the same kind of machine and backend. */
  comparable: boolean;
}

export interface TimeToAccuracy {
  epoch: number;
  /** Of the epochs up to that one, validation included. */
  seconds: number;
  /** Were each of them the median one: what they take where other work slows some of them down. */
  medianSeconds: number;
}

interface Runner {
  reached: TimeToAccuracy | null;
  /** Where it ended. */
  epochs: number;
  seconds: number;
  best: number;
}

/** How long the run `fast` and the report's recipe took to the same validation accuracy; null where either is missing. */
export function race(runs: readonly PublishedRun[], baseline: PublishedRun | null): Race | null {
  const fast = runs.find(({ id }) => id === 'fast');
  const target = fast?.metrics.recipe.targetAccuracy;
  if (!fast || !baseline || target === undefined) return null;
  const runner = ({ history: { epochs }, metrics }: PublishedRun): Runner => ({
    reached: timeToAccuracy(epochs, target),
    epochs: epochs.length,
    seconds: metrics.time.seconds,
    best: Math.max(...epochs.map(({ validationAccuracy }) => validationAccuracy ?? 0)),
  });
  const place = ({ metrics: { machine, backend } }: PublishedRun) => JSON.stringify([machine, backend]);
  return {
    target,
    fast: runner(fast),
    baseline: runner(baseline),
    comparable: place(fast) === place(baseline),
  };
}

/**
 * How long a run took to reach a validation accuracy.
 * @returns of the first epoch that has it; null where none has
 */
function timeToAccuracy(epochs: PublishedRun['history']['epochs'], accuracy: number): TimeToAccuracy | null {
  const last = epochs.findIndex(
    ({ validationAccuracy }) => validationAccuracy !== null && validationAccuracy >= accuracy,
  );
  if (last < 0) return null;
  const run = epochs.slice(0, last + 1);
  return {
    epoch: epochs[last]!.epoch,
    seconds: sum(run, ({ seconds }) => seconds),
    medianSeconds: secondsAtMedian(run),
  };
}
