/** Two runs' curves on the same axes: loss, accuracy and learning rate. Data → geometry → drawing. */
import { extent, line, max, scaleLinear } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { xAxis, yAxis, type Box, type Tick } from './axes.ts';
import { FORMATS, type EpochPoint, type Measure } from './curves.ts';
import { element, group, text, type Drawing } from './svg.ts';

export interface PairCurve {
  id: string;
  /** None for an ensemble, for which nothing was trained. */
  epochs: EpochPoint[];
}

/** The first run and the second. */
export type PairCurves = readonly [PairCurve, PairCurve];

interface Curve {
  /** 0 for the first run, 1 for the second. */
  run: number;
  part: 'train' | 'validation';
  path: string;
  points: { epoch: number; x: number; y: number }[];
}

interface Panel {
  name: 'loss' | 'accuracy' | 'rate';
  box: Box;
  ticks: Tick[];
  curves: Curve[];
}

export interface PairGeometry {
  width: number;
  height: number;
  panels: Panel[];
  xTicks: Tick[];
  x: (epoch: number) => number;
  epochAt: (x: number) => number;
}

const PANELS = [
  { name: 'loss', height: 190, parts: { train: 'trainLoss', validation: 'validationLoss' } },
  { name: 'accuracy', height: 190, parts: { train: 'trainAccuracy', validation: 'validationAccuracy' } },
  { name: 'rate', height: 110, parts: { train: 'learningRate' } },
] as const satisfies readonly {
  name: Panel['name'];
  height: number;
  parts: Partial<Record<Curve['part'], Measure>>;
}[];

/** The last epoch of either run; at least 1. */
export const lastEpoch = (pair: PairCurves): number =>
  max(pair, ({ epochs }) => epochs.at(-1)?.epoch ?? 1) ?? 1;

/** Where everything lies, in user units. */
export function pairGeometry(pair: PairCurves, width: number): PairGeometry {
  const narrow = width < 500;
  const [left, right] = [44, width - (narrow ? 10 : 96)];
  const last = lastEpoch(pair);
  const x = scaleLinear([1, Math.max(2, last)], [left + 6, right]);
  let top = 34;
  const panels = PANELS.map(({ name, height, parts }): Panel => {
    const box: Box = { left, right, top, bottom: top + height };
    top = box.bottom + 44;
    const drawn = pair.flatMap(({ epochs }, run) =>
      Object.entries(parts).map(([part, measure]) => ({
        run,
        part: part as Curve['part'],
        values: epochs.flatMap((point) => {
          const value = point[measure];
          return value === null ? [] : [{ epoch: point.epoch, value }];
        }),
      })),
    );
    const [low = 0, high = 1] = extent(drawn.flatMap(({ values }) => values.map(({ value }) => value)));
    const y = scaleLinear([name === 'rate' ? 0 : low, high], [box.bottom, box.top]).nice(4);
    const ticks = y.ticks(name === 'rate' ? 3 : 5);
    const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
    return {
      name,
      box,
      ticks: ticks.map((value) => ({ at: y(value), label: FORMATS[name](value, step) })),
      curves: drawn
        .filter(({ values }) => values.length > 0)
        .map(({ run, part, values }) => {
          const points = values.map(({ epoch, value }) => ({ epoch, x: x(epoch), y: y(value) }));
          const path = line<(typeof points)[number]>(
            (point) => point.x,
            (point) => point.y,
          )(points);
          return { run, part, path: path ?? '', points };
        }),
    };
  });
  const every = Math.max(1, Math.ceil(last / (narrow ? 6 : 20)));
  return {
    width,
    height: top + 2,
    panels,
    xTicks: Array.from({ length: last }, (_, i) => i + 1)
      .filter((epoch) => every === 1 || epoch === 1 || epoch % every === 0)
      .map((epoch) => ({ at: x(epoch), label: String(epoch) })),
    x,
    epochAt: (position) => Math.min(last, Math.max(1, Math.round(x.invert(position)))),
  };
}

export function drawPair(geometry: PairGeometry, pair: PairCurves, lang: Lang): Drawing {
  const narrow = geometry.width < 500;
  const content = geometry.panels.map(({ name, box, ticks, curves }, i) => {
    const isLast = i === geometry.panels.length - 1;
    // Named at the end of the line that judges it: validation's where there is one.
    const ends = curves
      .filter(
        ({ run, part }) =>
          part === 'validation' || !curves.some((other) => other.run === run && other.part === 'validation'),
      )
      .map(({ run, points }) => ({ run, y: points.at(-1)!.y, x: points.at(-1)!.x }))
      .sort((a, b) => a.y - b.y);
    if (ends.length === 2) {
      const missing = 15 - (ends[1]!.y - ends[0]!.y);
      if (missing > 0) {
        ends[0]!.y -= missing / 2;
        ends[1]!.y += missing / 2;
      }
    }
    return group(
      { class: `panel ${name}` },
      text(0, box.top - 15, t(lang, `${name}Axis`), { class: 'axis-title' }),
      yAxis(box, ticks),
      xAxis(box, isLast ? geometry.xTicks : [], isLast ? t(lang, 'epochAxis') : undefined),
      ...curves.map(({ run, part, path, points }) =>
        group(
          { class: `curve run-${run} ${name === 'rate' ? 'validation' : part}` },
          element('path', { d: path }),
          ...(part === 'train' && name !== 'rate'
            ? []
            : points.map(({ x, y }) => element('circle', { cx: x, cy: y, r: narrow ? 2 : 2.5 }))),
        ),
      ),
      ...(narrow || isLast ? [] : ends).map(({ run, x, y }) =>
        text(x + 9, y, pair[run]!.id, { class: `label run-${run}`, 'dominant-baseline': 'central' }),
      ),
    );
  });
  return { ...geometry, content: `${content.join('')}<g class="cursor"></g>` };
}

/** A line through all panels at one epoch. */
export function drawPairCursor({ panels, x }: PairGeometry, epoch: number): string {
  const at = x(epoch);
  return element('line', { x1: at, x2: at, y1: panels[0]!.box.top, y2: panels.at(-1)!.box.bottom });
}

/** One epoch of both in words. */
export function describePair(pair: PairCurves, epoch: number, lang: Lang): string {
  const percent = (value: number) => `${(value * 100).toFixed(2)}%`;
  const parts = pair.map(({ id, epochs }) => {
    const point = epochs.find((each) => each.epoch === epoch);
    if (!point) return t(lang, epochs.length === 0 ? 'pairUntrained' : 'pairEnded', { id });
    const { validationLoss, validationAccuracy } = point;
    if (validationLoss === null || validationAccuracy === null) {
      return t(lang, 'pairTrain', {
        id,
        loss: point.trainLoss.toFixed(4),
        accuracy: percent(point.trainAccuracy),
      });
    }
    return t(lang, 'pairValidation', {
      id,
      loss: validationLoss.toFixed(4),
      accuracy: percent(validationAccuracy),
    });
  });
  return t(lang, 'pairEpoch', { epoch, first: parts[0]!, second: parts[1]! });
}
