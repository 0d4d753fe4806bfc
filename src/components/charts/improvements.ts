/** Section 9.3: the test accuracy of each improvement against the report's recipe. */
import { extent, scaleLinear } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import { percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { ticksOf, xAxis, type Box } from './axes.ts';
import { pick } from './picking.ts';
import { element, group, text, type Graphic } from './svg.ts';

export interface ImprovementRow {
  id: string;
  name: string;
  /** Shares of the test images; the interval is the 95 % one. */
  accuracy: number;
  interval: [low: number, high: number];
  effect: 'better' | 'worse' | 'undecided' | 'baseline';
  sentence: string;
}

export interface ImprovementsData {
  /** The baseline is the first. */
  rows: ImprovementRow[];
  reported: number;
}

/** Shows the effect beside the number, for those who do not see the colour. */
const MARKS = { better: ' ▲', worse: ' ▼', undecided: ' ≈', baseline: '' };

export function improvementsChart({ rows, reported }: ImprovementsData, width: number, lang: Lang): Graphic {
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
  const ticks = ticksOf(x, narrow ? 4 : 7, lang, 'percent');
  const baseline = x(rows[0]?.accuracy ?? low);
  const content = [
    // Not through the names, which are above the dots where there is no space beside them.
    ...(narrow ? [] : ticks).map(({ at }) =>
      element('line', { class: 'grid', x1: at, x2: at, y1: box.top, y2: box.bottom }),
    ),
    xAxis(box, ticks, t(lang, 'testAccuracyAxis')),
    element('line', { class: 'floor', x1: baseline, x2: baseline, y1: box.top, y2: box.bottom }),
    ...rows.map(({ id, name, accuracy, interval, effect }, i) =>
      pick(
        id,
        { x: 0, y: box.top + i * step, width, height: step },
        group(
          { class: `trial ${effect}` },
          narrow
            ? text(0, box.top + i * step + 13, name, { class: 'tick name' })
            : text(0, y(i), name, { class: 'tick name', centred: true }),
          element('line', { class: 'interval', x1: x(interval[0]), x2: x(interval[1]), y1: y(i), y2: y(i) }),
          element('circle', { cx: x(accuracy), cy: y(i), r: 5 }),
          text(width, y(i), percent(lang, accuracy) + MARKS[effect], {
            class: 'tick value',
            anchor: 'end',
            centred: true,
          }),
        ),
      ),
    ),
    element('circle', { class: 'reported', cx: x(reported), cy: y(0), r: 8 }),
  ];
  return { width, height: box.bottom + 46, content: content.join('') };
}
