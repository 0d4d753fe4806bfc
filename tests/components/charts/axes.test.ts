/** The ticks of all charts, whatever the data: each axis has some, and no two of them look the same. */
import { describe, expect, it } from 'vitest';
import { improvementsChart } from '../../../src/components/charts/improvements.ts';
import { calibrationChart } from '../../../src/components/charts/calibration.ts';
import { comparisonChart } from '../../../src/components/charts/comparison.ts';
import { curvesChart, DEFAULT_CURVES_VIEW, type EpochPoint } from '../../../src/components/charts/curves.ts';
import { distributionChart } from '../../../src/components/charts/distribution.ts';
import { learningChart } from '../../../src/components/charts/learning.ts';
import { pairChart } from '../../../src/components/charts/pair-curves.ts';
import { scheduleChart } from '../../../src/components/charts/schedule.ts';
import { WIDTHS, type Graphic } from '../../../src/components/charts/svg.ts';
import { batchesChart } from '../../../src/components/charts/training-log.ts';
import type { Lang } from '../../../src/i18n/languages.ts';
import { reportRecipe } from '../../../src/training/recipe.ts';

/** The labels of each axis of a drawing. */
function axesOf({ content }: Graphic): string[][] {
  return [...content.matchAll(/<g class="axis">/g)].map(({ index }) => {
    let depth = 0;
    const tags = content.slice(index).matchAll(/<g[ >]|<\/g>/g);
    const end = tags.find(([tag]) => (depth += tag === '</g>' ? -1 : 1) === 0)!.index;
    const axis = content.slice(index, index + end);
    return [...axis.matchAll(/<text [^>]*class="tick"[^>]*>([^<]*)</g)].map(([, label]) => label!);
  });
}

/** Least and greatest value of what is drawn: losses, or shares of one. */
const LOSSES = [
  [0.62, 0.7],
  [0.64, 0.6404],
  [0.5003, 2.31],
  [0.6, 48],
] as const;
const SHARES = [
  [0, 1],
  [0.931, 0.942],
  [0.9372, 0.93745],
  [0.1, 0.13],
] as const;

const last = 20;
const epochs = ([loss, highest]: readonly [number, number], [accuracy, best]: readonly [number, number]) =>
  Array.from({ length: last }, (_, i): EpochPoint => {
    const part = i / (last - 1);
    const [falling, rising] = [highest - part * (highest - loss), accuracy + part * (best - accuracy)];
    return {
      epoch: i + 1,
      ...{ trainLoss: falling, validationLoss: falling, trainAccuracy: rising, validationAccuracy: rising },
      learningRate: (loss / 1000) * (1 - part),
    };
  });

const CHARTS: Record<
  string,
  (
    losses: readonly [number, number],
    shares: readonly [number, number],
  ) => ((width: number, lang: Lang) => Graphic)[]
> = {
  curves: (losses, shares) =>
    (['all', 'late'] as const).map((range) => (width, lang) => {
      const data = { epochs: epochs(losses, shares), reported: [], pytorch: [] };
      return curvesChart(data, { ...DEFAULT_CURVES_VIEW, range }, width, lang);
    }),
  pair: (losses, shares) => [
    (width, lang) => {
      const run = { id: 'a', epochs: epochs(losses, shares) };
      return pairChart([run, { ...run, id: 'b' }], width, lang);
    },
  ],
  comparison: (losses, shares) => [
    (width, lang) => {
      const points = epochs(losses, shares).map(({ epoch, trainAccuracy: accuracy }) => ({
        epoch,
        accuracy,
      }));
      return comparisonChart([{ id: 'a', points }], ['a'], shares[0], width, lang);
    },
  ],
  learning: ([low, high], shares) =>
    [1, 7, 400].map((totalSteps) => (width, lang) => {
      const steps = [high, low].map((loss, step) => ({ step, loss }));
      const accuracies = shares.map((accuracy, epoch) => ({
        epoch,
        ownAccuracy: accuracy,
        testAccuracy: accuracy,
      }));
      return learningChart({ totalSteps, stepsPerEpoch: 7, steps, epochs: accuracies }, width, lang);
    }),
  batches: (losses) => [
    (width, lang) => {
      const batches = losses.map((loss, batch) => ({ epoch: 1, batch, loss, accuracy: 0.5 }));
      return batchesChart({ stepsPerEpoch: 188, epochs: last, batches, reported: [] }, width, lang);
    },
  ],
  schedule: ([low]) =>
    [5, 20, 40].map((epochs) => (width, lang) => {
      const { schedule } = reportRecipe;
      const setting = { peak: low / 100, warmUp: 0.3, epochs, final: 1e-8 };
      return scheduleChart({ schedule, stepsPerEpoch: 188, reported: [], setting }, setting, width, lang);
    }),
  improvements: (_, [low, high]) => [
    (width, lang) => {
      const row = { id: 'a', name: 'a', accuracy: low, interval: [low, high] as [number, number] };
      const rows = [{ ...row, effect: 'baseline' as const, sentence: '' }];
      return improvementsChart({ rows, reported: (low + high) / 2 }, width, lang);
    },
  ],
  calibration: (_, [low, high]) => [
    (width, lang) => {
      const bins = [{ low: 0.9, high: 1, images: 10, confidence: low, accuracy: high }];
      return calibrationChart({ bins, confidence: low, accuracy: high, error: 0 }, width, lang);
    },
  ],
  distribution: ([low, high]) =>
    [1, 1000].map((scale) => (width, lang) => {
      const counts = (value: number) => Array<number>(10).fill(Math.round(scale * value));
      return distributionChart({ train: counts(high), test: counts(low) }, width, lang);
    }),
};

describe.each(Object.entries(CHARTS))('%s', (_, charts) => {
  const cases = LOSSES.flatMap((losses, i) => charts(losses, SHARES[i]!));

  it.each(['zh', 'en'] as const)('has ticks that differ, in %s', (lang) => {
    for (const chart of cases) {
      for (const width of Object.values(WIDTHS)) {
        const axes = axesOf(chart(width, lang)).filter((labels) => labels.length > 0);
        expect(axes.length).toBeGreaterThan(0);
        for (const labels of axes) expect(labels).toEqual([...new Set(labels)]);
      }
    }
  });
});
