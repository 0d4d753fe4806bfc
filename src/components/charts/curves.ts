/** Figure 2: loss, accuracy and learning rate over the epochs. Data → geometry → drawing. */
import { area, extent, line, scaleLinear } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { xAxis, yAxis, type Box, type Tick } from './axes.ts';
import { element, group, text, type ChartTable, type Drawing } from './svg.ts';

export interface EpochPoint {
  epoch: number;
  trainLoss: number;
  validationLoss: number | null;
  trainAccuracy: number;
  validationAccuracy: number | null;
  learningRate: number;
}

/** The curves that are drawn of a history; for an ensemble, which has none, nothing. */
export const epochPoints = (history: { epochs: readonly EpochPoint[] } | null): EpochPoint[] =>
  (history?.epochs ?? []).map(
    ({ epoch, trainLoss, validationLoss, trainAccuracy, validationAccuracy, learningRate }) => ({
      epoch,
      trainLoss,
      validationLoss,
      trainAccuracy,
      validationAccuracy,
      learningRate,
    }),
  );

export type Measure = Exclude<keyof EpochPoint, 'epoch'>;

/** A value that the report prints for the end of an epoch; "about" where it says 约. */
export interface ReportedPoint {
  epoch: number;
  measure: Measure;
  value: number;
  about: boolean;
}

export interface CurvesData {
  epochs: EpochPoint[];
  reported: ReportedPoint[];
  /** The course of the same recipe in PyTorch; empty where there is none. */
  pytorch: EpochPoint[];
}

export const SERIES = ['train', 'validation', 'reported', 'pytorch'] as const;
export type Series = (typeof SERIES)[number];

export interface CurvesView {
  /** What is drawn. */
  show: Record<Series, boolean>;
  /** All epochs, or the second half, where the curves lie close together. */
  range: 'all' | 'late';
}

export const DEFAULT_CURVES_VIEW: CurvesView = {
  // PyTorch's values lie on the curves, and would only hide them.
  show: { train: true, validation: true, reported: true, pytorch: false },
  range: 'all',
};

/** The least label-smoothed cross-entropy there is, for ten classes and a smoothing of .1: the loss's floor. */
export const LOSS_FLOOR = -(0.91 * Math.log(0.91) + 9 * 0.01 * Math.log(0.01));

interface Curve {
  series: Series | 'rate';
  measure: Measure;
  path: string;
  points: { epoch: number; x: number; y: number; value: number }[];
}

interface Panel {
  name: 'loss' | 'accuracy' | 'rate';
  box: Box;
  ticks: Tick[];
  /** The band between training and validation. */
  gap: string;
  curves: Curve[];
  reported: { x: number; y: number; epoch: number }[];
  pytorch: { x: number; y: number }[];
  floor: number | null;
}

export interface CurvesGeometry {
  width: number;
  height: number;
  panels: Panel[];
  xTicks: Tick[];
  /** Position of an epoch on the shared axis, and the epoch nearest to a position. */
  x: (epoch: number) => number;
  epochAt: (x: number) => number;
}

const PANELS = [
  { name: 'loss', height: 190, measures: { train: 'trainLoss', validation: 'validationLoss' } },
  { name: 'accuracy', height: 190, measures: { train: 'trainAccuracy', validation: 'validationAccuracy' } },
  { name: 'rate', height: 120, measures: { rate: 'learningRate' } },
] as const satisfies readonly {
  name: Panel['name'];
  height: number;
  measures: Partial<Record<string, Measure>>;
}[];

/** How a panel's ticks are written. */
export const FORMATS: Record<Panel['name'], (value: number, step: number) => string> = {
  loss: (value, step) => value.toFixed(step < 0.1 ? 2 : 1),
  accuracy: (value, step) => `${(value * 100).toFixed(step < 0.01 ? 1 : 0)}%`,
  rate: (value) => (value === 0 ? '0' : String(Number(value.toFixed(4)))),
};

