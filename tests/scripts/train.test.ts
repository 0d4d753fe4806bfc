import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderReader } from '../../src/node/files.ts';
import { loadRecord, recordPath, type RunRecord, saveRecord } from '../../src/runs/checkpoint.ts';
import { sha256 } from '../../src/math/arrays.ts';
import { type Run, readRun, readWeights } from '../../src/artifacts/run.ts';
import type { Metrics } from '../../src/artifacts/schema.ts';
import { bench, finished, TINY, until } from './cli.ts';

const { folder, start, run } = bench();
const train = (...args: string[]): ReturnType<typeof run> => run('train', ...TINY, ...args);
const state = (name: string): string => join(folder, `${name}.state`);
const record = (name: string): RunRecord => loadRecord(state(name))!;
const read = (name: string): Promise<Run> => readRun(name, folderReader(join(folder, name)));

/** The run that all others are compared with: never interrupted. */
let printed: string;
beforeAll(async () => {
  const { code, out, error } = await train('--output', './whole');
  expect(error).toBe('');
  expect(code).toBe(0);
  printed = out;
});

describe('a whole run', () => {
  it('logs in the manner of the report', () => {
    const lines = printed.split('\n');
    expect(lines).toContain('Epoch 2/2');
    expect(printed).toMatch(/^Batch 0\/4 \| Loss: \d\.\d{4} \| Acc: \d+\.\d%$/m);
    expect(printed).toMatch(/^✓ Best model saved, validation accuracy: \d+\.\d\d%$/m);
    expect(printed).toMatch(
      /Epoch Summary:\nTime: \d+\.\ds\nTrain Loss: \d\.\d{4} \| Train Acc: \d+\.\d\d%\nVal Loss: \d+\.\d{4} \| Val Acc: \d+\.\d\d%\nLearning Rate: 0\.\d{6}\n/,
    );
    expect(printed).toMatch(/^Test Loss: \d+\.\d{4} \| Test Acc: \d+\.\d\d%$/m);
    expect(printed).toContain('macro avg');
    expect(printed).not.toContain('\r');
  });

  it('publishes all files, and the log it printed', async () => {
    expect(readdirSync(join(folder, 'whole')).sort()).toEqual([
      'card.md',
      'card.zh.md',
      'confusion.json',
      'history.json',
      'metrics.json',
      'model.json',
      'predictions.bin',
      'train.log',
      'weights.bin',
    ]);
    const log = readFileSync(join(folder, 'whole', 'train.log'), 'utf8');
    // And, on the terminal alone, how to watch it.
    const watch = /^Watch it: npm run dev, then http:.*\/training\/\n/m;
    expect(printed).toMatch(watch);
    expect(printed.replace(watch, '').startsWith(log)).toBe(true);
    expect(readFileSync(join(folder, 'whole', 'card.md'), 'utf8')).toContain('Made-up images');
  });

  it('gives these metrics', async () => {
    const { metrics } = await read('whole');
    const volatile = {
      backend: { ...metrics.backend, device: 'masked' },
      machine: 'masked',
      versions: Object.keys(metrics.versions),
      source: 'masked',
      sessions: metrics.sessions.length,
      finishedAt: 'masked',
      time: Object.keys(metrics.time),
      files: Object.keys(metrics.files),
    };
    expect(rounded({ ...metrics, ...volatile })).toMatchSnapshot();
    expect(metrics.sessions[0]!.fromStep).toBe(0);
    expect(metrics.time.imagesPerSecond).toBeGreaterThan(0);
  });

  it('hangs together', async () => {
    const { metrics, history, confusion, predictions } = await read('whole');
    expect(history.stepsPerEpoch).toBe(4);
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(history.batches.map(({ batch }) => batch)).toEqual([0, 0]);
    const best = history.epochs[metrics.bestEpoch - 1]!.validationAccuracy!;
    expect(Math.max(...history.epochs.map((epoch) => epoch.validationAccuracy!))).toBe(best);
    expect(confusion.matrix.map((row) => row.reduce((a, b) => a + b))).toEqual(Array(10).fill(20));
    expect(metrics.test.correct).toBe(confusion.matrix.reduce((sum, row, i) => sum + row[i]!, 0));
    expect(predictions).toHaveLength(2000);
    expect(metrics.testSetReads).toBe(2);
    const weights = await readWeights(
      metrics.recipe.architecture,
      metrics,
      folderReader(join(folder, 'whole')),
    );
    const { best: kept } = record('whole').trainer;
    expect(weights['conv1/bias']).toEqual(kept!.weights['conv1/bias']);
  });

  it('is confirmed by evaluate, on its own backend to the count and on another', async () => {
    const own = await run('evaluate', './whole');
    expect(own).toMatchObject({ code: 0, error: '' });
    expect(own.out).toContain('All 18 figures agree.');
    const other = await run('evaluate', './whole', '--backend', 'wasm');
    expect(other).toMatchObject({ code: 0, error: '' });
    expect(other.out).toContain('up to 3 images may differ');
    // As it would be after a change of kernels.
    cpSync(join(folder, 'whole'), join(folder, 'earlier'), { recursive: true });
    const path = join(folder, 'earlier', 'metrics.json');
    const metrics = JSON.parse(readFileSync(path, 'utf8')) as Metrics;
    const sessions = metrics.sessions.map((session) => ({ ...session, kernels: 0 }));
    writeFileSync(path, JSON.stringify({ ...metrics, id: 'earlier', sessions }));
    const earlier = await run('evaluate', './earlier');
    expect(earlier.out).toContain('up to 3 images may differ');
  });

  it('is not trained twice by --resume', async () => {
    const { code, out } = await train('--output', './whole', '--resume');
    expect(code).toBe(0);
    expect(out).toMatch(/finished and published in whole; there is nothing left to do/);
  });
});

