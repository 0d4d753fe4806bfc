/** Beyond the report: how sure the model is against how often it is right. Data → geometry → drawing. */
import { scaleLinear, scaleSqrt } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import { number, percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { predictedClasses } from '../../evaluation/metrics.ts';
import { xAxis, yAxis, type Box, type Tick } from './axes.ts';
import { pick, type Area } from './picking.ts';
import { element, text, type Graphic } from './svg.ts';

export interface Bin {
  low: number;
  high: number;
  images: number;
  /** Mean of the greatest probabilities within the bin. */
  confidence: number;
  accuracy: number;
}

export interface Calibration {
  bins: Bin[];
  /** Over all images. */
  confidence: number;
  accuracy: number;
  /** Expected calibration error: the bins' gaps, weighted by their images (Guo et al. 2017). */
  error: number;
}

/**
 * Groups predictions by their greatest probability.
 * @param probabilities [n, 10], row by row
 * @param labels [n] true classes
 * @param count bins of equal width between 0 and 1; empty ones are left out
 */
export function calibrate(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  count = 10,
): Calibration {
  const classes = 10;
  const answers = predictedClasses(probabilities, classes);
  const sums = Array.from({ length: count }, () => ({ images: 0, confidence: 0, right: 0 }));
  for (let image = 0; image < labels.length; image++) {
    const answer = answers[image]!;
    const confidence = probabilities[classes * image + answer]!;
    const sum = sums[Math.min(count - 1, Math.floor(confidence * count))]!;
    sum.images += 1;
    sum.confidence += confidence;
    if (answer === labels[image]) sum.right += 1;
  }
  const total = (key: 'images' | 'confidence' | 'right') => sums.reduce((all, sum) => all + sum[key], 0);
  const bins = sums.flatMap(({ images, confidence, right }, i): Bin[] =>
    images === 0
      ? []
      : [
          {
            low: i / count,
            high: (i + 1) / count,
            images,
            confidence: confidence / images,
            accuracy: right / images,
          },
        ],
  );
  return {
    bins,
    confidence: total('confidence') / labels.length,
    accuracy: total('right') / labels.length,
    error: bins.reduce(
      (sum, { images, confidence, accuracy }) =>
        sum + (images / labels.length) * Math.abs(accuracy - confidence),
      0,
    ),
  };
}

export interface CalibrationGeometry {
  width: number;
  height: number;
  box: Box;
  diagonal: { x1: number; y1: number; x2: number; y2: number };
  /** Circles are in proportion to the images; areas are as wide as the bins. */
  points: { key: string; x: number; y: number; radius: number; diagonal: number; area: Area }[];
  xTicks: Tick[];
  yTicks: Tick[];
}

/** Where everything lies, in user units. */
export function calibrationGeometry({ bins }: Calibration, width: number): CalibrationGeometry {
  const narrow = width < 500;
  const side = Math.min(width - 60, narrow ? 280 : 380);
  const left = narrow ? 48 : (width - side) / 2;
  const box: Box = { left, top: 34, right: left + side, bottom: 34 + side * 0.8 };
  const x = scaleLinear([0, 1], [box.left, box.right]);
  const y = scaleLinear([0, 1], [box.bottom, box.top]);
  const radius = scaleSqrt([0, Math.max(...bins.map(({ images }) => images))], [2.5, 22]);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const label = (value: number) => `${value * 100}%`;
  return {
    width,
    height: box.bottom + 46,
    box,
    diagonal: { x1: x(0), y1: y(0), x2: x(1), y2: y(1) },
    points: bins.map((bin) => ({
      key: keyOf(bin),
      x: x(bin.confidence),
      y: y(bin.accuracy),
      radius: radius(bin.images),
      diagonal: y(bin.confidence),
      area: {
        x: x(bin.low),
        y: box.top,
        width: x(bin.high) - x(bin.low),
        height: box.bottom - box.top,
      },
    })),
    xTicks: ticks.map((value) => ({ at: x(value), label: label(value) })),
    yTicks: ticks.map((value) => ({ at: y(value), label: label(value) })),
  };
}

export function drawCalibration(geometry: CalibrationGeometry, lang: Lang): Graphic {
  const { box, diagonal, points, xTicks, yTicks } = geometry;
  const content = [
    text(box.left - 44, box.top - 15, t(lang, 'accuracyInBin'), { class: 'axis-title' }),
    yAxis(box, yTicks),
    xAxis(box, xTicks, t(lang, 'confidenceAxis')),
    element('line', { class: 'floor', ...diagonal }),
    // Above the line, where a model that is not too modest has no points.
    text(
      diagonal.x1 + 0.57 * (diagonal.x2 - diagonal.x1),
      diagonal.y1 - 0.6 * (diagonal.y1 - diagonal.y2),
      t(lang, 'perfect'),
      { class: 'note', 'text-anchor': 'end' },
    ),
    ...points.map(({ key, x, y, radius, diagonal: on, area }) =>
      pick(
        key,
        area,
        element('line', { class: 'miss', x1: x, x2: x, y1: y, y2: on }),
        element('circle', { class: 'bubble', cx: x, cy: y, r: radius }),
      ),
    ),
  ];
  return { ...geometry, content: content.join('') };
}

/** A bin's name in the address: where it begins, in percent. */
export const keyOf = ({ low }: Bin): string => String(Math.round(low * 100));

/** A bin in words. */
export function describeBin({ low, high, images, confidence, accuracy }: Bin, lang: Lang): string {
  const gap = accuracy - confidence;
  return t(lang, gap < 0 ? 'binTooSure' : 'binReserved', {
    low: percent(lang, low, 0),
    high: percent(lang, high, 0),
    images: number(lang, images),
    confidence: percent(lang, confidence, 1),
    accuracy: percent(lang, accuracy, 1),
    gap: number(lang, Math.abs(gap * 100), 1),
  });
}
