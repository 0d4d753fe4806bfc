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
  publishedRun({ id: 'taught-trial', epochs: 30, sources: ['best-trial', 'best-attention-trial'] }),
];

const counts = { correctBefore: 950, correctAfter: 960, onlyBefore: 4, onlyAfter: 14 };
const figures = {
  images: 1000,
  changes: {
    trainOn: { ...CHANGES.trainOn, ...counts },
    teachers: { ...CHANGES.teachers, ...counts },
    together: { ...CHANGES.together, ...counts },
    moveTogether: {
      ...CHANGES.moveTogether,
      ...{ correctBefore: 960, correctAfter: 959, onlyBefore: 8, onlyAfter: 7 },
    },
  },
} as unknown as AblationFigures;

it('gives each change its accuracies, the difference with its test, and both costs', () => {
  const rows = ablationRows(figures, runs);
  expect(rows.map(({ id }) => id)).toEqual(['trainOn', 'teachers', 'together', 'moveTogether']);
  const [trainOn, teachers, together, move] = rows as [AblationRow, AblationRow, AblationRow, AblationRow];

  expect([trainOn.before.accuracy, trainOn.after.accuracy]).toEqual([0.95, 0.96]);
  expect((trainOn.difference.interval[0] + trainOn.difference.interval[1]) / 2).toBeCloseTo(0.01, 12);
  expect(trainOn.difference.mcNemar).toMatchObject({ onlyFirst: 4, onlySecond: 14 });
  expect(trainOn.difference.effect).toBe('better');
  expect(move.difference.effect).toBe('undecided');

  const seconds = ({ training }: AblationRow['after']): number => training.cpu + training.gpu;
  // With the training of the weights it begins with, and of its teachers with theirs …
  expect(seconds(trainOn.after) / seconds(trainOn.before)).toBeCloseTo(52 / 20, 1);
  expect(seconds(teachers.after) / seconds(teachers.before)).toBeCloseTo((30 + 2 * 52) / 52, 1);
  // … so that a teacher asked together with it costs no more training.
  expect(seconds(together.after)).toBe(seconds(together.before));
  expect(seconds(move.after)).toBe(seconds(move.before));
  expect(rows.map(({ after }) => after.predictions)).toEqual([1, 1, 4, 20]);
  expect(move.before.predictions).toBe(4);
});
