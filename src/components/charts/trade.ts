/** What a class costs: its recall against the accuracy of all others, a point for each run of the lesson. */
import { extent, scaleLinear } from 'd3';
import { finetune as t } from '../../i18n/finetune.ts';
import { percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { lineChart, type Mark } from './line-chart.ts';
import { element, group, text, type Graphic } from './svg.ts';

type Interval = readonly [low: number, high: number];

export interface TradePoint {
  /** Beside the point. */
  label: string;
  others: number;
  recall: number;
  /** Of 95 % confidence. */
  othersInterval: Interval;
  recallInterval: Interval;
}

/** The first point is the network before any lesson; the last is the latest run. */
export function tradeChart(points: readonly TradePoint[], width: number, lang: Lang): Graphic {
  const [low = 0, high = 1] = extent(points.flatMap(({ othersInterval }) => othersInterval));
  const across = scaleLinear([low, high], [0, 1]).nice(4);
  const [from = 0, to = 1] = across.domain();
  const isRight = (value: number): boolean => value > (from + to) / 2;
  const crosses: Mark = {
    values: points.flatMap(({ recallInterval }) => recallInterval),
    draw: ({ x, y }) =>
      points
        .map(({ label, others, recall, othersInterval, recallInterval }, i) => {
          const [cx, cy] = [x(others), y(recall)];
          return group(
            { class: i === 0 ? 'trade' : i === points.length - 1 ? 'trade latest' : 'trade' },
            element('line', { x1: x(othersInterval[0]), x2: x(othersInterval[1]), y1: cy, y2: cy }),
            element('line', { x1: cx, x2: cx, y1: y(recallInterval[0]), y2: y(recallInterval[1]) }),
            element('circle', { cx, cy, r: 4 }),
            // Towards the middle, and in turn above and below: runs lie close to each other.
            text(cx + (isRight(others) ? -7 : 7), cy + (i % 2 ? 15 : -7), label, {
              class: 'tick',
              ...(isRight(others) && { anchor: 'end' as const }),
            }),
          );
        })
        .join(''),
  };
  return lineChart({
    ...{ lang, width },
    x: {
      domain: across.domain() as [number, number],
      ticks: across.ticks(4).map((value) => ({ value, label: percent(lang, value, 0) })),
      title: t(lang, 'tradeOthers'),
    },
    panels: [
      {
        name: 'recall',
        title: t(lang, 'tradeRecall'),
        height: 200,
        nice: 4,
        ticks: 4,
        unit: 'percent',
        marks: [crosses],
      },
    ],
  });
}
