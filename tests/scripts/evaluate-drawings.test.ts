import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { countAnswers } from '../../src/runs/drawing-evaluation.ts';
import { folderReader } from '../../src/node/files.ts';
import { readDrawingFigures } from '../../src/artifacts/drawings.ts';
import { readMetrics } from '../../src/artifacts/run.ts';
import type { CommittedDrawing } from '../../src/data/drawings/set.ts';
import { bench, TINY } from './cli.ts';

describe('counts', () => {
  const drawing = (id: string, label: number | null, more: Partial<CommittedDrawing> = {}) =>
    ({ id, class: label, hand: 'neat', styles: ['outline'], actions: [], ...more }) as CommittedDrawing;
  /** Probabilities with this much for a class and the rest shared out among the others, falling. */
  const row = (label: number, p: number): number[] => {
    const rest = Array.from({ length: 10 }, (_, c) => (c === label ? 0 : 20 - c));
    const sum = rest.reduce((a, b) => a + b, 0);
    return rest.map((part, c) => (c === label ? p : ((1 - p) * part) / sum));
  };
  const drawings = [
    drawing('right', 3),
    drawing('right-but-unsure', 4, { hand: 'sloppy', styles: ['filled', 'thin'] }),
    drawing('second', 0),
    drawing('wrong', 9),
    drawing('plain', 2, { ambiguous: true }),
    drawing('star', null),
    drawing('house', null),
  ];
  const probabilities = Float64Array.from(
    [row(3, 0.9), row(4, 0.4), row(1, 0.7), row(1, 0.8), row(6, 0.3), row(8, 0.2), row(8, 0.95)].flat(),
  );
  const counted = countAnswers(drawings, probabilities, { least: 0.5 });

  it('those that can be told apart, whole and in parts', () => {
    expect(counted.drawings).toEqual({ images: 4, top1: 2, top3: 3, rejected: 1 });
    expect(counted.classes[4]).toEqual({ images: 1, top1: 1, top3: 1, rejected: 1 });
    expect(counted.classes[2]).toEqual({ images: 0, top1: 0, top3: 0, rejected: 0 });
    expect(counted.styles['thin']).toEqual({ images: 1, top1: 1, top3: 1, rejected: 1 });
    expect(counted.hands.neat).toEqual({ images: 3, top1: 1, top3: 2, rejected: 0 });
  });

  it('plain silhouettes and other things apart', () => {
    expect(counted.ambiguous).toEqual({ images: 1, top1: 0, top3: 0, rejected: 1 });
    expect(counted.others).toEqual({ images: 2, rejected: 1 });
  });

  it('names what was missed', () => {
    expect(counted.missed.map(({ drawing }) => drawing.id)).toEqual(['right-but-unsure', 'second', 'wrong']);
    expect(counted.missed[0]).toMatchObject({ predicted: 4, rejected: true });
  });
});

describe('npm run evaluate:drawings', () => {
  const { folder, run } = bench();
  const evaluate = (...args: string[]) => run('evaluate-drawings', ...args, '--backend', 'cpu');
  const file = join(folder, 'tiny', 'drawings.json');

  beforeAll(async () => {
    const { code, error } = await run('train', ...TINY, '--output', './tiny');
    expect(error).toBe('');
    expect(code).toBe(0);
  });

  it('prints the figures of the development set unless told otherwise, and keeps nothing', async () => {
    const { code, out, error } = await evaluate('./tiny', '--missed');
    expect(error).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^Set "development": \d+ unambiguous drawings/);
    for (const title of [
      'Drawings, top-1',
      'Drawings, top-3',
      'Test photographs, top-1',
      'Ambiguous drawings',
    ])
      expect(out).toMatch(new RegExp(`^${title}.* +\\d+\\.\\d%$`, 'm'));
    expect(out).toMatch(/^Missed by \.\/tiny: \d+$/m);
    expect(existsSync(file)).toBe(false);
  });

  it('keeps the figures of the last look beside the network', async () => {
    const { code, out } = await evaluate('./tiny', '--last-look', '--write');
    expect(code).toBe(0);
    expect(out).toContain('tiny/drawings.json written.');
    const read = folderReader(join(folder, 'tiny'));
    const figures = (await readDrawingFigures(await readMetrics('tiny', read), read))!;
    expect(figures.classes.every(({ images }) => images >= 15)).toBe(true);
    expect(figures.test.images).toBe(200);
  });

  it.each([
    [['./tiny', '--set', 'neither'], 'Unknown set "neither"; known are teaching, development, last-look.'],
    [['./tiny', '--write'], 'add --last-look to --write'],
    [['./tiny', '--last-look', '--set', 'development'], 'contradict each other'],
    [['nothing-like-it'], 'There is no run "nothing-like-it"'],
    [['./tiny', '--sets'], 'npm run evaluate:drawings -- --help'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    const { code, out, error } = await evaluate(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(error).toContain(sentence);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  it('names a broken file', async () => {
    const weights = join(folder, 'tiny', 'weights.bin');
    renameSync(weights, `${weights}.kept`);
    writeFileSync(weights, 'broken');
    const { code, error } = await evaluate('./tiny');
    renameSync(`${weights}.kept`, weights);
    expect(code).toBe(2);
    expect(error).toMatch(/^weights\.bin of "tiny": .*\n$/);
  });
});