/** Where everything lies, in user units; nothing of colours or words. */
export function curvesGeometry(data: CurvesData, view: CurvesView, width: number): CurvesGeometry {
  const narrow = width < 500;
  const left = 44;
  const right = width - (narrow ? 10 : 74);
  const last = data.epochs.at(-1)!.epoch;
  const first = view.range === 'late' ? Math.max(1, Math.ceil(last / 2)) : 1;
  const epochs = data.epochs.filter(({ epoch }) => epoch >= first);
  const reported = view.show.reported
    ? data.reported.filter(({ epoch }) => epoch >= first && epoch <= last)
    : [];
  const x = scaleLinear([first, Math.max(last, first + 1)], [left + 6, right]);

  let top = 34;
  const panels = PANELS.map(({ name, height, measures }): Panel => {
    const box: Box = { left, right, top, bottom: top + height };
    top = box.bottom + 44;
    const drawn = Object.entries(measures)
      .map(([series, measure]) => ({ series: series as Curve['series'], measure }))
      .filter(({ series }) => series === 'rate' || view.show[series]);
    const measureNames: readonly Measure[] = Object.values(measures);
    const marks = reported.filter(({ measure }) => measureNames.includes(measure));
    const inTorch =
      name === 'rate' || !view.show.pytorch
        ? []
        : drawn.flatMap(({ measure }) =>
            data.pytorch.flatMap((point) => {
              const value = point[measure];
              return value === null || point.epoch < first ? [] : [{ epoch: point.epoch, value }];
            }),
          );
    const values = [
      ...drawn.flatMap(({ measure }) => epochs.map((epoch) => epoch[measure])),
      ...[...marks, ...inTorch].map(({ value }) => value),
    ].filter((value) => value !== null);
    const [low = 0, high = 1] = extent(values);
    const floor = name === 'loss' && view.range === 'all' ? LOSS_FLOOR : null;
    const y = scaleLinear(
      [name === 'rate' ? 0 : Math.min(low, floor ?? low), high],
      [box.bottom, box.top],
    ).nice(4);
    const ticks = y.ticks(name === 'rate' ? 3 : 5);
    const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);

    const curves = drawn.map(({ series, measure }): Curve => {
      const points = epochs.flatMap((point) => {
        const value = point[measure];
        return value === null ? [] : [{ epoch: point.epoch, x: x(point.epoch), y: y(value), value }];
      });
      const path = line<(typeof points)[number]>(
        (point) => point.x,
        (point) => point.y,
      )(points);
      return { series, measure, path: path ?? '', points };
    });
    const both = curves.length === 2 && curves[1]!.points.length === curves[0]!.points.length;
    const gap = both
      ? (area<Curve['points'][number]>(
          (point) => point.x,
          (point) => point.y,
          (_, i) => curves[1]!.points[i]!.y,
        )(curves[0]!.points) ?? '')
      : '';
    return {
      name,
      box,
      ticks: ticks.map((value) => ({ at: y(value), label: FORMATS[name](value, step) })),
      gap,
      curves,
      reported: marks.map(({ epoch, value }) => ({ x: x(epoch), y: y(value), epoch })),
      pytorch: inTorch.map(({ epoch, value }) => ({ x: x(epoch), y: y(value) })),
      floor: floor === null ? null : y(floor),
    };
  });

  const count = last - first + 1;
  const every = Math.max(1, Math.ceil(count / (narrow ? 6 : 20)));
  return {
    width,
    height: top + 2,
    panels,
    xTicks: epochs
      .filter(({ epoch }) => (every === 1 ? true : epoch === first || epoch % every === 0))
      .map(({ epoch }) => ({ at: x(epoch), label: String(epoch) })),
    x,
    epochAt: (position) => Math.min(last, Math.max(first, Math.round(x.invert(position)))),
  };
}

/** The lines end close together: labels are pushed apart to stay readable. */
function endLabels({ curves, box }: Panel, lang: Lang): string {
  const labels = curves
    .flatMap(({ series, points }) =>
      series === 'rate' || points.length === 0 ? [] : [{ series, y: points.at(-1)!.y }],
    )
    .sort((a, b) => a.y - b.y);
  if (labels.length === 2) {
    const short = 15 - (labels[1]!.y - labels[0]!.y);
    if (short > 0) {
      labels[0]!.y -= short / 2;
      labels[1]!.y += short / 2;
    }
  }
  return labels
    .map(({ series, y }) =>
      text(box.right + 9, y, t(lang, series), { class: `label ${series}`, 'dominant-baseline': 'central' }),
    )
    .join('');
}

export function drawCurves(geometry: CurvesGeometry, lang: Lang): Drawing {
  const narrow = geometry.width < 500;
  const content = geometry.panels.map((panel, i) => {
    const { box, name } = panel;
    const isLast = i === geometry.panels.length - 1;
    return group(
      { class: `panel ${name}` },
      text(0, box.top - 15, t(lang, `${name}Axis`), { class: 'axis-title' }),
      yAxis(box, panel.ticks),
      xAxis(box, isLast ? geometry.xTicks : [], isLast ? t(lang, 'epochAxis') : undefined),
      panel.gap === '' ? '' : element('path', { class: 'gap', d: panel.gap }),
      panel.floor === null
        ? ''
        : group(
            {},
            element('line', {
              class: 'floor',
              x1: box.left,
              x2: box.right,
              y1: panel.floor,
              y2: panel.floor,
            }),
            // At the left, where the curves are still far above.
            text(box.left + 6, panel.floor - 6, t(lang, 'lossFloor'), { class: 'note' }),
          ),
      ...panel.curves.map(({ series, path, points }) =>
        group(
          { class: `curve ${series}` },
          element('path', { d: path }),
          ...points.map(({ x, y }) => element('circle', { cx: x, cy: y, r: narrow ? 2 : 2.5 })),
        ),
      ),
      ...panel.reported.map(({ x, y }) =>
        element('circle', { class: 'reported', cx: x, cy: y, r: narrow ? 4.5 : 5.5 }),
      ),
      ...panel.pytorch.map(({ x, y }) =>
        element('path', { class: 'pytorch', d: `M${x - 3},${y - 3}l6,6m0,-6l-6,6` }),
      ),
      narrow ? '' : endLabels(panel, lang),
    );
  });
  return { ...geometry, content: `${content.join('')}<g class="cursor"></g>` };
}

