/** A lesson as it goes: loss after each step, accuracies after each epoch. Data → geometry → drawing. */
import { extent, line, scaleLinear } from 'd3';
import { finetune as t } from '../../i18n/finetune.ts';
import type { Lang } from '../../i18n/languages.ts';
import { xAxis, yAxis, type Box, type Tick } from './axes.ts';
import { element, group, text, type Drawing } from './svg.ts';

export interface LearningData {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  /** Steps done and the loss of the last of them. */
  readonly steps: readonly { step: number; loss: number }[];
  /** Epoch 0 is before the first step. */
  readonly epochs: readonly { epoch: number; ownAccuracy: number; testAccuracy: number }[];
}

interface Curve {
  readonly series: 'loss' | 'own' | 'test';
  readonly path: string;
  readonly points: readonly { x: number; y: number }[];
}

interface Panel {
  readonly name: 'loss' | 'accuracy';
  readonly box: Box;
  readonly ticks: readonly Tick[];
  readonly curves: readonly Curve[];
}

export interface LearningGeometry {
  readonly width: number;
  readonly height: number;
  readonly panels: readonly Panel[];
  readonly xTicks: readonly Tick[];
}

/** More points than this are not told apart. */
const MOST_POINTS = 600;

/** Where everything lies, in user units; the axis counts epochs from 0, each as wide as its steps. */
export function learningGeometry(data: LearningData, width: number): LearningGeometry {
  const { stepsPerEpoch, totalSteps } = data;
  const epochs = Math.max(1, totalSteps / stepsPerEpoch);
  const [left, right] = [44, width - 10];
  const x = scaleLinear([0, epochs], [left, right]);
  const panel = (
    name: Panel['name'],
    top: number,
    height: number,
    domain: readonly [number, number],
    values: Partial<Record<Curve['series'], readonly { at: number; value: number }[]>>,
  ): Panel => {
    const box: Box = { left, right, top, bottom: top + height };
    const y = scaleLinear(domain, [box.bottom, box.top]).nice(4);
    const curves = Object.entries(values).map(([series, marks]): Curve => {
      const points = marks.map(({ at, value }) => ({ x: x(at), y: y(value) }));
      const path = line<(typeof points)[number]>(
        (point) => point.x,
        (point) => point.y,
      )(points);
      return { series: series as Curve['series'], path: path ?? '', points };
    });
    const ticks = y.ticks(4).map((value) => ({
      at: y(value),
      label: name === 'loss' ? value.toFixed(1) : `${Math.round(value * 100)}%`,
    }));
    return { name, box, ticks, curves };
  };
  const every = Math.ceil(data.steps.length / MOST_POINTS) || 1;
  const steps = data.steps.filter((_, i) => i % every === 0 || i === data.steps.length - 1);
  const [low = 0, high = 1] = extent(steps, ({ loss }) => loss);
  const accuracies = (key: 'ownAccuracy' | 'testAccuracy') =>
    data.epochs.map((point) => ({ at: point.epoch, value: point[key] }));
  const panels = [
    panel('loss', 34, 150, [Math.min(low, 0.5), Math.max(high, low + 0.1)], {
      loss: steps.map(({ step, loss }) => ({ at: step / stepsPerEpoch, value: loss })),
    }),
    panel('accuracy', 236, 150, [0, 1], {
      own: accuracies('ownAccuracy'),
      test: accuracies('testAccuracy'),
    }),
  ];
  const spacing = Math.max(1, Math.ceil(epochs / (width < 500 ? 6 : 12)));
  const xTicks = Array.from({ length: Math.floor(epochs / spacing) + 1 }, (_, i) => ({
    at: x(i * spacing),
    label: String(i * spacing),
  }));
  return { width, height: 428, panels, xTicks };
}

export function drawLearning({ panels, xTicks, ...size }: LearningGeometry, lang: Lang): Drawing {
  const content = panels.map(({ name, box, ticks, curves }) =>
    group(
      { class: `panel ${name}` },
      text(0, box.top - 15, t(lang, name === 'loss' ? 'lossAxis' : 'accuracyAxis'), { class: 'axis-title' }),
      yAxis(box, ticks),
      xAxis(box, name === 'accuracy' ? xTicks : [], name === 'accuracy' ? t(lang, 'epochAxis') : undefined),
      ...curves.map(({ series, path, points }) =>
        group(
          { class: `curve ${series}` },
          element('path', { d: path }),
          ...(series === 'loss' && points.length > 1
            ? []
            : points.map(({ x, y }) => element('circle', { cx: x, cy: y, r: 3 }))),
        ),
      ),
    ),
  );
  return { ...size, content: content.join('') };
}