describe('an interrupted run', () => {
  const same = (name: string): void => {
    const [whole, resumed] = [record('whole').trainer, record(name).trainer];
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.optimiser).toEqual(whole.optimiser);
    expect(resumed.batches).toEqual(whole.batches);
    expect(resumed.best).toEqual(whole.best);
  };

  it('goes on to the same bits after SIGKILL in mid-epoch', async () => {
    const child = start('train', [...TINY, '--output', './killed', '--checkpoint-seconds', '0']);
    await until(() => (existsSync(recordPath(state('killed'))) ? record('killed').trainer.step >= 2 : false));
    child.kill('SIGKILL');
    expect((await finished(child)).code).toBeNull();
    const { step } = record('killed').trainer;
    expect(step % 4, 'killed in mid-epoch').not.toBe(0);

    const refused = await train('--output', './killed');
    expect(refused.code).toBe(2);
    expect(refused.error).toMatch(
      /holds an unfinished run \(. of 2 epochs, . steps\): continue with --resume/,
    );
    expect(record('killed').trainer.step).toBe(step);

    const { code, out, error } = await train('--output', './killed', '--resume');
    expect(error).toBe('');
    expect(code).toBe(0);
    expect(out).toContain(`Resumed after step ${step} of 8`);
    same('killed');
    const [whole, killed] = [await read('whole'), await read('killed')];
    expect(killed.metrics.sessions.map(({ fromStep }) => fromStep)).toEqual([0, step]);
    expect(killed.metrics.files['weights.bin']).toEqual(whole.metrics.files['weights.bin']);
    expect(killed.confusion).toEqual(whole.confusion);
  });

  it('refuses a second one on its output while it lives, ends in order on SIGTERM, and goes on', async () => {
    const child = start('train', [...TINY, '--output', './stopped', '--checkpoint-seconds', '0']);
    const ending = finished(child);
    await until(() => existsSync(recordPath(state('stopped'))));
    const second = await train('--output', './stopped', '--resume', '--state-dir', './elsewhere');
    expect(second.code).toBe(2);
    expect(second.error).toBe(
      `Another run (process ${child.pid}) is working on this output; wait for it, stop it, or choose another --output.\n`,
    );
    child.kill('SIGTERM');
    const { code, out } = await ending;
    expect(code).toBe(143);
    expect(out).toMatch(/Interrupted after step \d of 8; continue with --resume/);
    expect(existsSync(join(folder, 'stopped'))).toBe(false);
    expect(existsSync(join(state('stopped'), 'lock'))).toBe(false);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);

    // The flags come from the checkpoint.
    const resumed = await run('train', '--output', './stopped', '--resume');
    expect(resumed).toMatchObject({ code: 0, error: '' });
    same('stopped');
  });

  it('ends in order on SIGINT where its terminal is gone', async () => {
    const child = start('train', [...TINY, '--output', './unread', '--checkpoint-seconds', '0']);
    await until(() => existsSync(recordPath(state('unread'))));
    child.stdout!.destroy();
    child.stderr!.destroy();
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(existsSync(join(state('unread'), 'lock'))).toBe(false);
  });

  it('is not touched by a run of other settings', async () => {
    const before = readFileSync(recordPath(state('whole')));
    const refused = async (message: RegExp, ...args: string[]): Promise<void> => {
      const { code, error } = await run('train', '--output', './whole', '--resume', ...args);
      expect({ code, error }).toEqual({ code: 2, error: expect.stringMatching(message) as string });
    };
    await refused(/its recipe\.epochs is 2, not 3; leave the flag out/, '--epochs', '3');
    await refused(/its preset is "smoke", not "report"/, '--preset', 'report');
    expect(readFileSync(recordPath(state('whole')))).toEqual(before);
  });

  it('is not touched by a run on another backend', async () => {
    const stopped = await train('--output', './unpublished', '--no-publish');
    expect(stopped.out).toContain('the test set not read');
    expect(record('unpublished').testSetReads).toBe(0);
    expect(existsSync(join(folder, 'unpublished'))).toBe(false);
    const other = await run('train', '--output', './unpublished', '--resume', '--backend', 'wasm');
    expect(other.code).toBe(2);
    expect(other.error).toContain('was made on the backend "cpu", not "wasm"');
    // As a checkpoint from before kernels had revisions.
    const { kernels, ...session } = record('unpublished').sessions[0]!;
    saveRecord(state('unpublished'), { ...record('unpublished'), sessions: [session] });
    const published = await run('train', '--output', './unpublished', '--resume');
    expect(published).toMatchObject({ code: 0, error: '' });
    const { metrics } = await read('unpublished');
    expect(metrics.testSetReads).toBe(2);
    expect(metrics.sessions).toMatchObject([session, { kernels }]);
    expect(published.out).toContain(
      "The kernels of cpu differ from the checkpoint's (revision not recorded → 1), so the result may differ",
    );
  });
});

