/** Figure 1: the log of a training, line by line in the manner of the report's, and the loss of every logged batch. */
import { extent } from 'd3';
import type { History } from '../../artifacts/schema.ts';
import { charts as t } from '../../i18n/charts.ts';
import { number, percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { dots, epochTicks, line, lineChart, type LineChart } from './line-chart.ts';
import { element } from './svg.ts';

type BatchPoint = History['batches'][number];

export interface BatchesData {
  stepsPerEpoch: number;
  epochs: number;
  batches: BatchPoint[];
  /** The batches that the report's log shows. */
  reported: BatchPoint[];
}

/** The axis counts epochs, each as wide as its batches. */
export function batchesChart(data: BatchesData, width: number, lang: Lang): LineChart {
  const narrow = width < 500;
  const place = ({ epoch, batch, loss }: BatchPoint) => ({
    x: epoch - 1 + batch / data.stepsPerEpoch,
    y: loss,
  });
  const reported = data.reported.filter(({ epoch }) => epoch <= data.epochs);
  const chart = lineChart({
    ...{ lang, width },
    x: {
      domain: [0, data.epochs],
      ticks: epochTicks(1, data.epochs, narrow ? 7 : 20).map(({ value, label }) => ({
        value: value - 0.5,
        label,
      })),
      title: t(lang, 'epochAxis'),
    },
    panels: [
      {
        name: 'loss',
        title: t(lang, 'batchLossAxis'),
        height: narrow ? 170 : 200,
        nice: 5,
        ticks: 5,
        marks: [
          line('train', data.batches.map(place), narrow ? 1.5 : 2.25),
          dots('reported', reported.map(place), narrow ? 4 : 5),
        ],
      },
    ],
    cursorBelow: true,
  });
  const { x, panels } = chart;
  return {
    ...chart,
    // Epochs are strips.
    partAt: (point) => Math.min(data.epochs, Math.max(1, Math.floor(x.invert(point.x)) + 1)),
    cursor(epoch) {
      const { top, bottom } = panels[0]!.box;
      const [from, to] = [x(epoch - 1), x(epoch)];
      return element('rect', { class: 'strip', x: from, y: top, width: to - from, height: bottom - top });
    },
  };
}

/** What the log of one epoch is written from; a part of history.json. */
export type LogHistory = Pick<History, 'stepsPerEpoch' | 'epochs' | 'batches'>;

/** One epoch of a run's history, line by line in the manner of the report's log. */
export function epochLog({ stepsPerEpoch, epochs, batches }: LogHistory, epoch: number, lang: Lang): string {
  const summary = epochs.find((each) => each.epoch === epoch);
  if (!summary) return '';
  const before = epochs.filter((each) => each.epoch < epoch).map((each) => each.validationAccuracy ?? 0);
  const { validationLoss, validationAccuracy, trainLoss, trainAccuracy, learningRate, seconds } = summary;
  const best = validationAccuracy !== null && before.every((accuracy) => accuracy < validationAccuracy);
  return [
    `Epoch ${epoch}/${epochs.length}`,
    '-----',
    '',
    ...batches
      .filter((each) => each.epoch === epoch)
      .map(
        ({ batch, loss, accuracy }) =>
          `Batch ${batch}/${stepsPerEpoch} | Loss: ${loss.toFixed(4)} | Acc: ${percent(lang, accuracy, 1)}`,
      ),
    ...(best ? [t(lang, 'logBest') + percent(lang, validationAccuracy)] : []),
    '',
    'Epoch Summary:',
    `Time: ${seconds.toFixed(1)}s`,
    `Train Loss: ${trainLoss.toFixed(4)} | Train Acc: ${percent(lang, trainAccuracy)}`,
    ...(validationLoss === null || validationAccuracy === null
      ? []
      : [`Val Loss: ${validationLoss.toFixed(4)} | Val Acc: ${percent(lang, validationAccuracy)}`]),
    `Learning Rate: ${learningRate.toFixed(6)}`,
  ].join('\n');
}

/** The ranges of loss and accuracy of an epoch's logged batches, for the words; null where there are none. */
export function batchRange({ batches }: LogHistory, epoch: number, lang: Lang) {
  const found = batches.filter((each) => each.epoch === epoch);
  if (found.length === 0) return null;
  const [low, high] = extent(found, ({ loss }) => loss);
  const [least, most] = extent(found, ({ accuracy }) => accuracy);
  return {
    n: found.length,
    low: number(lang, low, 4),
    high: number(lang, high, 4),
    accuracyLow: percent(lang, least, 1),
    accuracyHigh: percent(lang, most, 1),
  };
}
