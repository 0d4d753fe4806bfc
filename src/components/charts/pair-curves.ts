/** The curves of two runs on the same axes: loss, accuracy and learning rate. */
import { max } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { HISTORY_PANELS, measureText, pointsOf, type EpochPoint } from './curves.ts';
import { endLabels, epochAxis, line, lineChart, type LineChart, type Panel } from './line-chart.ts';

export interface PairCurve {
  id: string;
  /** None for an ensemble, for which nothing was trained. */
  epochs: EpochPoint[];
}

export type PairCurves = readonly [PairCurve, PairCurve];

/** The last epoch of either run; at least 1. */
export const lastEpoch = (pair: PairCurves): number =>
  max(pair, ({ epochs }) => epochs.at(-1)?.epoch ?? 1) ?? 1;

export function pairChart(pair: PairCurves, width: number, lang: Lang): LineChart {
  const narrow = width < 500;
  const last = lastEpoch(pair);
  const panels = HISTORY_PANELS.map(({ measures, ...panel }): Panel => {
    const isRate = panel.name === 'rate';
    const lines = pair.flatMap(({ id, epochs }, run) =>
      Object.entries(measures)
        .map(([part, measure]) => ({ run, label: id, part, points: pointsOf(epochs, measure) }))
        .filter(({ points }) => points.length > 0),
    );
    // A run is named at the end of its validation curve, or of its only one.
    const named = lines.filter((line, i) => lines[i + 1]?.run !== line.run);
    return {
      ...panel,
      height: isRate ? 110 : panel.height,
      title: t(lang, `${panel.name}Axis`),
      marks: [
        ...lines.map(({ run, part, points }) =>
          line(`run-${run} ${isRate ? 'validation' : part}`, points, part === 'train' ? 0 : narrow ? 2 : 2.5),
        ),
        !narrow && !isRate && endLabels(named.map(({ run, ...line }) => ({ ...line, series: `run-${run}` }))),
      ],
    };
  });
  return lineChart({
    ...{ lang, width },
    right: narrow ? 10 : 96,
    x: epochAxis(1, last, narrow, lang),
    panels,
  });
}

export function describePair(pair: PairCurves, epoch: number, lang: Lang): string {
  const [first, second] = pair.map(({ id, epochs }) => {
    const point = epochs.find((each) => each.epoch === epoch);
    if (!point) return t(lang, epochs.length === 0 ? 'pairUntrained' : 'pairEnded', { id });
    const part = point.validationLoss === null || point.validationAccuracy === null ? 'train' : 'validation';
    return t(lang, part === 'train' ? 'pairTrain' : 'pairValidation', {
      id,
      loss: measureText(`${part}Loss`, point[`${part}Loss`], lang),
      accuracy: measureText(`${part}Accuracy`, point[`${part}Accuracy`], lang),
    });
  });
  return t(lang, 'pairEpoch', { epoch, first: first!, second: second! });
}