it.runIf(availableParallelism() > 1)('a run goes on with the threads it began with', async () => {
  const tiny = [
    '--preset',
    'smoke',
    '--data',
    'synthetic',
    '--limit',
    '32',
    '--batch',
    '16',
    '--epochs',
    '1',
  ];
  const where = ['--output', './threads', '--no-publish', '--backend', 'onnxruntime'];
  expect((await run('train', ...tiny, ...where, '--threads', '1')).code).toBe(0);
  expect(record('threads').threads).toBe(1);
  const other = await run('train', '--output', './threads', '--resume', '--threads', '2');
  expect(other.code).toBe(2);
  expect(other.error).toContain('was made with --threads 1, not 2, whose sums are rounded differently');
  const same = await run('train', '--output', './threads', '--resume', '--no-publish');
  expect(same.code).toBe(0);
  expect(same.out).not.toContain('differ');
});

describe.runIf(existsSync('/dev/full'))('a full disk', () => {
  it('ends the run in one sentence and keeps the last checkpoint', async () => {
    const child = start('train', [...TINY, '--output', './full', '--checkpoint-seconds', '0']);
    const ending = finished(child);
    await until(() => existsSync(recordPath(state('full'))) && record('full').trainer.step > 0);
    const blocked = `${recordPath(state('full'))}.part`;
    await until(() => {
      try {
        symlinkSync('/dev/full', blocked);
        return true;
      } catch {
        return false;
      }
    });
    const { code, error } = await ending;
    expect(code).toBe(1);
    expect(error).toMatch(
      /^.*checkpoint\.bin could not be written: the disk is full\..* The last good one is kept\.\n$/,
    );
    expect(record('full').trainer.step).toBeGreaterThan(0);
  });
});

