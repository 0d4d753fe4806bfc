/** Section 4.2: OneCycleLR as an instrument. Data → geometry → drawing. */
import { line, max, range, scaleLinear } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { oneCycle, type OneCycle } from '../../network/one-cycle.ts';
import { xAxis, yAxis, type Box, type Tick } from './axes.ts';
import { element, group, text, type ChartTable, type Drawing } from './svg.ts';

/** What the sliders set. */
export interface ScheduleSetting {
  peak: number;
  /** Share of all steps, 0 to 1. */
  warmUp: number;
  epochs: number;
  /** The last learning rate. */
  final: number;
}

export interface ScheduleData {
  /** The recipe's schedule, of which the sliders change a part. */
  schedule: OneCycle;
  stepsPerEpoch: number;
  /** Learning rates that the report prints after an epoch. */
  reported: { epoch: number; value: number }[];
  /** The report's own setting. */
  setting: ScheduleSetting;
}

interface Panel {
  name: 'rate' | 'beta';
  box: Box;
  path: string;
  ticks: Tick[];
}

export interface ScheduleGeometry {
  width: number;
  height: number;
  panels: Panel[];
  xTicks: Tick[];
  stepsPerEpoch: number;
  reported: { x: number; y: number }[];
}

/** The schedule that a setting means. */
export const scheduleOf = (
  { schedule }: ScheduleData,
  { peak, warmUp, final }: ScheduleSetting,
): OneCycle => ({
  ...schedule,
  maxLearningRate: peak,
  warmUp,
  finalDivFactor: peak / schedule.divFactor / final,
});

/** Where everything lies, in user units. */
export function scheduleGeometry(
  data: ScheduleData,
  setting: ScheduleSetting,
  width: number,
): ScheduleGeometry {
  const narrow = width < 500;
  const total = setting.epochs * data.stepsPerEpoch;
  const schedule = scheduleOf(data, setting);
  const left = 52;
  const right = width - 12;
  const every = Math.max(1, Math.floor(total / 400));
  const steps = [...range(0, total, every), total - 1];
  const values = steps.map((step) => ({ step, ...oneCycle(schedule, step, total) }));
  const x = scaleLinear([0, setting.epochs], [left, right]);
  const boxes = {
    rate: { left, right, top: 34, bottom: 34 + (narrow ? 170 : 200) },
    beta: { left, right, top: narrow ? 250 : 280, bottom: narrow ? 330 : 370 },
  };
  const reported = data.reported.filter(({ epoch }) => epoch <= setting.epochs);
  const top =
    max([...values.map(({ learningRate }) => learningRate), ...reported.map(({ value }) => value)]) ?? 1;
  const rate = scaleLinear([0, top], [boxes.rate.bottom, boxes.rate.top]).nice(4);
  const beta = scaleLinear(
    [data.schedule.baseBeta1, data.schedule.maxBeta1],
    [boxes.beta.bottom, boxes.beta.top],
  );
  const path = (y: (value: (typeof values)[number]) => number) =>
    line<(typeof values)[number]>(({ step }) => x(step / data.stepsPerEpoch), y)(values) ?? '';
  return {
    width,
    height: boxes.beta.bottom + 46,
    stepsPerEpoch: data.stepsPerEpoch,
    panels: [
      {
        name: 'rate',
        box: boxes.rate,
        path: path(({ learningRate }) => rate(learningRate)),
        ticks: rate
          .ticks(4)
          .map((value) => ({ at: rate(value), label: String(Number(value.toPrecision(3))) })),
      },
      {
        name: 'beta',
        box: boxes.beta,
        path: path(({ beta1 }) => beta(beta1)),
        ticks: [data.schedule.baseBeta1, data.schedule.maxBeta1].map((value) => ({
          at: beta(value),
          label: value.toFixed(2),
        })),
      },
    ],
    xTicks: x
      .ticks(Math.min(setting.epochs, narrow ? 5 : 10))
      .filter(Number.isInteger)
      .map((epoch) => ({ at: x(epoch), label: String(epoch) })),
    reported: reported.map(({ epoch, value }) => ({ x: x(epoch), y: rate(value) })),
  };
}

