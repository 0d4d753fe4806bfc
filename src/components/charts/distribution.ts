/** Section 2.2: images per class, stacked by part of the dataset. Data → geometry → drawing. */
import { max, scaleBand, scaleLinear, sum } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { longName, shortName } from '../../i18n/classes.ts';
import { number, percent } from '../../i18n/format.ts';
import { pick } from './picking.ts';
import { element, group, text, type Graphic } from './svg.ts';

export const PARTS = ['train', 'test'] as const;
export type Part = (typeof PARTS)[number];

/** Images per class, in the order of the labels, for each part. */
export type DistributionData = Record<Part, number[]>;

export interface DistributionGeometry {
  width: number;
  height: number;
  left: number;
  right: number;
  bars: { label: number; y: number; height: number; total: number; end: number; parts: Segment[] }[];
  ticks: { at: number; value: number }[];
  top: number;
  bottom: number;
}

interface Segment {
  part: Part;
  x: number;
  width: number;
  count: number;
}

/** Where everything lies, in user units. */
export function distributionGeometry(data: DistributionData, width: number): DistributionGeometry {
  const narrow = width < 500;
  const left = narrow ? 64 : 128;
  const right = width - 48;
  const top = 8;
  const bottom = top + 10 * (narrow ? 26 : 30);
  const labels = data.train.map((_, label) => label);
  const total = (label: number) => sum(PARTS, (part) => data[part][label]!);
  const x = scaleLinear([0, max(labels, total) ?? 0], [left, right]).nice(5);
  const y = scaleBand(labels, [top, bottom]).padding(0.28);
  return {
    width,
    height: bottom + 44,
    left,
    right,
    top,
    bottom,
    bars: labels.map((label) => {
      let from = 0;
      const parts = PARTS.map((part): Segment => {
        const count = data[part][label]!;
        const segment = { part, count, x: x(from), width: x(from + count) - x(from) };
        from += count;
        return segment;
      });
      return { label, y: y(label)!, height: y.bandwidth(), total: total(label), end: x(from), parts };
    }),
    ticks: x.ticks(narrow ? 4 : 7).map((value) => ({ at: x(value), value })),
  };
}

export function drawDistribution(geometry: DistributionGeometry, lang: Lang): Graphic {
  const { left, right, top, bottom, bars, ticks, width } = geometry;
  const name = width < 500 ? shortName : longName;
  const content = [
    ...ticks.map(({ at, value }) =>
      group(
        {},
        element('line', { class: 'grid', x1: at, x2: at, y1: top, y2: bottom }),
        text(at, bottom + 17, number(lang, value), { class: 'tick', 'text-anchor': 'middle' }),
      ),
    ),
    text((left + right) / 2, bottom + 36, t(lang, 'imagesAxis'), {
      class: 'axis-title',
      'text-anchor': 'middle',
    }),
    ...bars.map(({ label, y, height, parts, total, end }) =>
      pick(
        String(label),
        { x: 0, y: y - height * 0.18, width, height: height * 1.36 },
        text(left - 8, y + height / 2, name(label, lang), {
          class: 'tick',
          'text-anchor': 'end',
          'dominant-baseline': 'central',
        }),
        ...parts.map(({ part, x, width: w }) =>
          element('rect', { class: `part ${part}`, x, y, width: Math.max(0, w - 1), height }),
        ),
        text(end + 6, y + height / 2, number(lang, total), {
          class: 'tick',
          'dominant-baseline': 'central',
        }),
      ),
    ),
  ];
  return { ...geometry, content: content.join('') };
}

/** A class in words. */
export const describeClass = (data: DistributionData, label: number, lang: Lang): string =>
  t(lang, 'classSentence', {
    name: longName(label, lang),
    train: number(lang, data.train[label]!),
    test: number(lang, data.test[label]!),
    share: percent(lang, data.train[label]! / sum(data.train), 1),
  });
