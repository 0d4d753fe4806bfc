/** Section 2.2: images per class, stacked by part of the dataset. */
import { max, scaleBand, scaleLinear, sum } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import { longName, shortName } from '../../i18n/site.ts';
import { number, percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { ticksOf } from './axes.ts';
import { pick } from './picking.ts';
import { element, group, text, type Graphic } from './svg.ts';

export const PARTS = ['train', 'test'] as const;

/** Images per class, in the order of the labels, for each part. */
export type DistributionData = Record<(typeof PARTS)[number], number[]>;

export function distributionChart(data: DistributionData, width: number, lang: Lang): Graphic {
  const narrow = width < 500;
  const name = narrow ? shortName : longName;
  const [left, right] = [narrow ? 64 : 128, width - 48];
  const [top, bottom] = [8, 8 + 10 * (narrow ? 26 : 30)];
  const labels = data.train.map((_, label) => label);
  const total = (label: number) => sum(PARTS, (part) => data[part][label]!);
  const x = scaleLinear([0, max(labels, total) ?? 0], [left, right]).nice(5);
  const y = scaleBand(labels, [top, bottom]).padding(0.28);
  const height = y.bandwidth();
  const content = [
    group(
      { class: 'axis' },
      ...ticksOf(x, narrow ? 4 : 7, lang).flatMap(({ at, label }) => [
        element('line', { class: 'grid', x1: at, x2: at, y1: top, y2: bottom }),
        text(at, bottom + 17, label, { class: 'tick', anchor: 'middle' }),
      ]),
    ),
    text((left + right) / 2, bottom + 36, t(lang, 'imagesAxis'), { class: 'axis-title', anchor: 'middle' }),
    ...labels.map((label) => {
      const [from, middle] = [y(label)!, y(label)! + height / 2];
      let start = 0;
      return pick(
        String(label),
        { x: 0, y: from - height * 0.18, width, height: height * 1.36 },
        text(left - 8, middle, name(label, lang), { class: 'tick', anchor: 'end', centred: true }),
        ...PARTS.map((part) => {
          const end = start + data[part][label]!;
          const bar = { x: x(start), y: from, width: Math.max(0, x(end) - x(start) - 1), height };
          start = end;
          return element('rect', { class: `part ${part}`, ...bar });
        }),
        text(x(start) + 6, middle, number(lang, start), { class: 'tick', centred: true }),
      );
    }),
  ];
  return { width, height: bottom + 44, content: content.join('') };
}

export const describeClass = (data: DistributionData, label: number, lang: Lang): string =>
  t(lang, 'classSentence', {
    name: longName(label, lang),
    train: number(lang, data.train[label]!),
    test: number(lang, data.test[label]!),
    share: percent(lang, data.train[label]! / sum(data.train), 1),
  });
