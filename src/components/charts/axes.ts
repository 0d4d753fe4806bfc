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
