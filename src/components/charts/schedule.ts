/** Section 4.2: OneCycleLR with sliders for its settings. */
import { range } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { oneCycle, type OneCycle } from '../../network/one-cycle.ts';
import { dots, epochTicks, line, lineChart, type LineChart } from './line-chart.ts';
import type { ChartTable } from './svg.ts';

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
  /** Learning rates that the report prints at the ends of epochs. */
  reported: { epoch: number; value: number }[];
  /** The report's own setting. */
  setting: ScheduleSetting;
}

const percent = (value: number): string => `${Math.round(value * 100)}%`;
const power = { toValue: (position: number) => 10 ** position, toPosition: Math.log10, format: formatRate };

/** The sliders: their range, and what their positions mean; rates move in powers of ten. */
export const SLIDERS: readonly {
  name: 'peak' | 'warmUp' | 'epochs' | 'finalRate';
  key: keyof ScheduleSetting;
  min: number;
  max: number;
  step: number;
  toValue: (position: number) => number;
  toPosition: (value: number) => number;
  format: (value: number) => string;
}[] = [
  { name: 'peak', key: 'peak', min: -3, max: -1, step: 0.02, ...power },
  {
    name: 'warmUp',
    key: 'warmUp',
    ...{ min: 5, max: 90, step: 1 },
    toValue: (position) => position / 100,
    toPosition: (value) => value * 100,
    format: percent,
  },
  {
    name: 'epochs',
    key: 'epochs',
    ...{ min: 5, max: 40, step: 1 },
    toValue: Math.round,
    toPosition: Number,
    format: String,
  },
  { name: 'finalRate', key: 'final', min: -9, max: -3, step: 0.02, ...power },
];

export const scheduleOf = (
  { schedule }: ScheduleData,
  { peak, warmUp, final }: ScheduleSetting,
): OneCycle => ({
  ...schedule,
  maxLearningRate: peak,
  warmUp,
  finalDivFactor: peak / schedule.divFactor / final,
});

export function scheduleChart(
  data: ScheduleData,
  setting: ScheduleSetting,
  width: number,
  lang: Lang,
): LineChart {
  const narrow = width < 500;
  const { stepsPerEpoch, schedule } = data;
  const total = setting.epochs * stepsPerEpoch;
  const steps = [...range(0, total, Math.max(1, Math.floor(total / 400))), total - 1];
  const values = steps.map((step) => ({
    x: step / stepsPerEpoch,
    ...oneCycle(scheduleOf(data, setting), step, total),
  }));
  const reported = data.reported.filter(({ epoch }) => epoch <= setting.epochs);
  const betas = [schedule.baseBeta1, schedule.maxBeta1] as const;
  return lineChart({
    ...{ lang, width },
    x: {
      domain: [0, setting.epochs],
      ticks: epochTicks(0, setting.epochs, narrow ? 5 : 10),
      title: t(lang, 'stepAxis', { n: stepsPerEpoch }),
    },
    panels: [
      {
        name: 'rate',
        title: t(lang, 'learningRate'),
        height: narrow ? 170 : 200,
        include: [0],
        nice: 4,
        ticks: 4,
        marks: [
          line(
            'rate',
            values.map(({ x, learningRate }) => ({ x, y: learningRate })),
          ),
          dots(
            'reported',
            reported.map(({ epoch, value }) => ({ x: epoch, y: value })),
            5,
          ),
        ],
      },
      {
        name: 'beta',
        title: t(lang, 'betaAxis'),
        height: narrow ? 80 : 90,
        domain: betas,
        ticks: betas,
        marks: [
          line(
            'train',
            values.map(({ x, beta1 }) => ({ x, y: beta1 })),
          ),
        ],
      },
    ],
  });
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

/** A setting in words, and whether it fits the values that the report prints. */
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
