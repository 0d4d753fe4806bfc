/** A fine-tuning in progress: the loss of each step, the accuracies after each epoch. */
import { extent } from 'd3';
import { finetune as t } from '../../i18n/demos.ts';
import type { Lang } from '../../i18n/languages.ts';
import { epochTicks, line, lineChart, type LineChart } from './line-chart.ts';

export interface LearningData {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  /** Steps done and the loss of the last of them. */
  readonly steps: readonly { step: number; loss: number }[];
  /** Epoch 0 is before the first step. */
  readonly epochs: readonly { epoch: number; ownAccuracy: number; testAccuracy: number }[];
}

/** No more points than this can be told apart. */
const MOST_POINTS = 600;

/** The axis counts epochs from 0, each as wide as its steps. */
export function learningChart(data: LearningData, width: number, lang: Lang): LineChart {
  const epochs = Math.max(1, data.totalSteps / data.stepsPerEpoch);
  const every = Math.ceil(data.steps.length / MOST_POINTS) || 1;
  const steps = data.steps.filter((_, i) => i % every === 0 || i === data.steps.length - 1);
  const [low = 0, high = 1] = extent(steps, ({ loss }) => loss);
  const accuracies = (key: 'ownAccuracy' | 'testAccuracy') =>
    data.epochs.map((point) => ({ x: point.epoch, y: point[key] }));
  return lineChart({
    ...{ lang, width },
    x: {
      domain: [0, epochs],
      ticks: epochTicks(0, Math.floor(epochs), width < 500 ? 6 : 12),
      title: t(lang, 'epochAxis'),
    },
    panels: [
      {
        name: 'loss',
        title: t(lang, 'lossAxis'),
        height: 150,
        domain: [Math.min(low, 0.5), Math.max(high, low + 0.1)],
        nice: 4,
        ticks: 4,
        marks: [
          line(
            'loss',
            steps.map(({ step, loss }) => ({ x: step / data.stepsPerEpoch, y: loss })),
            steps.length > 1 ? 0 : 3,
          ),
        ],
      },
      {
        name: 'accuracy',
        title: t(lang, 'accuracyAxis'),
        height: 150,
        domain: [0, 1],
        ticks: 4,
        unit: 'percent',
        marks: [line('own', accuracies('ownAccuracy'), 3), line('test', accuracies('testAccuracy'), 3)],
      },
    ],
  });
}
