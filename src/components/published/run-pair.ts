/** What is said and tabulated of two published runs; while the site is built and, after a choice, in the browser. Pure. */
import { charts } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { runs as t } from '../../i18n/runs.ts';
import type { PairComparison } from '../../evaluation/mcnemar.ts';
import { describeChange, greatestChange, type MatrixPair } from '../charts/confusion-change.ts';
import type { EpochPoint } from '../charts/curves.ts';
import { shortName } from '../../i18n/classes.ts';
import { formatP } from '../charts/p-value.ts';
import { describePair, lastEpoch, type PairCurves } from '../charts/pair-curves.ts';

/** What is drawn of a run or an ensemble. */
export interface Contestant {
  id: string;
  /** None for an ensemble. */
  epochs: EpochPoint[];
  /** Rows are true classes, columns predicted ones. */
  matrix: number[][];
}

export type Pair = readonly [first: Contestant, second: Contestant];

export interface Table {
  columns: string[];
  rows: (string | number)[][];
}

export const matricesOf = ([first, second]: Pair): MatrixPair => ({
  ids: [first.id, second.id],
  matrices: [first.matrix, second.matrix],
});

const percent = (value: number): string => `${(value * 100).toFixed(2)}%`;

/** Which of the two is the better one, and whether chance would do as much. */
export function summaryText([first, second]: Pair, comparison: PairComparison, lang: Lang): string {
  const { mcNemar } = comparison;
  const side = ({ accuracy, interval: [low, high] }: PairComparison['first']) =>
    t(lang, 'pairSide', { accuracy: percent(accuracy), low: percent(low), high: percent(high) });
  return t(lang, 'pairSummary', {
    first: first.id,
    second: second.id,
    one: side(comparison.first),
    other: side(comparison.second),
    onlyFirst: mcNemar.onlyFirst,
    onlySecond: mcNemar.onlySecond,
    p: formatP(mcNemar.p),
  });
}

export const curvesAlt = (pair: PairCurves, lang: Lang): string =>
  t(lang, 'pairCurvesAlt', {
    first: pair[0].id,
    second: pair[1].id,
    sentence: describePair(pair, lastEpoch(pair), lang),
  });

export function matrixAlt(pair: MatrixPair, lang: Lang): string {
  const { row, column } = greatestChange(pair);
  return t(lang, 'pairMatrixAlt', {
    first: pair.ids[0],
    second: pair.ids[1],
    sentence: describeChange(pair, row, column, lang),
  });
}

/** An epoch a row; what a run does not have is a dash. */
export function curvesTable(pair: PairCurves, lang: Lang): Table {
  const loss = (value: number | null | undefined) => value?.toFixed(4) ?? '–';
  const share = (value: number | null | undefined) => (value == null ? '–' : percent(value));
  return {
    columns: [
      charts(lang, 'epoch'),
      ...pair.flatMap(({ id }) =>
        (['trainLoss', 'validationLoss', 'trainAccuracy', 'validationAccuracy', 'learningRate'] as const).map(
          (key) => `${id}: ${charts(lang, key)}`,
        ),
      ),
    ],
    rows: Array.from({ length: lastEpoch(pair) }, (_, i) => [
      i + 1,
      ...pair.flatMap(({ epochs }) => {
        const point = epochs.find(({ epoch }) => epoch === i + 1);
        return [
          loss(point?.trainLoss),
          loss(point?.validationLoss),
          share(point?.trainAccuracy),
          share(point?.validationAccuracy),
          point?.learningRate.toFixed(6) ?? '–',
        ];
      }),
    ]),
  };
}

/** A cell a row, those left out that are empty in both. */
export function matrixTable({ ids, matrices: [first, second] }: MatrixPair, lang: Lang): Table {
  return {
    columns: [charts(lang, 'trueClass'), charts(lang, 'predictedClass'), ...ids, t(lang, 'change')],
    rows: first.flatMap((counts, row) =>
      counts.flatMap((count, column) => {
        const other = second[row]![column]!;
        return count === 0 && other === 0
          ? []
          : [[shortName(row, lang), shortName(column, lang), count, other, other - count]];
      }),
    ),
  };
}
