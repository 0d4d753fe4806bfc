import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  thresholdsOf,
  type DrawingResult,
  isTrainedOnDrawings,
  readDrawingResults,
  firstTrainedOnDrawings,
} from '../../src/site/drawing-figures.ts';
import { readRuns, type PublishedRun } from '../../src/site/runs.ts';
import { ALL_RUNS, writeSyntheticPublic } from '../fixtures/synthetic-run.ts';

let folder: string;
let runs: PublishedRun[];
let results: DrawingResult[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'figures-'));
  writeSyntheticPublic(
    folder,
    ALL_RUNS.filter(({ id }) => ['baseline', 'fast', 'sketch'].includes(id)),
  );
  runs = await readRuns(folder);
  results = await readDrawingResults(folder, runs);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('runs and drawings', () => {
  it('leaves out the runs that were shown none', () => {
    expect(runs.map(({ id }) => id)).toEqual(['baseline', 'fast', 'sketch']);
    expect(results.map(({ run }) => run.id)).toEqual(['baseline', 'sketch']);
    expect(thresholdsOf(results)).toEqual({ baseline: { least: 0.62 }, sketch: { least: 0.62 } });
  });

  it('lets the one answer that was taught drawings', () => {
    expect(firstTrainedOnDrawings(results)?.id).toBe('sketch');
    expect(firstTrainedOnDrawings([])).toBeNull();
  });

  it('knows by the recipe which was taught with drawings', () => {
    expect(runs.filter(isTrainedOnDrawings).map(({ id }) => id)).toEqual(['sketch']);
  });

  it('names a file that is broken or of other weights', async () => {
    const file = join(folder, 'models', 'sketch', 'drawings.json');
    const before = readFileSync(file, 'utf8');
    for (const content of ['{', before.replace(/"weights":"\w+"/, `"weights":"${'1'.repeat(64)}"`)]) {
      writeFileSync(file, content);
      await expect(readDrawingResults(folder, runs)).rejects.toThrow('drawings.json of "sketch"');
    }
    writeFileSync(file, before);
  });
});
