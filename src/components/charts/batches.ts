/** Figure 1: the loss of every logged batch. Data → geometry → drawing. */
import { extent, line, scaleLinear } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { xAxis, yAxis, type Box, type Tick } from './axes.ts';
import { element, group, text, type Drawing } from './svg.ts';

export interface BatchPoint {
  epoch: number;
  /** Counted from 0 within its epoch. */
  batch: number;
  loss: number;
  accuracy: number;
}

export interface BatchesData {
  stepsPerEpoch: number;
  epochs: number;
  batches: BatchPoint[];
  /** The batches that the report's log shows. */
  reported: BatchPoint[];
}

export interface BatchesGeometry {
  width: number;
  height: number;
  box: Box;
  path: string;
  points: { x: number; y: number }[];
  reported: { x: number; y: number }[];
  /** The strip of each epoch. */
  epochs: { epoch: number; x: number; width: number }[];
  xTicks: Tick[];
  yTicks: Tick[];
  epochAt: (x: number) => number;
}

/** Where everything lies, in user units; the axis counts epochs, each as wide as its batches. */
export function batchesGeometry(data: BatchesData, width: number): BatchesGeometry {
  const narrow = width < 500;
  const box: Box = { left: 44, top: 34, right: width - 10, bottom: 34 + (narrow ? 170 : 200) };
  const x = scaleLinear([0, data.epochs], [box.left, box.right]);
  const reported = data.reported.filter(({ epoch }) => epoch <= data.epochs);
  const [low = 0, high = 1] = extent([...data.batches, ...reported], ({ loss }) => loss);
  const y = scaleLinear([low, high], [box.bottom, box.top]).nice(5);
  const place = ({ epoch, batch, loss }: BatchPoint) => ({
    x: x(epoch - 1 + batch / data.stepsPerEpoch),
    y: y(loss),
  });
  const points = data.batches.map(place);
  const every = Math.max(1, Math.ceil(data.epochs / (narrow ? 7 : 20)));
  const epochs = Array.from({ length: data.epochs }, (_, i) => ({
    epoch: i + 1,
    x: x(i),
    width: x(i + 1) - x(i),
  }));
  return {
    width,
    height: box.bottom + 46,
    box,
    points,
    path:
      line<{ x: number; y: number }>(
        (point) => point.x,
        (point) => point.y,
      )(points) ?? '',
    reported: reported.map(place),
    epochs,
    xTicks: epochs
      .filter(({ epoch }) => epoch === 1 || epoch % every === 0)
      .map(({ epoch, x: at, width: w }) => ({ at: at + w / 2, label: String(epoch) })),
    yTicks: y.ticks(5).map((value) => ({ at: y(value), label: value.toFixed(1) })),
    epochAt: (position) => Math.min(data.epochs, Math.max(1, Math.floor(x.invert(position)) + 1)),
  };
}

export function drawBatches(geometry: BatchesGeometry, lang: Lang): Drawing {
  const { box, points, reported, path } = geometry;
  const narrow = geometry.width < 500;
  const content = [
    '<g class="cursor"></g>',
    text(0, box.top - 15, t(lang, 'batchLossAxis'), { class: 'axis-title' }),
    yAxis(box, geometry.yTicks),
    xAxis(box, geometry.xTicks, t(lang, 'epochAxis')),
    group(
      { class: 'curve train' },
      element('path', { d: path }),
      ...points.map(({ x, y }) => element('circle', { cx: x, cy: y, r: narrow ? 1.5 : 2.25 })),
    ),
    ...reported.map(({ x, y }) => element('circle', { class: 'reported', cx: x, cy: y, r: narrow ? 4 : 5 })),
  ];
  return { ...geometry, content: content.join('') };
}

/** The strip of the chosen epoch. */
export function drawBatchesCursor({ box, epochs }: BatchesGeometry, epoch: number): string {
  const strip = epochs.find((each) => each.epoch === epoch);
  return strip
    ? element('rect', {
        class: 'strip',
        x: strip.x,
        y: box.top,
        width: strip.width,
        height: box.bottom - box.top,
      })
    : '';
}
