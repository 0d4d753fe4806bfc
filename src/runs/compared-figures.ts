/** Published figures of predictions beside those that the weights give now. */
import { sum } from 'd3';
import type { EnsembleRun } from '../artifacts/ensemble.ts';
import type { Run } from '../artifacts/run.ts';
import type { Metrics } from '../artifacts/schema.ts';
import { CLASS_COUNT } from '../data/dataset.ts';
import {
  classificationReport,
  confusionMatrix,
  countCorrect,
  predictedClasses,
} from '../evaluation/metrics.ts';
import type { Evaluation } from './evaluation.ts';
import { difference } from './plan.ts';
import { makeConfusion } from './publish.ts';

export interface Row {
  figure: string;
  published: string;
  recomputed: string;
  agrees: boolean;
}

interface Evaluations {
  test: Evaluation;
  validation: Evaluation | null;
  variedValidation?: Evaluation | null;
}

/**
 * Compares what runs and ensembles both have: losses, accuracies, predictions and their confusions.
 * @param variedValidation absent for an ensemble, and where the run has no such figures
 * @param labels of the test images
 * @param allowedImages by how many images a count may differ: none on the backend that made the run, some on another,
 *   whose sums are rounded differently
 */
export function comparePredictions(
  { metrics, confusion, predictions }: Run | EnsembleRun,
  { test, validation, variedValidation = null }: Evaluations,
  labels: Uint8Array,
  allowedImages: number,
): Row[] {
  const lossTolerance = allowedImages ? 1e-4 : 1e-6;
  const report = classificationReport(confusionMatrix(labels, test.predicted, CLASS_COUNT));
  const published = predictedClasses(predictions, CLASS_COUNT);

  const set = (name: string, was: NonNullable<Metrics['validation']>, now: Evaluation | null): Row[] => [
    {
      figure: `${name} loss`,
      published: was.loss.toFixed(6),
      recomputed: now ? now.loss.toFixed(6) : 'none',
      agrees: now !== null && Math.abs(now.loss - was.loss) <= lossTolerance,
    },
    {
      figure: `${name} accuracy`,
      published: `${Math.round(was.accuracy * was.images)}/${was.images}`,
      recomputed: now ? `${now.correct}/${now.images}` : 'none',
      agrees:
        now?.images === was.images &&
        Math.abs(now.correct - was.accuracy * was.images) <= allowedImages + 1e-6,
    },
  ];

  const scores = ({ classes, macro, weighted }: Metrics['report']): number[] =>
    [...classes, macro, weighted].flatMap(({ precision, recall, f1 }) => [precision, recall, f1]);
  const smallestClass = Math.min(...report.classes.map(({ support }) => support));
  const { classes, macro, weighted } = classificationReport(confusion.matrix);
  const { matrix, cells } = makeConfusion(metrics.id, labels.subarray(0, published.length), published);

  return [
    ...(metrics.validation ? set('Validation', metrics.validation, validation) : []),
    ...('variedValidation' in metrics && metrics.variedValidation
      ? set('Varied validation', metrics.variedValidation, variedValidation)
      : []),
    ...set('Test', metrics.test, test),
    bound(
      'Test predictions that differ',
      published.length === test.images ? test.images - countCorrect(published, test.predicted) : Infinity,
      allowedImages,
    ),
    // Half precision itself rounds by up to 0.00025, and by twice that to keep two equal ones apart.
    bound('Greatest difference of a probability', largestGap(predictions, test.probabilities), 1e-3, 6),
    bound(
      'Greatest difference of precision, recall, F1',
      largestGap(scores(metrics.report), scores(report)),
      allowedImages ? (2 * allowedImages) / smallestClass : 1e-9,
      9,
    ),
    // What must be consistent whatever the backend is.
    same('Confusion matrix of the predictions', confusion.matrix, matrix),
    same('Images of the confusions', confusion.cells.map(cellKey).sort(), cells.map(cellKey).sort()),
    same('Classification report of the matrix', metrics.report, { classes, macro, weighted }),
    same(
      'Correct test images of the matrix',
      metrics.test.correct,
      sum(confusion.matrix, (row, i) => row[i]),
    ),
  ];
}

function bound(figure: string, value: number, allowed: number, digits = 0): Row {
  return {
    figure,
    published: `at most ${digits ? allowed.toFixed(digits) : allowed}`,
    recomputed: value.toFixed(digits),
    agrees: value <= allowed,
  };
}

export function same(figure: string, was: unknown, now: unknown): Row {
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

/** NaN where one of them is, or where the other has fewer. */
const largestGap = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
  Array.from(one, (value, i) => Math.abs(value - other[i]!)).reduce((most, gap) => Math.max(most, gap), 0);
