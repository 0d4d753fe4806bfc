/** Section 7.3: one class against the others, both ways. */
import { max, scaleLinear } from 'd3';
import type { Confused } from '../../evaluation/metrics.ts';
import { charts as t } from '../../i18n/charts.ts';
import { longName, shortName } from '../../i18n/site.ts';
import type { Lang } from '../../i18n/languages.ts';
import { describeCell } from './confusion.ts';
import { pick, type PicksData } from './picking.ts';
import { element, text, type Graphic } from './svg.ts';

/** Two bars per class, to the left and to the right of its name. */
export function butterflyChart(data: readonly Confused[], width: number, lang: Lang): Graphic {
  const narrow = width < 500;
  const name = narrow ? shortName : longName;
  const gap = narrow ? 84 : 136;
  const [left, right] = [(width - gap) / 2, (width + gap) / 2];
  const most = max(data, ({ given, taken }) => Math.max(given, taken)) ?? 1;
  const length = scaleLinear([0, most], [0, left - 34]);
  const step = narrow ? 27 : 31;
  const height = step * 0.66;
  const content = [
    text(left, 12, t(lang, 'shirtLeft'), { class: 'axis-title', anchor: 'end' }),
    text(right, 12, t(lang, 'shirtRight'), { class: 'axis-title' }),
    ...data.flatMap(({ label, given, taken }, i) => {
      const y = 30 + (i + 0.5) * step;
      const [bar, area] = [
        { y: y - height / 2, height },
        { y: y - step / 2, height: step },
      ];
      const [start, end] = [left - length(given), right + length(taken)];
      return [
        text(width / 2, y, name(label, lang), { class: 'tick name', anchor: 'middle', centred: true }),
        pick(
          `given${label}`,
          { ...area, x: 0, width: left },
          element('rect', { ...bar, class: 'given', x: start, width: length(given) }),
          text(start - 6, y, String(given), { class: 'tick', anchor: 'end', centred: true }),
        ),
        pick(
          `taken${label}`,
          { ...area, x: right, width: width - right },
          element('rect', { ...bar, class: 'taken', x: right, width: length(taken) }),
          text(end + 6, y, String(taken), { class: 'tick', centred: true }),
        ),
      ];
    }),
  ];
  return { width, height: 30 + data.length * step, content: content.join('') };
}

/** The bars in words, row by row: the class classified as the other one, then the other one as the class. */
export const butterflyPicks = (
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
