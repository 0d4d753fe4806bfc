/** Section 7.3: one class against the others, both ways. Data → geometry → drawing. */
import { max, scaleLinear } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Confused } from '../../evaluation/metrics.ts';
import type { Lang } from '../../i18n/languages.ts';
import { describeCell } from './confusion.ts';
import { longName, shortName } from '../../i18n/classes.ts';
import { pick, type PicksData } from './picking.ts';
import { element, text, type Graphic } from './svg.ts';

interface Row extends Confused {
  y: number;
  leftWidth: number;
  rightWidth: number;
}

export interface ButterflyGeometry {
  width: number;
  height: number;
  /** Edges of the gap in the middle, where the names stand. */
  inner: [left: number, right: number];
  barHeight: number;
  /** Height of a row. */
  step: number;
  rows: Row[];
}

/** Where everything lies, in user units. */
export function butterflyGeometry(data: readonly Confused[], width: number): ButterflyGeometry {
  const narrow = width < 500;
  const gap = narrow ? 84 : 136;
  const inner: [number, number] = [(width - gap) / 2, (width + gap) / 2];
  const scale = scaleLinear(
    [0, max(data, ({ given, taken }) => Math.max(given, taken)) ?? 1],
    [0, inner[0] - 34],
  );
  const step = narrow ? 27 : 31;
  return {
    width,
    height: 30 + data.length * step,
    inner,
    barHeight: step * 0.66,
    step,
    rows: data.map((row, i) => ({
      ...row,
      y: 30 + (i + 0.5) * step,
      leftWidth: scale(row.given),
      rightWidth: scale(row.taken),
    })),
  };
}

export function drawButterfly(geometry: ButterflyGeometry, lang: Lang): Graphic {
  const { inner, rows, barHeight, step, width } = geometry;
  const name = width < 500 ? shortName : longName;
  const centred = { 'dominant-baseline': 'central' };
  const content = [
    text(inner[0], 12, t(lang, 'shirtLeft'), { class: 'axis-title', 'text-anchor': 'end' }),
    text(inner[1], 12, t(lang, 'shirtRight'), { class: 'axis-title' }),
    ...rows.flatMap(({ label, given, taken, y, leftWidth, rightWidth }) => {
      const [bar, area] = [
        { y: y - barHeight / 2, height: barHeight },
        { y: y - step / 2, height: step },
      ];
      return [
        text(width / 2, y, name(label, lang), { class: 'tick name', 'text-anchor': 'middle', ...centred }),
        pick(
          `given${label}`,
          { ...area, x: 0, width: inner[0] },
          element('rect', { ...bar, class: 'given', x: inner[0] - leftWidth, width: leftWidth }),
          text(inner[0] - leftWidth - 6, y, String(given), {
            class: 'tick',
            'text-anchor': 'end',
            ...centred,
          }),
        ),
        pick(
          `taken${label}`,
          { ...area, x: inner[1], width: width - inner[1] },
          element('rect', { ...bar, class: 'taken', x: inner[1], width: rightWidth }),
          text(inner[1] + rightWidth + 6, y, String(taken), { class: 'tick', ...centred }),
        ),
      ];
    }),
  ];
  return { ...geometry, content: content.join('') };
}

/** What the bars say, row by row: first what of the class was called the other, then what of the other the class. */
export const picksOf = (
  data: readonly Confused[],
  matrix: number[][],
  own: number,
  lang: Lang,
): PicksData['picks'] =>
  data.flatMap(({ label }) =>
    [
      { key: `given${label}`, row: own, column: label },
      { key: `taken${label}`, row: label, column: own },
    ].map(({ key, row, column }) => ({
      key,
      sentence: describeCell({ matrix }, row, column, lang),
      view: { label: String(row), answer: String(column) },
    })),
  );
