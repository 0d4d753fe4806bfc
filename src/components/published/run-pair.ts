/** What is said and tabulated of two published runs; while the site is built and, after a choice, in the browser. Pure. */
import type { Metrics } from '../../artifacts/schema.ts';
import type { DataFileEntry } from '../../data/manifest.ts';
import { charts } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { runs as t } from '../../i18n/report.ts';
import type { PairComparison } from '../../evaluation/mcnemar.ts';
import { describeChange, greatestChange, type MatrixPair } from '../charts/confusion-change.ts';
import { MEASURES, measureText } from '../charts/curves.ts';
import { shortName } from '../../i18n/site.ts';
import { percent, pValue } from '../../i18n/format.ts';
import { describePair, lastEpoch, type PairCurve, type PairCurves } from '../charts/pair-curves.ts';
import type { ChartTable } from '../charts/svg.ts';

/** What is drawn of a run or an ensemble. */
export interface ComparedRun extends PairCurve {
  /** Rows are true classes, columns predicted ones. */
  matrix: number[][];
}

export type Pair = readonly [first: ComparedRun, second: ComparedRun];

/** What the build hands the script of the comparison. */
export interface ComparisonSetup {
  published: {
    id: string;
    /** Whether it has a history; an ensemble has none. */
    trained: boolean;
    /** Those that a comparison loads. */
    files: Metrics['files'];
  }[];
  pair: Pair;
  /** The classes of the test images. */
  labels: DataFileEntry;
}

export const matricesOf = ([first, second]: Pair): MatrixPair => ({
  ids: [first.id, second.id],
  matrices: [first.matrix, second.matrix],
});

/** Which of the two is the better one, and whether chance would do as much. */
export function summaryText([first, second]: Pair, comparison: PairComparison, lang: Lang): string {
  const { mcNemar } = comparison;
  const side = ({ accuracy, interval: [low, high] }: PairComparison['first']) =>
    t(lang, 'pairSide', {
      accuracy: percent(lang, accuracy),
      low: percent(lang, low),
      high: percent(lang, high),
    });
  return t(lang, 'pairSummary', {
    first: first.id,
    second: second.id,
    one: side(comparison.first),
    other: side(comparison.second),
    onlyFirst: mcNemar.onlyFirst,
    onlySecond: mcNemar.onlySecond,
    p: pValue(mcNemar.p),
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

/** A row per epoch; what a run does not have is a dash. */
export const curvesTable = (pair: PairCurves, lang: Lang): ChartTable => ({
  columns: [
    charts(lang, 'epoch'),
    ...pair.flatMap(({ id }) => MEASURES.map((measure) => `${id}: ${charts(lang, measure)}`)),
  ],
  rows: Array.from({ length: lastEpoch(pair) }, (_, i) => [
    i + 1,
    ...pair.flatMap(({ epochs }) => {
      const point = epochs.find(({ epoch }) => epoch === i + 1);
      return MEASURES.map((measure) => measureText(measure, point?.[measure], lang));
    }),
  ]),
});

/** A row per cell, without those that are empty in both. */
export function matrixTable({ ids, matrices: [first, second] }: MatrixPair, lang: Lang): ChartTable {
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
