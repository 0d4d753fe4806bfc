import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { primaryRun, readEnsembles, readRuns, readTestReads } from '../../src/site/runs.ts';
import { ALL_RUNS, writeSyntheticPublic } from '../fixtures/synthetic-run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runs-'));
  writeSyntheticPublic(folder, undefined, { model: false });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a check while a file of the folder is other than it should be. */
async function whileFile(path: string, content: string | null, check: () => Promise<void>): Promise<void> {
  const whole = join(folder, path);
  const before = readFileSync(whole);
  if (content === null) rmSync(whole);
  else writeFileSync(whole, content);
  try {
    await check();
  } finally {
    writeFileSync(whole, before);
  }
}

describe('readRuns', () => {
  it('reads every run that the index lists', async () => {
    const runs = await readRuns(folder);
    expect(runs.map(({ id }) => id)).toEqual(['baseline', 'short']);
    expect(runs[1]!.history.epochs).toHaveLength(4);
  });

  it.each(['history.json', 'confusion.json', 'metrics.json', 'predictions.bin', 'card.md'])(
    'names %s and its run where it is missing',
    (file) =>
      whileFile(`models/short/${file}`, null, async () => {
        await expect(readRuns(folder)).rejects.toThrow(`${file} of "short"`);
      }),
  );

  it('names a file that was edited after it was published', () =>
    whileFile('models/short/history.json', '{}', async () => {
      await expect(readRuns(folder)).rejects.toThrow('history.json of "short"');
    }));

  it('names a file that no page reads while it is built, but readers need', async () => {
    const text = readFileSync(join(folder, 'models/short/metrics.json'), 'utf8');
    const metrics = JSON.parse(text) as { files: Record<string, { bytes: number; sha256: string }> };
    metrics.files['weights.bin'] = { bytes: 4, sha256: '0'.repeat(64) };
    await whileFile('models/short/metrics.json', JSON.stringify(metrics), async () => {
      await expect(readRuns(folder)).rejects.toThrow('weights.bin of "short": it is not there');
    });
  });

  it('names an index that is missing, is no JSON or lists nothing', async () => {
    await whileFile('models/index.json', null, async () => {
      await expect(readRuns(folder)).rejects.toThrow('index.json');
    });
    await whileFile('models/index.json', '{', async () => {
      await expect(readRuns(folder)).rejects.toThrow('index.json');
    });
    await whileFile('models/index.json', '{"schemaVersion":2,"models":[]}', async () => {
      await expect(readRuns(folder)).rejects.toThrow('it lists no run');
    });
  });
});

describe('readEnsembles', () => {
  it('is content with an index that lists none', async () => {
    expect(await readEnsembles(folder, [])).toEqual([]);
  });

  it('reads those that are listed, and names a file that is missing and a member that is another by now', async () => {
    const own = mkdtempSync(join(tmpdir(), 'ensembles-'));
    try {
      const members = ALL_RUNS.filter(({ id }) => id === 'augment' || id === 'baseline');
      writeSyntheticPublic(own, members, {
        ensembles: [{ id: 'ensemble', members: ['augment', 'baseline'], flips: false }],
      });
      const runs = await readRuns(own);
      const [ensemble] = await readEnsembles(own, runs);
      expect(ensemble!.metrics.members.map(({ id }) => id)).toEqual(['augment', 'baseline']);
      expect(ensemble!.predictions).toHaveLength(100_000);
      const stale =
        /^metrics\.json of "ensemble": its member "baseline" is not the network that is published now/;
      await expect(readEnsembles(own, runs.slice(0, 1))).rejects.toThrow(stale);
      const replaced = structuredClone(runs);
      replaced[1]!.metrics.files['weights.bin']!.sha256 = '1'.repeat(64);
      await expect(readEnsembles(own, replaced)).rejects.toThrow(stale);
      rmSync(join(own, 'models/ensemble/predictions.bin'));
      await expect(readEnsembles(own, runs)).rejects.toThrow('predictions.bin of "ensemble"');
    } finally {
      rmSync(own, { recursive: true });
    }
  });
});

describe('readTestReads', () => {
  it('counts those of all runs, and names the file where it is missing or has too few', async () => {
    const runs = await readRuns(folder);
    expect(await readTestReads(folder, runs)).toBe(2);
    await whileFile('models/test-reads.json', null, async () => {
      await expect(readTestReads(folder, runs)).rejects.toThrow(
        'test-reads.json of "models": it is not there',
      );
    });
    await whileFile('models/test-reads.json', '{"schemaVersion":1,"reads":[]}', async () => {
      await expect(readTestReads(folder, runs)).rejects.toThrow(
        'test-reads.json of "models": it has 0 reads for "baseline", whose metrics.json has 1',
      );
    });
  });
});

describe('primaryRun', () => {
  it('is the full run named baseline, whatever stands before it', async () => {
    const runs = await readRuns(folder);
    expect(primaryRun(runs.toReversed()).id).toBe('baseline');
  });

  it('is the first listed where there is no such run', async () => {
    const [baseline, short] = await readRuns(folder);
    expect(primaryRun([short!]).id).toBe('short');
    baseline!.metrics.departures = short!.metrics.departures;
    expect(primaryRun([short!, baseline!]).id).toBe('short');
  });
});
