import { expect, it } from 'vitest';
import type { AblationFigures } from '../../src/artifacts/ablation.ts';
import { type AblationRow, ablationRows } from '../../src/site/ablation.ts';
import { CHANGES } from '../../src/training/ablation.ts';
import { publishedRun } from '../fixtures/synthetic-run.ts';

const runs = [
  publishedRun({ id: 'baseline' }),
  publishedRun({ id: 'attention' }),
  publishedRun({ id: 'best-trial', epochs: 32, sources: ['baseline'] }),
  publishedRun({ id: 'best-attention-trial', epochs: 32, sources: ['attention'] }),
];

const counts = { correctBefore: 950, correctAfter: 960, onlyBefore: 4, onlyAfter: 14 };
const figures = {
  images: 1000,
  changes: {
    trainOn: { ...CHANGES.trainOn, ...counts },
    together: { ...CHANGES.together, ...counts },
    moveTogether: {
      ...CHANGES.moveTogether,
      ...{ correctBefore: 960, correctAfter: 959, onlyBefore: 8, onlyAfter: 7 },
    },
  },
} as unknown as AblationFigures;

it('gives each change its accuracies, the difference with its test, and both costs', () => {
  const rows = ablationRows(figures, runs);
  expect(rows.map(({ id }) => id)).toEqual(['trainOn', 'together', 'moveTogether']);
  const [trainOn, together, move] = rows as [AblationRow, AblationRow, AblationRow];

  expect([trainOn.before.accuracy, trainOn.after.accuracy]).toEqual([0.95, 0.96]);
  expect((trainOn.difference.interval[0] + trainOn.difference.interval[1]) / 2).toBeCloseTo(0.01, 12);
  expect(trainOn.difference.mcNemar).toMatchObject({ onlyFirst: 4, onlySecond: 14 });
  expect(trainOn.difference.effect).toBe('better');
  expect(move.difference.effect).toBe('undecided');

  const seconds = ({ training }: AblationRow['after']): number => training.cpu + training.gpu;
  // With the training of the weights it begins with, and of both networks where there are two.
  expect(seconds(trainOn.after) / seconds(trainOn.before)).toBeCloseTo(52 / 20, 1);
  expect(seconds(together.after) / seconds(together.before)).toBeCloseTo(2, 1);
  expect(seconds(move.after)).toBe(seconds(move.before));
  expect([trainOn, together, move].map(({ after }) => after.predictions)).toEqual([1, 4, 20]);
  expect(move.before.predictions).toBe(4);
});
