/** Figure 2: loss, accuracy and learning rate over the epochs. */
import type { History } from '../../artifacts/schema.ts';
import { charts as t } from '../../i18n/charts.ts';
import { number, percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import type { ReportedPoint } from '../../site/quantities.ts';
import {
  band,
  crosses,
  dots,
  endLabels,
  epochAxis,
  line,
  lineChart,
  rule,
  type LineChart,
  type Panel,
} from './line-chart.ts';
import type { ChartTable, Point } from './svg.ts';

export type EpochPoint = Omit<History['epochs'][number], 'seconds' | 'trainSeconds'>;

/** What is drawn of a history; an ensemble has none. */
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

export interface CurvesData {
  epochs: EpochPoint[];
  reported: ReportedPoint[];
  /** A training by the same recipe in PyTorch; empty where there is none. */
  pytorch: EpochPoint[];
  own?: OwnCurves;
}

/** What the reader's own training has come to, on the axis of epochs. */
export interface OwnCurves {
  readonly loss: Point[];
  readonly accuracy: Point[];
}

/** The event by which Figure 2 gets {@link OwnCurves}. */
export const OWN_CURVES = 'own-curves';

export const SERIES = ['train', 'validation', 'reported', 'pytorch'] as const;
export type Series = (typeof SERIES)[number];

export interface CurvesView {
  show: Record<Series, boolean>;
  /** All epochs, or the second half, where the curves are close together. */
  range: 'all' | 'late';
}

export const DEFAULT_CURVES_VIEW: CurvesView = {
  // PyTorch's values coincide with the curves and would hide them.
  show: { train: true, validation: true, reported: true, pytorch: false },
  range: 'all',
};

/** The least label-smoothed cross-entropy there is, for ten classes and a smoothing of .1: the loss's floor. */
export const LOSS_FLOOR = -(0.91 * Math.log(0.91) + 9 * 0.01 * Math.log(0.01));

/** The panels of a training's history; each with the measures that are drawn in it, by series. */
export const HISTORY_PANELS: readonly (Pick<Panel, 'height' | 'include' | 'nice' | 'ticks' | 'unit'> & {
  name: 'loss' | 'accuracy' | 'rate';
  measures: Partial<Record<'train' | 'validation' | 'rate', Measure>>;
})[] = [
  {
    name: 'loss',
    measures: { train: 'trainLoss', validation: 'validationLoss' },
    height: 190,
    nice: 4,
    ticks: 5,
  },
  {
    name: 'accuracy',
    measures: { train: 'trainAccuracy', validation: 'validationAccuracy' },
    height: 190,
    nice: 4,
    ticks: 5,
    unit: 'percent',
  },
  {
    name: 'rate',
    measures: { rate: 'learningRate' },
    height: 120,
    include: [0],
    nice: 4,
    ticks: 3,
  },
];

/** A measure over the epochs in which it was taken. */
export const pointsOf = (epochs: readonly EpochPoint[], measure: Measure): Point[] =>
  epochs.flatMap(({ epoch, [measure]: value }) => (value === null ? [] : [{ x: epoch, y: value }]));

export function curvesChart(data: CurvesData, view: CurvesView, width: number, lang: Lang): LineChart {
  const narrow = width < 500;
  const last = data.epochs.at(-1)!.epoch;
  const first = view.range === 'late' ? Math.max(1, Math.ceil(last / 2)) : 1;
  const shown = <T extends { epoch: number }>(points: readonly T[]): T[] =>
    points.filter(({ epoch }) => epoch >= first && epoch <= last);

  const panels = HISTORY_PANELS.map(({ measures, ...panel }): Panel => {
    const lines = Object.entries(measures)
      .filter(([series]) => series === 'rate' || view.show[series as Series])
      .map(([series, measure]) => ({ series, measure, points: pointsOf(shown(data.epochs), measure) }));
    const [one, other] = lines;
    const reported = shown(data.reported).filter(({ measure }) => Object.values(measures).includes(measure));
    const hasFloor = panel.name === 'loss' && view.range === 'all';
    const isRate = panel.name === 'rate';
    return {
      ...panel,
      title: t(lang, `${panel.name}Axis`),
      include: hasFloor ? [LOSS_FLOOR] : panel.include,
      marks: [
        one !== undefined && other !== undefined && band(one.points, other.points),
        hasFloor && rule(LOSS_FLOOR, t(lang, 'lossFloor')),
        ...lines.map(({ series, points }) => line(series, points, narrow ? 2 : 2.5)),
        data.own !== undefined &&
          panel.name !== 'rate' &&
          line('run-2', data.own[panel.name], narrow ? 1.5 : 2),
        view.show.reported &&
          dots(
            'reported',
            reported.map(({ epoch, value }) => ({ x: epoch, y: value })),
            narrow ? 4.5 : 5.5,
          ),
        view.show.pytorch &&
          !isRate &&
          crosses(
            'pytorch',
            lines.flatMap(({ measure }) => pointsOf(shown(data.pytorch), measure)),
          ),
        !isRate &&
          !narrow &&
          endLabels(lines.map((line) => ({ ...line, label: t(lang, line.series as Series) }))),
      ],
    };
  });
  return lineChart({
    ...{ lang, width },
    right: narrow ? 10 : 74,
    x: epochAxis(first, last, narrow, lang),
    panels,
  });
}

/** A value as it is printed; a dash where there is none. */
export function measureText(measure: Measure, value: number | null | undefined, lang: Lang): string {
  if (measure === 'trainAccuracy' || measure === 'validationAccuracy') return percent(lang, value);
  return number(lang, value, measure === 'learningRate' ? 6 : 4);
}

/** The report's value; an approximate one with no more digits than the report gives. */
function reportedText({ measure, value, about }: ReportedPoint, lang: Lang): string {
  const printed = measureText(measure, value, lang);
  return about ? `≈${printed.replace(/\D?0+(?=\D*$)/, '')}` : printed;
}

export const MEASURES = [
  'trainLoss',
  'validationLoss',
  'trainAccuracy',
  'validationAccuracy',
  'learningRate',
] as const satisfies readonly Measure[];

/** All values, a row per epoch: the run's, and beside them those of the report and of PyTorch where there are any. */
export function curvesTable({ epochs, reported, pytorch }: CurvesData, lang: Lang): ChartTable {
  const given = MEASURES.filter((measure) => reported.some((point) => point.measure === measure));
  // The schedule is the same.
  const inTorch = pytorch.length ? MEASURES.filter((measure) => measure !== 'learningRate') : [];
  return {
    columns: [
      t(lang, 'epoch'),
      ...MEASURES.map((measure) => t(lang, measure)),
      ...given.map((measure) => t(lang, 'inReport', { measure: t(lang, measure) })),
      ...inTorch.map((measure) => t(lang, 'inTorch', { measure: t(lang, measure) })),
    ],
    rows: epochs.map((point) => [
      point.epoch,
      ...MEASURES.map((measure) => measureText(measure, point[measure], lang)),
      ...given.map((measure) => {
        const found = reported.find((each) => each.epoch === point.epoch && each.measure === measure);
        return found ? reportedText(found, lang) : '';
      }),
      ...inTorch.map((measure) =>
        measureText(measure, pytorch.find(({ epoch }) => epoch === point.epoch)?.[measure], lang),
      ),
    ]),
  };
}

/** The report's values for an epoch, in words; empty where it gives none. */
function describeReported({ reported }: CurvesData, epoch: number, lang: Lang): string {
  const values = MEASURES.flatMap((measure) =>
    reported
      .filter((point) => point.epoch === epoch && point.measure === measure)
      .map((point) =>
        t(lang, 'reportedValue', { measure: t(lang, measure), value: reportedText(point, lang) }),
      ),
  );
  return values.length === 0
    ? ''
    : t(lang, 'reportedSentence', { values: values.join(t(lang, 'listComma')) });
}

/** One epoch in words, with the report's values for it. */
export function describeEpoch(data: CurvesData, epoch: number, lang: Lang): string {
  const point = data.epochs.find((each) => each.epoch === epoch);
  if (!point) return '';
  const { trainLoss, trainAccuracy, validationLoss, validationAccuracy, learningRate } = point;
  const values = {
    epoch,
    trainLoss: measureText('trainLoss', trainLoss, lang),
    trainAccuracy: measureText('trainAccuracy', trainAccuracy, lang),
    rate: measureText('learningRate', learningRate, lang),
  };
  const own =
    validationLoss === null || validationAccuracy === null
      ? t(lang, 'epochTrainOnly', values)
      : t(lang, 'epochSentence', {
          ...values,
          validationLoss: measureText('validationLoss', validationLoss, lang),
          validationAccuracy: measureText('validationAccuracy', validationAccuracy, lang),
          gap: number(lang, (trainAccuracy - validationAccuracy) * 100, 2),
        });
  return own + describeReported(data, epoch, lang);
}