export function drawSchedule(geometry: ScheduleGeometry, lang: Lang): Drawing {
  const [rate, beta] = geometry.panels;
  if (!rate || !beta) throw new Error('The schedule has two panels.');
  const content = [
    text(0, rate.box.top - 15, t(lang, 'learningRate'), { class: 'axis-title' }),
    yAxis(rate.box, rate.ticks),
    xAxis(rate.box, []),
    group({ class: 'curve rate' }, element('path', { d: rate.path })),
    ...geometry.reported.map(({ x, y }) => element('circle', { class: 'reported', cx: x, cy: y, r: 5 })),
    text(0, beta.box.top - 12, t(lang, 'betaAxis'), { class: 'axis-title' }),
    yAxis(beta.box, beta.ticks),
    xAxis(beta.box, geometry.xTicks, t(lang, 'stepAxis', { n: geometry.stepsPerEpoch })),
    group({ class: 'curve train' }, element('path', { d: beta.path })),
  ];
  return { ...geometry, content: content.join('') };
}

/** The curve at the end of each epoch, and what the report prints there. */
export function scheduleTable(data: ScheduleData, setting: ScheduleSetting, lang: Lang): ChartTable {
  const schedule = scheduleOf(data, setting);
  const total = setting.epochs * data.stepsPerEpoch;
  return {
    columns: [t(lang, 'epoch'), t(lang, 'learningRate'), t(lang, 'betaAxis'), t(lang, 'reported')],
    rows: Array.from({ length: setting.epochs }, (_, i) => {
      const { learningRate, beta1 } = oneCycle(schedule, (i + 1) * data.stepsPerEpoch, total);
      const printed = data.reported.find(({ epoch }) => epoch === i + 1);
      return [i + 1, learningRate.toFixed(6), beta1.toFixed(4), printed?.value.toFixed(6) ?? ''];
    }),
  };
}

/** A learning rate as one writes it: 0.01, 0.0004, 4×10⁻⁸. */
export function formatRate(value: number): string {
  if (value >= 1e-4) return String(Number(value.toPrecision(3)));
  const exponent = Math.floor(Math.log10(value));
  const superscript = [...String(Math.abs(exponent))].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
  return `${Number((value / 10 ** exponent).toPrecision(2))}×10⁻${superscript}`;
}

/** A setting in words, and whether it explains what the report printed. */
export function describeSchedule(data: ScheduleData, setting: ScheduleSetting, lang: Lang): string {
  const schedule = scheduleOf(data, setting);
  const total = setting.epochs * data.stepsPerEpoch;
  const misses = data.reported.map(({ epoch, value }) => {
    const { learningRate } = oneCycle(schedule, epoch * data.stepsPerEpoch, total);
    // The report prints six places.
    if (Math.abs(learningRate - value) < 6e-7) return 1;
    const floor = 5e-7;
    const ratio = Math.max(learningRate, floor) / Math.max(value, floor);
    return Math.max(ratio, 1 / ratio);
  });
  const worst = Math.max(...misses);
  const fit =
    setting.epochs !== data.setting.epochs
      ? t(lang, 'scheduleElsewhere')
      : worst === 1
        ? t(lang, 'scheduleFits')
        : t(lang, 'scheduleMisses', { n: worst < 10 ? worst.toFixed(1) : Math.round(worst) });
  return t(lang, 'scheduleSentence', {
    start: formatRate(schedule.maxLearningRate / schedule.divFactor),
    peak: formatRate(setting.peak),
    peakEpoch: Math.max(1, Math.ceil(setting.warmUp * setting.epochs)),
    end: formatRate(setting.final),
    fit,
  });
}
