/** Trainings that are going on, from the lines that they write. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PROGRESS_FILE, type ProgressLine } from '../../src/artifacts/progress.ts';
import { progressFile } from '../../src/runs/progress-file.ts';
import { readLiveRun, readLiveRuns } from '../../src/site/live-runs.ts';

const root = mkdtempSync(join(tmpdir(), 'live-runs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const start = { id: 'mine', label: 'A training', epochs: 2, stepsPerEpoch: 3, backend: 'cpu' };
const step = (epoch: number, batch: number, loss: number): ProgressLine => ({
  ...{ type: 'batch', epoch, batch, loss, accuracy: 0.5, memory: 1e9, left: 60 },
});

describe('a training', () => {
  const folder = join(root, '.cache/runs/mine');
  mkdirSync(folder, { recursive: true });

  it('is running while its process lives, and shows its steps', () => {
    const add = progressFile(folder, start, false);
    for (const line of [step(1, 0, 2.3), step(1, 1, 2.1)]) add(line);
    const [run, ...others] = readLiveRuns(root);
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      state: 'running',
      start: { id: 'mine', pid: process.pid },
      last: { left: 60 },
    });
    expect(run!.batches.map(({ loss }) => loss)).toEqual([2.3, 2.1]);
  });

  it('that is resumed has each step once, as it was done last', () => {
    const add = progressFile(folder, start, true);
    for (const line of [step(1, 1, 1.9), step(1, 2, 1.8)]) add(line);
    expect(readLiveRun(folder)!.batches.map(({ loss }) => loss)).toEqual([2.3, 1.9, 1.8]);
  });

  it('is stopped when its process is gone, also in the middle of a line', () => {
    const path = join(folder, PROGRESS_FILE);
    writeFileSync(
      path,
      `${readFileSync(path, 'utf8').replaceAll(`"pid":${process.pid}`, '"pid":4194305')}{"type":"ba`,
    );
    const run = readLiveRun(folder)!;
    expect([run.state, run.batches.length]).toEqual(['stopped', 3]);
  });

  it('is begun anew without the lines of the one before, and says when it is done', () => {
    progressFile(folder, start, false)({ type: 'end', published: true });
    expect(readLiveRun(folder)).toMatchObject({ state: 'published', batches: [], last: null });
  });
});

it('has its page during development only', () => {
  // Pages whose folder begins with an underscore are no routes; the configuration adds them to the dev server alone.
  expect(existsSync('src/pages/_training.astro')).toBe(true);
  expect(readFileSync('astro.config.mjs', 'utf8')).toMatch(/if \(command !== 'dev'\) return;\n.*_training/);
});
