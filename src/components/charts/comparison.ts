/** The runs page: the validation accuracy of every run, and the report's best value. */
import { max } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { epochTicks, line, lineChart, drawLine, rule, type LineChart } from './line-chart.ts';
import { text } from './svg.ts';

export interface RunCurve {
  id: string;
  /** At least one. */
  points: { epoch: number; accuracy: number }[];
}

/** Sizes of an entry of the legend. */
const LEGEND = { top: 38, row: 19, swatch: 22, gap: 7, perLetter: 7.2, between: 16 };

/** The look of a run's curve, which sets it apart from the others: three colours, then the same ones dashed. */
const look = (run: number): string => `run-${run % 3} dash-${Math.floor(run / 3) % 3}`;

/** The names side by side, in as many rows as they need. @returns the markup and where the last row is */
function legend(ids: readonly string[], right: number): { content: string; bottom: number } {
  const left = 2;
  let [x, y] = [left, LEGEND.top];
  const entries = ids.map((id, run) => {
    const width = LEGEND.swatch + LEGEND.gap + LEGEND.perLetter * id.length;
    if (x > left && x + width > right) [x, y] = [left, y + LEGEND.row];
    const [start, end] = [x, x + LEGEND.swatch];
    x += width + LEGEND.between;
    return (
      drawLine(look(run), `M${start},${y}H${end}`, [{ x: (start + end) / 2, y }], 2.5) +
      text(end + LEGEND.gap, y, id, { class: `label run-${run % 3}`, centred: true })
    );
  });
  return { content: entries.join(''), bottom: y };
}

/** @param reference the report's best validation accuracy, 0 to 1 */
export function comparisonChart(
  runs: readonly RunCurve[],
  reference: number,
  width: number,
  lang: Lang,
): LineChart {
  const narrow = width < 500;
  const { content, bottom } = legend(
    runs.map(({ id }) => id),
    width,
  );
  const top = bottom + 22;
  const last = max(runs, ({ points }) => points.at(-1)!.epoch) ?? 1;
  return lineChart({
    width,
    left: 46,
    right: 8,
    top,
    x: {
      domain: [1, Math.max(2, last)],
      inset: 6,
      ticks: epochTicks(1, last, narrow ? 6 : 20),
      title: t(lang, 'epochAxis'),
    },
    panels: [
      {
        title: t(lang, 'validationAccuracy'),
        titleRise: top - 19,
        head: content,
        height: narrow ? 190 : 240,
        include: [reference],
        nice: 5,
        ticks: 5,
        format: (value) => `${Math.round(value * 1000) / 10}%`,
        marks: [
          rule(reference),
          ...runs.map(({ points }, run) =>
            line(
              look(run),
              points.map(({ epoch, accuracy }) => ({ x: epoch, y: accuracy })),
              2.5,
            ),
          ),
        ],
      },
    ],
  });
}
