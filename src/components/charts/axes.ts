import { precisionFixed, tickStep, type ScaleLinear } from 'd3';
import { number, percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { element, group, text } from './svg.ts';

export interface Tick {
  /** Position along the axis, in user units. */
  at: number;
  label: string;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * The values of a scale that are marked, with the decimals that set them apart.
 * @param ticks the values, or about how many
 * @param unit `percent` for shares of one
 */
export function ticksOf(
  scale: ScaleLinear<number, number>,
  ticks: number | readonly number[],
  lang: Lang,
  unit?: 'percent',
): Tick[] {
  const values = typeof ticks === 'number' ? scale.ticks(ticks) : ticks;
  const [low = 0, high = 1] = scale.domain();
  const digits = precisionFixed(tickStep(low, high, typeof ticks === 'number' ? ticks : ticks.length)) || 0;
  return values.map((value) => ({
    at: scale(value),
    label: unit ? percent(lang, value, Math.max(0, digits - 2)) : number(lang, value, digits),
  }));
}

/** Horizontal grid lines with their labels to the left of the box. */
export const yAxis = (box: Box, ticks: readonly Tick[]): string =>
  group(
    { class: 'axis' },
    ...ticks.map(({ at, label }) =>
      group(
        {},
        element('line', { class: 'grid', x1: box.left, x2: box.right, y1: at, y2: at }),
        text(box.left - 8, at, label, { class: 'tick', anchor: 'end', centred: true }),
      ),
    ),
  );

/** A base line with ticks and labels below the box, and the axis' title, with its unit, under them. */
export const xAxis = (box: Box, ticks: readonly Tick[], title?: string): string =>
  group(
    { class: 'axis' },
    element('line', { class: 'base', x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }),
    ...ticks.map(({ at, label }) =>
      group(
        {},
        element('line', { class: 'base', x1: at, x2: at, y1: box.bottom, y2: box.bottom + 4 }),
        text(at, box.bottom + 18, label, { class: 'tick', anchor: 'middle' }),
      ),
    ),
    title === undefined
      ? ''
      : text((box.left + box.right) / 2, box.bottom + 37, title, { class: 'axis-title', anchor: 'middle' }),
  );