/** The crosshair through all panels at one epoch; empty where the epoch is out of view. */
export function drawCursor(geometry: CurvesGeometry, epoch: number): string {
  const found = geometry.panels[0]!.curves.concat(geometry.panels[2]!.curves).some(({ points }) =>
    points.some((point) => point.epoch === epoch),
  );
  if (!found) return '';
  const at = geometry.x(epoch);
  return (
    element('line', {
      x1: at,
      x2: at,
      y1: geometry.panels[0]!.box.top,
      y2: geometry.panels.at(-1)!.box.bottom,
    }) +
    geometry.panels
      .flatMap(({ curves }) => curves)
      .map(({ series, points }) => {
        const point = points.find((each) => each.epoch === epoch);
        return point ? element('circle', { class: series, cx: point.x, cy: point.y, r: 4.5 }) : '';
      })
      .join('')
  );
}

/** A value as it is printed. */
function measureText(measure: Measure, value: number): string {
  if (measure === 'learningRate') return value.toFixed(6);
  const isLoss = measure === 'trainLoss' || measure === 'validationLoss';
  return isLoss ? value.toFixed(4) : `${(value * 100).toFixed(2)}%`;
}

/** The report's value; where it only says about, no more digits than it gives. */
function reportedText({ measure, value, about }: ReportedPoint): string {
  const printed = measureText(measure, value);
  return about ? `≈${parseFloat(printed)}${printed.endsWith('%') ? '%' : ''}` : printed;
}

const MEASURES = [
  'trainLoss',
  'validationLoss',
  'trainAccuracy',
  'validationAccuracy',
  'learningRate',
] as const satisfies readonly Measure[];

/** All values, a row an epoch: the run's, and beside them those of the report and of PyTorch where there are any. */
export function curvesTable({ epochs, reported, pytorch }: CurvesData, lang: Lang): ChartTable {
  const given = MEASURES.filter((measure) => reported.some((point) => point.measure === measure));
  // The schedule is the same.
  const inTorch = pytorch.length ? MEASURES.filter((measure) => measure !== 'learningRate') : [];
  const own = (point: EpochPoint | undefined, measure: Measure): string => {
    const value = point?.[measure] ?? null;
    return value === null ? '–' : measureText(measure, value);
  };
  return {
    columns: [
      t(lang, 'epoch'),
      ...MEASURES.map((measure) => t(lang, measure)),
      ...given.map((measure) => t(lang, 'inReport', { measure: t(lang, measure) })),
      ...inTorch.map((measure) => t(lang, 'inTorch', { measure: t(lang, measure) })),
    ],
    rows: epochs.map((point) => [
      point.epoch,
      ...MEASURES.map((measure) => own(point, measure)),
      ...given.map((measure) => {
        const found = reported.find((each) => each.epoch === point.epoch && each.measure === measure);
        return found ? reportedText(found) : '';
      }),
      ...inTorch.map((measure) =>
        own(
          pytorch.find(({ epoch }) => epoch === point.epoch),
          measure,
        ),
      ),
    ]),
  };
}

/** What the report says of an epoch, in words; nothing where it says nothing. */
function describeReported({ reported }: CurvesData, epoch: number, lang: Lang): string {
  const values = MEASURES.flatMap((measure) =>
    reported
      .filter((point) => point.epoch === epoch && point.measure === measure)
      .map((point) => t(lang, 'reportedValue', { measure: t(lang, measure), value: reportedText(point) })),
  );
  return values.length === 0
    ? ''
    : t(lang, 'reportedSentence', { values: values.join(t(lang, 'listComma')) });
}

/** One epoch in words, with what the report says of it. */
export function describeEpoch(data: CurvesData, epoch: number, lang: Lang): string {
  const point = data.epochs.find((each) => each.epoch === epoch);
  if (!point) return '';
  const { trainLoss, trainAccuracy, validationLoss, validationAccuracy, learningRate } = point;
  const values = {
    epoch,
    trainLoss: measureText('trainLoss', trainLoss),
    trainAccuracy: measureText('trainAccuracy', trainAccuracy),
    rate: measureText('learningRate', learningRate),
  };
  const own =
    validationLoss === null || validationAccuracy === null
      ? t(lang, 'epochTrainOnly', values)
      : t(lang, 'epochSentence', {
          ...values,
          validationLoss: measureText('validationLoss', validationLoss),
          validationAccuracy: measureText('validationAccuracy', validationAccuracy),
          gap: ((trainAccuracy - validationAccuracy) * 100).toFixed(2).replace('-', '−'),
        });
  return own + describeReported(data, epoch, lang);
}