describe('wrong input is one sentence and exit code 2', () => {
  const refused = async (args: string[], message: string | RegExp): Promise<void> => {
    const { code, error } = await run('train', ...args);
    expect(code).toBe(2);
    expect(error.trimEnd().split('\n')).toHaveLength(1);
    expect(error).toMatch(message);
  };

  it('a folder that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), 'in the way');
    await refused(
      [...TINY, '--output', './file/run'],
      /Cannot write into the folder .*: a file is in the way/,
    );
    await refused([...TINY, '--output', './new', '--state-dir', './file'], /a file is in the way/);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('in the way');
  });

  it('a folder that holds something else', async () => {
    mkdirSync(join(folder, 'photos'));
    writeFileSync(join(folder, 'photos', 'one.jpg'), '');
    await refused([...TINY, '--output', './photos'], 'The folder photos holds other files than a run');
    await refused([...TINY, '--output', './file'], 'file is a file');
    expect(readdirSync(join(folder, 'photos'))).toEqual(['one.jpg']);
  });

  it('a name that is none', async () => {
    await refused([...TINY, '--output', 'Ärmel'], 'cannot be the id of a run');
  });

  it('the name of the full recipe for another one', async () => {
    await refused(
      [...TINY, '--output', 'baseline'],
      /"baseline" is the report's recipe in full, this run departs/,
    );
  });

  it('nothing to resume', async () => {
    await refused([...TINY, '--output', './never', '--resume'], 'There is no checkpoint in never.state');
    expect(existsSync(state('never'))).toBe(false);
  });

  it('a damaged checkpoint', async () => {
    mkdirSync(state('damaged'));
    writeFileSync(recordPath(state('damaged')), 'FMREPORT and then something else');
    await refused([...TINY, '--output', './damaged', '--resume'], 'is not a whole checkpoint');
    await refused([...TINY, '--output', './damaged'], 'is not a whole checkpoint');
  });

  it('a batch that leaves one image over', async () => {
    await refused([...TINY, '--output', './odd', '--limit', '33'], 'Batches of 16 of 33 images leave one');
  });

  it('a backend that is not there', async () => {
    await refused(
      [...TINY, '--output', './gpu', '--backend', 'tensorflow-gpu'],
      /^The backend "tensorflow-gpu" .*@tensorflow\/tfjs-node-gpu/,
    );
  });

  it('a flag that is not known', async () => {
    await refused(['--epoch', '3'], `Unknown option '--epoch'`);
  });
});

describe('evaluate', () => {
  const spoil = async (name: string, change: (files: string) => void | Promise<void>): Promise<string> => {
    const path = join(folder, name);
    mkdirSync(path);
    for (const file of readdirSync(join(folder, 'whole'))) {
      writeFileSync(join(path, file), readFileSync(join(folder, 'whole', file)));
    }
    const metrics = JSON.parse(readFileSync(join(path, 'metrics.json'), 'utf8')) as Metrics;
    writeFileSync(join(path, 'metrics.json'), JSON.stringify({ ...metrics, id: name }));
    await change(path);
    return `./${name}`;
  };
  const edit = (path: string, change: (metrics: Metrics) => void): void => {
    const metrics = JSON.parse(readFileSync(path, 'utf8')) as Metrics;
    change(metrics);
    writeFileSync(path, JSON.stringify(metrics));
  };

  it('finds figures that do not follow from the weights', async () => {
    const id = await spoil('boasting', (path) =>
      edit(join(path, 'metrics.json'), (metrics) => {
        metrics.test.accuracy = 0.99;
        metrics.test.correct = 198;
      }),
    );
    const { code, out } = await run('evaluate', id);
    expect(code).toBe(1);
    expect(out).toMatch(/Test accuracy +198\/200 +\d+\/200 +DIFFERS/);
    // The card was written from the true ones.
    expect(out).toMatch(/3 of 18 figures differ\./);
  });

  it('names a broken file', async () => {
    const refused = async (id: string, message: RegExp): Promise<void> => {
      const { code, error } = await run('evaluate', id);
      expect({ code, error }).toEqual({ code: 2, error: expect.stringMatching(message) as string });
    };
    await refused(
      await spoil('short', (path) => {
        const bytes = readFileSync(join(path, 'weights.bin'));
        writeFileSync(join(path, 'weights.bin'), bytes.subarray(0, -10));
      }),
      /^weights\.bin of "short": it has \d+ bytes, metrics\.json names \d+: truncated\.\n$/,
    );
    await refused(
      await spoil('newer', (path) =>
        edit(join(path, 'metrics.json'), (metrics) => Object.assign(metrics, { schemaVersion: 3 })),
      ),
      /^metrics\.json of "newer": .*schemaVersion 3.*\n$/,
    );
    await refused(
      await spoil('foreign', async (path) => {
        // Weights and hash of one run, layers of another.
        const bytes = new Uint8Array(readFileSync(join(path, 'weights.bin')));
        const swapped = bytes.slice(0, -40);
        writeFileSync(join(path, 'weights.bin'), swapped);
        const hash = await sha256(swapped);
        edit(join(path, 'metrics.json'), (metrics) => {
          metrics.files['weights.bin'] = { bytes: swapped.length, sha256: hash };
        });
      }),
      /^weights\.bin of "foreign": it ends after .*: truncated or of another model\.\n$/,
    );
    await refused('./nowhere', /^There is no run "\.\/nowhere"/);
  });

  it('wants one run', async () => {
    expect(await run('evaluate')).toMatchObject({
      code: 2,
      error: expect.stringContaining('Name one run to evaluate') as string,
    });
  });
});

/** Numbers to four digits: no machine computes them to the last bit alike. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toFixed(4));
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rounded(part)]));
}
