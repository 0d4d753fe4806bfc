/** Section 9.3: the test accuracy of each remedy against the report's recipe. Data → geometry → drawing. */
import { extent, scaleLinear } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import { percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { xAxis, type Box, type Tick } from './axes.ts';
import { element, group, text, type Graphic } from './svg.ts';

export interface AblationRow {
  id: string;
  name: string;
  /** Shares of the test images; the interval is the 95 % one. */
  accuracy: number;
  interval: [low: number, high: number];
  effect: 'better' | 'worse' | 'undecided' | 'baseline';
  /** What the row shows, in words. */
  sentence: string;
}

export interface AblationData {
  /** The baseline is the first. */
  rows: AblationRow[];
  /** The report's own test accuracy. */
  reported: number;
}

export interface AblationGeometry {
  width: number;
  height: number;
  box: Box;
  rows: (AblationRow & { y: number; x: number; from: number; to: number })[];
  /** Height of a row. */
  step: number;
  baseline: number;
  reported: { x: number; y: number };
  xTicks: Tick[];
  rowAt: (y: number) => number;
}

/** Says the effect beside the number, for those who do not see the colour. */
const MARKS = { better: ' ▲', worse: ' ▼', undecided: ' ≈', baseline: '' };

/** Where everything lies, in user units. */
export function ablationGeometry({ rows, reported }: AblationData, width: number): AblationGeometry {
  const narrow = width < 500;
  const step = narrow ? 40 : 34;
  const box: Box = {
    left: narrow ? 8 : 204,
    top: 10,
    right: width - (narrow ? 64 : 78),
    bottom: 10 + rows.length * step,
  };
  const [low = 0, high = 1] = extent([...rows.flatMap(({ interval }) => interval), reported]);
  const x = scaleLinear([low, high], [box.left + 4, box.right]).nice(5);
  const y = (row: number) => box.top + (row + (narrow ? 0.68 : 0.5)) * step;
  return {
    width,
    height: box.bottom + 46,
    box,
    step,
    rows: rows.map((row, i) => ({
      ...row,
      y: y(i),
      x: x(row.accuracy),
      from: x(row.interval[0]),
      to: x(row.interval[1]),
    })),
    baseline: x(rows[0]?.accuracy ?? low),
    reported: { x: x(reported), y: y(0) },
    xTicks: x
      .ticks(narrow ? 4 : 7)
      .map((value) => ({ at: x(value), label: `${Math.round(value * 1000) / 10}%` })),
    rowAt: (position) => Math.min(rows.length - 1, Math.max(0, Math.floor((position - box.top) / step))),
  };
}

export function drawAblation(geometry: AblationGeometry, lang: Lang): Graphic {
  const { box, rows, step, baseline, reported, xTicks, width } = geometry;
  const narrow = width < 500;
  const content = [
    '<g class="cursor"></g>',
    // Not through the names, which stand above the dots where there is no room beside them.
    ...(narrow ? [] : xTicks).map(({ at }) =>
      element('line', { class: 'grid', x1: at, x2: at, y1: box.top, y2: box.bottom }),
    ),
    xAxis(box, xTicks, t(lang, 'testAccuracyAxis')),
    element('line', { class: 'floor', x1: baseline, x2: baseline, y1: box.top, y2: box.bottom }),
    ...rows.map(({ name, accuracy, effect, x, y, from, to }, i) =>
      group(
        { class: `trial ${effect}` },
        narrow
          ? text(0, box.top + i * step + 13, name, { class: 'tick name' })
          : text(0, y, name, { class: 'tick name', 'dominant-baseline': 'central' }),
        element('line', { class: 'interval', x1: from, x2: to, y1: y, y2: y }),
        element('circle', { cx: x, cy: y, r: 5 }),
        text(width, y, percent(lang, accuracy) + MARKS[effect], {
          class: 'tick value',
          'text-anchor': 'end',
          'dominant-baseline': 'central',
        }),
      ),
    ),
    element('circle', { class: 'reported', cx: reported.x, cy: reported.y, r: 8 }),
  ];
  return { ...geometry, content: content.join('') };
}

/** The chosen row. */
export function drawAblationCursor({ box, step, width }: AblationGeometry, row: number): string {
  return element('rect', { class: 'strip', x: 0, y: box.top + row * step, width, height: step, rx: 4 });
}
