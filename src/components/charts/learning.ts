/** A fine-tuning in progress: the loss of each step, the accuracies after each epoch. */
import { extent } from 'd3';
import { finetune as t } from '../../i18n/finetune.ts';
import type { Lang } from '../../i18n/languages.ts';
import { epochTicks, line, lineChart, type LineChart } from './line-chart.ts';

export interface LearningData {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  /** Steps done and the loss of the last of them. */
  readonly steps: readonly { step: number; loss: number }[];
  /** Epoch 0 is before the first step. */
  readonly epochs: readonly LearningPoint[];
  /** A run to compare with, epoch by epoch. */
  readonly before?: readonly LearningPoint[];
}

interface LearningPoint {
  readonly epoch: number;
  readonly ownAccuracy: number;
  readonly testAccuracy: number;
}

/** No more points than this can be told apart. */
const MOST_POINTS = 600;

/** The axis counts epochs from 0, each as wide as its steps. */
export function learningChart(data: LearningData, width: number, lang: Lang): LineChart {
  const epochs = Math.max(1, data.totalSteps / data.stepsPerEpoch);
  const every = Math.ceil(data.steps.length / MOST_POINTS) || 1;
  const steps = data.steps.filter((_, i) => i % every === 0 || i === data.steps.length - 1);
  const [low = 0, high = 1] = extent(steps, ({ loss }) => loss);
  const accuracies = (key: 'ownAccuracy' | 'testAccuracy', points = data.epochs) =>
    points.map((point) => ({ x: point.epoch, y: point[key] }));
  const { before = [] } = data;
  const all = [...data.epochs, ...before];
  const [least = 0, most = 1] = extent(all.flatMap((point) => [point.ownAccuracy, point.testAccuracy]));
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
        height: 100,
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
        height: 100,
        // What changes fills the panel; a rise of a point is no cliff.
        domain: [Math.max(0, Math.min(least, most - 0.1)), Math.min(1, Math.max(most, least + 0.1))],
        nice: 4,
        ticks: 4,
        unit: 'percent',
        marks: [
          line('own before', accuracies('ownAccuracy', before), 0),
          line('test before', accuracies('testAccuracy', before), 0),
          line('own', accuracies('ownAccuracy'), 3),
          line('test', accuracies('testAccuracy'), 3),
        ],
      },
    ],
  });
}
