/** The runs page: the validation accuracy of every run, and the report's best value. */
import { max } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { endLabels, epochAxis, line, lineChart, rule, type LineChart } from './line-chart.ts';

export interface RunCurve {
  id: string;
  /** At least one. */
  points: { epoch: number; accuracy: number }[];
}

/** What the script of the figure gets. */
export interface ComparisonData {
  runs: RunCurve[];
  /** Ids of the runs that are chosen at first. */
  first: string[];
  /** The report's best validation accuracy, 0 to 1. */
  reference: number;
}

const [COLOURS, DASHES] = [4, 4];

/** The look of a chosen curve, which sets it apart from the others by its colour, or by its dashes. */
export const lookOf = (run: number): string =>
  `run-${run % COLOURS} dash-${Math.floor(run / COLOURS) % DASHES}`;

/**
 * @param chosen ids of the runs that are in colour, and named where there is space; the others are grey
 * @param reference the report's best validation accuracy, 0 to 1
 */
export function comparisonChart(
  runs: readonly RunCurve[],
  chosen: readonly string[],
  reference: number,
  width: number,
  lang: Lang,
): LineChart {
  const narrow = width < 500;
  const last = max(runs, ({ points }) => points.at(-1)!.epoch) ?? 1;
  const lines = runs
    .map(({ id, points }, run) => ({
      label: id,
      points: points.map(({ epoch, accuracy }) => ({ x: epoch, y: accuracy })),
      series: chosen.includes(id) ? lookOf(run) : 'other',
    }))
    // What is in colour lies on what is not.
    .sort((a, b) => Number(a.series !== 'other') - Number(b.series !== 'other'));
  const named = lines.filter(({ series }) => series !== 'other');
  return lineChart({
    ...{ lang, width },
    right: narrow ? 12 : 110,
    x: epochAxis(1, last, narrow, lang),
    panels: [
      {
        name: 'accuracy',
        title: t(lang, 'validationAccuracy'),
        height: narrow ? 210 : 280,
        include: [reference],
        nice: 5,
        ticks: 5,
        unit: 'percent',
        marks: [
          rule(reference),
          ...lines.map(({ series, points }) => line(series, points, series === 'other' ? 0 : 2.5)),
          !narrow && endLabels(named),
        ],
      },
    ],
  });
}
