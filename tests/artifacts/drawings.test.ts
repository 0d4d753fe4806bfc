import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderReader } from '../../src/node/files.ts';
import { MODELS } from '../../src/runs/run-folders.ts';
import { parseDrawingFigures, readDrawingFigures } from '../../src/artifacts/drawings.ts';
import { DRAWINGS_FILE, readMetrics } from '../../src/artifacts/run.ts';
import { sha256 } from '../../src/math/arrays.ts';
import { drawingsFile } from '../../src/runs/dataset.ts';
import { drawingFigures, metrics } from './examples.ts';

const reading = (content: unknown) => async () => new TextEncoder().encode(JSON.stringify(content)).buffer;
const published = { ...metrics(), files: { 'weights.bin': { bytes: 1, sha256: 'c'.repeat(64) } } };

describe('figures on drawings', () => {
  it('are read as they were written', async () => {
    expect(await readDrawingFigures(published, reading(drawingFigures()))).toEqual(drawingFigures());
  });

  it('may be missing', async () => {
    expect(await readDrawingFigures(published, async () => null)).toBeNull();
  });

  it('are refused where other weights are published', async () => {
    await expect(readDrawingFigures(metrics(), reading(drawingFigures()))).rejects.toThrow(
      'drawings.json of "baseline": it is about other weights than are published',
    );
  });

  const good = drawingFigures();
  it.each([
    ['another run', { ...good, id: 'other' }, 'it describes the run "other"'],
    ['another set', { ...good, set: { ...good.set, name: 'development' } }, 'set.name'],
    ['more hits than drawings', { ...good, drawings: { ...good.drawings, top3: 21 } }, 'drawings'],
    ['more rejected than there are', { ...good, others: { images: 5, rejected: 6 } }, 'others'],
    ['parts that do not add up', { ...good, drawings: { ...good.drawings, images: 21 } }, 'its parts'],
    ['a threshold above one', { ...good, criterion: { least: 1.5 } }, 'criterion.least'],
  ])('are refused with %s', (_, content, reason) => {
    expect(() => parseDrawingFigures('baseline', content)).toThrow(reason);
  });
});

it('what is published was judged by the committed drawings', async () => {
  const committed = await sha256(new Uint8Array(await readFile(drawingsFile('last-look'))));
  for (const id of readdirSync(MODELS)) {
    if (!existsSync(join(MODELS, id, DRAWINGS_FILE))) continue;
    const read = folderReader(join(MODELS, id));
    const figures = await readDrawingFigures(await readMetrics(id, read), read);
    expect(figures!.set.sha256, `run "npm run evaluate:drawings -- ${id} --last-look --write"`).toBe(
      committed,
    );
  }
});
