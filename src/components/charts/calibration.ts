/** An addition to the report: how confident the model is against how often it is right. */
import { max, scaleLinear, scaleSqrt } from 'd3';
import type { Calibration, CalibrationBin } from '../../evaluation/calibration.ts';
import { charts as t } from '../../i18n/charts.ts';
import { number, percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { ticksOf, xAxis, yAxis, type Box } from './axes.ts';
import { pick } from './picking.ts';
import { element, text, type Graphic } from './svg.ts';

/** The key of a bin: where it begins, in percent. */
export const keyOf = ({ low }: CalibrationBin): string => String(Math.round(low * 100));

/** A circle per bin, its area in proportion to the images; each is picked anywhere above or below it. */
export function calibrationChart({ bins }: Calibration, width: number, lang: Lang): Graphic {
  const narrow = width < 500;
  const side = Math.min(width - 60, narrow ? 280 : 380);
  const left = narrow ? 48 : (width - side) / 2;
  const box: Box = { left, top: 34, right: left + side, bottom: 34 + side * 0.8 };
  const x = scaleLinear([0, 1], [box.left, box.right]);
  const y = scaleLinear([0, 1], [box.bottom, box.top]);
  const radius = scaleSqrt([0, max(bins, ({ images }) => images)!], [2.5, 22]);
  const ticksOn = (scale: typeof x) => ticksOf(scale, [0, 0.25, 0.5, 0.75, 1], lang, 'percent');
  const content = [
    text(box.left - 44, box.top - 15, t(lang, 'accuracyInBin'), { class: 'axis-title' }),
    yAxis(box, ticksOn(y)),
    xAxis(box, ticksOn(x), t(lang, 'confidenceAxis')),
    element('line', { class: 'floor', x1: x(0), y1: y(0), x2: x(1), y2: y(1) }),
    // Above the line, where only a model that is too modest has points.
    text(x(0.57), y(0.6), t(lang, 'perfect'), { class: 'note', anchor: 'end' }),
    ...bins.map((bin) => {
      const [cx, cy] = [x(bin.confidence), y(bin.accuracy)];
      return pick(
        keyOf(bin),
        { x: x(bin.low), y: box.top, width: x(bin.high) - x(bin.low), height: box.bottom - box.top },
        element('line', { class: 'miss', x1: cx, x2: cx, y1: cy, y2: y(bin.confidence) }),
        element('circle', { class: 'bubble', cx, cy, r: radius(bin.images) }),
      );
    }),
  ];
  return { width, height: box.bottom + 46, content: content.join('') };
}

export function describeBin(bin: CalibrationBin, lang: Lang): string {
  const gap = bin.accuracy - bin.confidence;
  return t(lang, gap < 0 ? 'binTooSure' : 'binReserved', {
    low: percent(lang, bin.low, 0),
    high: percent(lang, bin.high, 0),
    images: number(lang, bin.images),
    confidence: percent(lang, bin.confidence, 1),
    accuracy: percent(lang, bin.accuracy, 1),
    gap: number(lang, Math.abs(gap * 100), 1),
  });
}
