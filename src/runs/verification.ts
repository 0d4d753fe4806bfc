/** A published run compared with what its weights give now, figure by figure. */
import { greatest, sum } from 'd3';
import { modelCard } from '../artifacts/card.ts';
import type { EnsembleRun } from '../artifacts/ensemble.ts';
import type { Run } from '../artifacts/run.ts';
import { type EightBit, type Metrics } from '../artifacts/schema.ts';
import { CLASS_COUNT } from '../data/dataset.ts';
import { countParameters } from '../network/architecture.ts';
import { oneCycle } from '../network/one-cycle.ts';
import { departures } from '../training/recipe.ts';
import {
  classificationReport,
  confusionMatrix,
  predictedClasses,
  type Score,
} from '../evaluation/metrics.ts';
import { difference } from './plan.ts';
import type { Evaluation } from './evaluation.ts';
import { alignColumns } from '../node/terminal.ts';

/** Learning rates are written in full. */
const LEARNING_RATE_TOLERANCE = 1e-12;

export interface Row {
  figure: string;
  published: string;
  recomputed: string;
  agrees: boolean;
}

export interface Recomputed {
  test: Evaluation;
  validation: Evaluation | null;
  /** Absent for an ensemble, and where the run has no such figures. */
  variedValidation?: Evaluation | null | undefined;
  /** Of the test images. */
  labels: Uint8Array;
  /** The content of `card.md`. */
  card: string;
}

/** What runs and ensembles both hold of their predictions. */
type Answers = Pick<Run, 'confusion' | 'predictions'> & {
  metrics: Pick<Run['metrics'], 'validation' | 'variedValidation' | 'test' | 'report'>;
};

/**
 * @param allowedImages by how many images a count may differ: none on the backend that made the run, some on another,
 *   whose sums are rounded differently
 */
export function compareRun(
  run: Run,
  recomputed: Recomputed & { eightBit: EightBit | null },
  allowedImages: number,
): Row[] {
  const { metrics, history } = run;
  return [
    ...compareAnswers(run, recomputed, allowedImages),
    ...(metrics.eightBit ? [compareEightBit(metrics.eightBit, recomputed.eightBit, allowedImages)] : []),
    same('Parameters', metrics.parameterCount, countParameters(metrics.recipe.architecture)),
    same('Epochs', metrics.epochs, history.epochs.length),
    same('Best epoch', metrics.bestEpoch, bestEpoch(history.epochs)),
    compareLearningRates(run),
    same(
      'Seconds',
      metrics.time.seconds.toFixed(1),
      sum(history.epochs, ({ seconds }) => seconds).toFixed(1),
    ),
    same(
      'Departures from the report’s recipe',
      bySetting(metrics.departures),
      bySetting(departures(metrics.recipe, metrics.data)),
    ),
    same('Model card', recomputed.card === modelCard(metrics), true),
  ];
}

/** As {@link compareRun}. @param parameterCount of all members together */
export function compareEnsemble(
  run: EnsembleRun,
  recomputed: Recomputed,
  parameterCount: number,
  allowedImages: number,
): Row[] {
  const { metrics } = run;
  return [
    ...compareAnswers(run, recomputed, allowedImages),
    same('Parameters', metrics.parameterCount, parameterCount),
    same('Model card', recomputed.card === modelCard(metrics), true),
  ];
}

function compareEightBit(was: EightBit, now: EightBit | null, allowedImages: number): Row {
  const correct = ({ accuracy, images }: EightBit): number => Math.round(accuracy * images);
  const shown = (figures: EightBit): string =>
    `${correct(figures)}/${figures.images}, ${figures.flips} predicted differently`;
  return {
    figure: 'In eight bits, validation',
    published: shown(was),
    recomputed: now ? shown(now) : 'none',
    agrees:
      now?.images === was.images &&
      Math.abs(correct(now) - correct(was)) <= allowedImages &&
      Math.abs(now.flips - was.flips) <= 2 * allowedImages &&
      now.known.every((p, i) => Math.abs(p - was.known[i]!) <= (allowedImages ? 1e-3 : 1e-5)),
  };
}

