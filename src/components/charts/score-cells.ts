/** Table 2's cells: a class's scores beside the report's, at build time and for what a reader has computed. Pure. */
import { type Mark, markOf } from '../../evaluation/metrics.ts';
import { charts as t } from '../../i18n/charts.ts';
import { number, signed } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { element, escape } from './svg.ts';

const SIGNS: Record<Mark, string> = { same: '=', noise: '≈', apart: '≠' };

/** A mark beside a value; its meaning is read aloud. */
export const markHtml = (mark: Mark | null, lang: Lang): string =>
  mark === null
    ? ''
    : element(
        'i',
        { class: `mark ${mark}`, role: 'img', 'aria-label': t(lang, mark), title: t(lang, mark) },
        SIGNS[mark],
      );

/**
 * The reproduced part of a cell, as markup: the value with its mark, both values on a line from `low` to 1 with the
 * interval of their difference laid from the report's, and that interval in numbers.
 */
export function scoreCell(
  printed: number,
  own: number,
  interval: readonly [low: number, high: number] | null,
  low: number,
  lang: Lang,
): string {
  const place = (value: number) => 3 + (94 * (Math.min(1, Math.max(low, value)) - low)) / (1 - low || 1);
  const line = (mark: string, from: number, to = from) =>
    element('line', { class: mark, x1: place(from), x2: place(to), y1: 6, y2: 6 });
  const mark = markOf(printed.toFixed(3) === own.toFixed(3), interval);
  // A ring is drawn as a disc with a hole.
  const lines = [
    line('track', low, 1),
    ...(interval ? [line('interval', printed + interval[0], printed + interval[1])] : []),
    ...[line('ring', printed), line('hole', printed), line('dot', own)],
  ];
  const difference = interval?.map((end) => escape(signed(lang, end, 3))).join('…<wbr>');
  return [
    element('span', { class: 'run' }, number(lang, own, 3), markHtml(mark, lang)),
    element('svg', { viewBox: '0 0 100 12', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, ...lines),
    ...(difference ? [element('small', {}, difference)] : []),
  ].join('');
}