function compareAnswers(
  { metrics, confusion, predictions }: Answers,
  { test, validation, variedValidation = null, labels }: Recomputed,
  allowedImages: number,
): Row[] {
  const lossTolerance = allowedImages ? 1e-4 : 1e-6;
  const report = classificationReport(confusionMatrix(labels, test.predicted, CLASS_COUNT));
  const published = predictedClasses(predictions, CLASS_COUNT);

  const accuracy = (name: string, was: number, images: number, now: Evaluation | null): Row => ({
    figure: `${name} accuracy`,
    published: `${Math.round(was * images)}/${images}`,
    recomputed: now ? `${now.correct}/${now.images}` : 'none',
    agrees: now?.images === images && Math.abs(now.correct - was * images) <= allowedImages + 1e-6,
  });
  const loss = (name: string, was: number, now: Evaluation | null): Row => ({
    figure: `${name} loss`,
    published: was.toFixed(6),
    recomputed: now ? now.loss.toFixed(6) : 'none',
    agrees: now !== null && Math.abs(now.loss - was) <= lossTolerance,
  });

  const scores = (of: { classes: Score[]; macro: Score; weighted: Score }): Score[] => [
    ...of.classes,
    of.macro,
    of.weighted,
  ];
  const now = scores(report);
  const scoreGap = Math.max(
    ...scores(metrics.report).flatMap((was, i) =>
      (['precision', 'recall', 'f1'] as const).map((key) => Math.abs(was[key] - now[i]![key])),
    ),
  );
  const smallestClass = Math.min(...report.classes.map(({ support }) => support));
  const { classes, macro, weighted } = classificationReport(confusion.matrix);

  const set = (name: string, was: NonNullable<Metrics['validation']>, now: Evaluation | null): Row[] => [
    loss(name, was.loss, now),
    accuracy(name, was.accuracy, was.images, now),
  ];
  return [
    ...(metrics.validation ? set('Validation', metrics.validation, validation) : []),
    ...(metrics.variedValidation ? set('Varied validation', metrics.variedValidation, variedValidation) : []),
    ...set('Test', metrics.test, test),
    bound(
      'Test predictions that differ',
      published.length === test.predicted.length
        ? published.reduce((sum, was, i) => sum + Number(was !== test.predicted[i]), 0)
        : Infinity,
      allowedImages,
    ),
    // Half precision itself rounds by up to 0.00025, and by twice that to keep two equal ones apart.
    bound(
      'Greatest difference of a probability',
      predictions.reduce((max, was, i) => Math.max(max, Math.abs(was - test.probabilities[i]!)), 0),
      1e-3,
      6,
    ),
    bound(
      'Greatest difference of precision, recall, F1',
      scoreGap,
      allowedImages ? (2 * allowedImages) / smallestClass : 1e-9,
      9,
    ),
    // What must be consistent whatever the backend is.
    same(
      'Confusion matrix of the predictions',
      confusion.matrix,
      confusionMatrix(labels, published, CLASS_COUNT),
    ),
    same('Images of the confusions', confusion.cells.map(cellKey).sort(), cellKeys(labels, published)),
    same('Classification report of the matrix', metrics.report, { classes, macro, weighted }),
    same(
      'Correct test images of the matrix',
      metrics.test.correct,
      confusion.matrix.reduce((sum, row, i) => sum + row[i]!, 0),
    ),
  ];
}

/** A figure that may be at most so large. */
function bound(figure: string, value: number, allowed: number, digits = 0): Row {
  return {
    figure,
    published: `at most ${digits ? allowed.toFixed(digits) : allowed}`,
    recomputed: value.toFixed(digits),
    agrees: value <= allowed,
  };
}

/** A figure that must be the same. */
function same(figure: string, was: unknown, now: unknown): Row {
  const found = difference(was, now);
  const text = (value: unknown): string => (typeof value === 'object' ? 'a table' : String(value));
  return {
    figure: found?.path ? `${figure} (${found.path})` : figure,
    published: found ? String(found.one) : text(was),
    recomputed: found ? String(found.other) : text(now),
    agrees: found === null,
  };
}

function cellKey(cell: { true: number; predicted: number; ids: readonly number[] }): string {
  return `${cell.true}→${cell.predicted}: ${cell.ids.join(' ')}`;
}

function cellKeys(labels: Uint8Array, predicted: Uint8Array): string[] {
  const cells = new Map<string, number[]>();
  labels.forEach((label, id) => {
    if (label === predicted[id]) return;
    const key = `${label}→${predicted[id]}`;
    cells.set(key, [...(cells.get(key) ?? []), id]);
  });
  return [...cells].map(([key, ids]) => `${key}: ${ids.join(' ')}`).sort();
}

/** Against the recipe's schedule. */
function compareLearningRates({ metrics, history }: Run): Row {
  const { epochs, schedule } = metrics.recipe;
  const rates = history.epochs.map(({ epoch, learningRate }) => ({
    was: learningRate,
    now: oneCycle(schedule, epoch * history.stepsPerEpoch, epochs * history.stepsPerEpoch).learningRate,
  }));
  const { was, now } = greatest(rates, ({ was, now }) => Math.abs(was - now))!;
  return {
    figure: 'Learning rates',
    published: was.toFixed(6),
    recomputed: now.toFixed(6),
    agrees: Math.abs(was - now) <= LEARNING_RATE_TOLERANCE,
  };
}

/** Whichever order the recipe had when it was run. */
const bySetting = (list: Metrics['departures']): unknown =>
  list.toSorted((a, b) => (a.setting < b.setting ? -1 : 1));

/** The first of the highest validation accuracy; without validation the last. */
function bestEpoch(epochs: Run['history']['epochs']): number {
  const highest = Math.max(...epochs.map(({ validationAccuracy }) => validationAccuracy ?? -1));
  return highest < 0 ? epochs.length : epochs.findIndex((epoch) => epoch.validationAccuracy === highest) + 1;
}

/** The rows as a table for the terminal. */
export function table(rows: readonly Row[]): string[] {
  return alignColumns(
    [
      ['Figure', 'published', 'recomputed'],
      ...rows.map(({ figure, published, recomputed, agrees }) => [
        figure,
        published,
        recomputed,
        agrees ? 'agrees' : 'DIFFERS',
      ]),
    ],
    '<>>',
  );
}
