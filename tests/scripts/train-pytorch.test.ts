import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonBytes } from '../../src/runs/publish.ts';
import { findTorch, trainInTorch } from '../../bench/pytorch/python.ts';
import {
  checkpointOf,
  checkTorchRecipe,
  sideBySide,
  type TorchBatch,
  type TorchEpoch,
  type TorchJob,
  type TorchMessage,
  type TorchStart,
} from '../../bench/pytorch/training.ts';
import { oneCycle } from '../../src/network/one-cycle.ts';
import { presets } from '../../src/training/presets.ts';
import { reportRecipe } from '../../src/training/recipe.ts';
import { bench } from './cli.ts';

const { folder, run } = bench();

const epoch = (number: number, figures: Partial<TorchEpoch> = {}): TorchEpoch => ({
  ...{ epoch: number, seconds: 1, learningRate: 0.001 },
  ...{ trainLoss: 0.6, trainAccuracy: 0.95, validationLoss: 0.65, validationAccuracy: 0.93 },
  ...figures,
});

const ignore = (): void => undefined;

/** Stands in for Python. */
function fakePython(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('the recipe', () => {
  const metrics = (recipe: object, data: 'fashion-mnist' | 'synthetic' = 'fashion-mnist') => ({
    id: 'some-run',
    data,
    recipe: recipe as Parameters<typeof checkTorchRecipe>[0]['recipe'],
  });

  it('may have fewer epochs or images, and another seed', () => {
    expect(() =>
      checkTorchRecipe(metrics({ ...reportRecipe, epochs: 2, limit: 100, batchSize: 32, seed: 7 })),
    ).not.toThrow();
  });

  it.each(['augment', 'long-tail', 'attention', 'fast'])('may not be that of %s', (name) => {
    expect(() => checkTorchRecipe(metrics(presets[name]!.recipe))).toThrow(
      /from which "some-run" departs \(.+\); name a run of that recipe, such as baseline\.$/,
    );
  });

  it('may not be for made-up images', () => {
    expect(() => checkTorchRecipe(metrics(reportRecipe, 'synthetic'))).toThrow('made-up images');
  });
});

describe('a checkpoint', () => {
  it('is gone on from by the training that wrote it, and by no other of its name', () => {
    const state = mkdtempSync(join(folder, 'state-'));
    const checkpoint = checkpointOf(state, { epochs: 2, limit: null });
    // Nothing is done yet, so nothing is in the way of another.
    checkpointOf(state, { epochs: 20, limit: null });
    writeFileSync(checkpoint, 'done');
    expect(checkpointOf(state, { epochs: 20, limit: null })).toBe(checkpoint);
    expect(() => checkpointOf(state, { epochs: 20, limit: 64 })).toThrow(
      /is that of another recipe; discard it and start over with --restart\.$/,
    );
  });
});

describe('the process', () => {
  it('is heard line by line', async () => {
    const messages: TorchMessage[] = [];
    const start = { torch: '2.0', device: 'CPU', epochsDone: [] };
    const batch = { batch: 0, batches: 1, loss: 2, accuracy: 0.1 };
    const lines = [start, batch, epoch(1)].map((line) => JSON.stringify(line));
    const python = fakePython('talks', lines.map((line) => `echo '${line}'`).join('\n'));
    expect(await trainInTorch(python, 'job.json', (message) => messages.push(message))).toBeNull();
    expect(messages).toEqual([start, batch, epoch(1)]);
  });

  it('may be interrupted', async () => {
    expect(await trainInTorch(fakePython('interrupted', 'exit 130'), 'job.json', ignore)).toBe(130);
  });

  it('says why it failed', async () => {
    const python = fakePython('fails', 'echo Traceback >&2\necho "MemoryError: no more" >&2\nexit 1');
    await expect(trainInTorch(python, 'job.json', ignore)).rejects.toThrow(
      /^PyTorch failed: MemoryError: no more$/,
    );
  });
});

it('sets the two courses beside each other', () => {
  const history = { epochs: [epoch(1, { validationAccuracy: 0.94 }), epoch(2)] } as Parameters<
    typeof sideBySide
  >[0]['history'];
  const lines = sideBySide(
    { id: 'baseline', history },
    { torch: '2.0', epochs: [epoch(1), epoch(2, { trainAccuracy: 0.96, validationLoss: 0.6 })] },
  );
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['', 'baseline', 'PyTorch 2.0', 'difference'],
    ['Training loss, epoch 2', '0.6000', '0.6000', '0.0000'],
    ['Training accuracy, epoch 2', '95.00%', '96.00%', '1.00 points'],
    ['Validation loss, epoch 2', '0.6500', '0.6000', '-0.0500'],
    ['Validation accuracy, epoch 2', '93.00%', '93.00%', '0.00 points'],
    ['Best validation accuracy', '94.00%', '93.00%', '-1.00 points'],
  ]);
});

it.each([
  [['baseline', 'best'], 'Name one run only'],
  [['nothing-of-the-kind'], 'There is no run "nothing-of-the-kind"'],
  [['fast'], '"fast" departs'],
  [['--seed', 'x'], '--seed takes a whole number'],
  [['--epochs', '3'], 'npm run train:pytorch -- --help'],
])('refuses %j with a sentence', async (args, sentence) => {
  const { code, error } = await run('train-pytorch', ...args);
  expect(error).toContain(sentence);
  expect(code).toBe(2);
});

const python = findTorch();

/** Slow: the whole network, in PyTorch. */
describe.skipIf(!python)('the script in PyTorch', { timeout: 120_000 }, () => {
  const images = 12;
  const file = (name: string, content: Uint8Array | Uint32Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const job = (checkpoint: string): TorchJob => ({
    files: {
      images: file(
        'images',
        Uint8Array.from({ length: images * 784 }, (_, i) => (i * 31) % 256),
      ),
      labels: file(
        'labels',
        Uint8Array.from({ length: images }, (_, i) => i % 10),
      ),
      train: file('train', Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7)),
      validation: file('validation', Uint32Array.of(8, 9, 10, 11)),
    },
    checkpoint: join(folder, checkpoint),
    ...{ epochs: 2, batchSize: 4, loggedBatches: 1, labelSmoothing: 0.1, weightDecay: 1e-4 },
    ...{ maxLearningRate: 0.01, seed: 1, threads: 1, mixedPrecision: false },
  });
  const trained = async (name: string, change: Partial<TorchJob> = {}, onEpoch?: () => void) => {
    const messages: TorchMessage[] = [];
    const path = join(folder, `${name}.json`);
    writeFileSync(path, jsonBytes({ ...job(`${name}.pt`), ...change }));
    const code = await trainInTorch(python!, path, (message) => {
      messages.push(message);
      if ('epoch' in message) onEpoch?.();
    });
    return { code, messages: messages as [TorchStart, ...(TorchBatch | TorchEpoch)[]] };
  };
  const losses = (messages: readonly unknown[]): unknown[] =>
    messages.map((message) => (message as Partial<TorchEpoch>).trainLoss).filter((loss) => loss);

  it("has the schedule of this project's trainer, and goes on from its last epoch to the same end", async () => {
    const whole = await trained('whole');
    expect(whole.code).toBeNull();
    const [{ torch, epochsDone }, ...rest] = whole.messages;
    expect(torch).toMatch(/^\d/);
    expect(epochsDone).toEqual([]);
    expect(rest.map((message) => Object.keys(message)[0])).toEqual([
      ...['batch', 'batch', 'epoch'],
      ...['batch', 'batch', 'epoch'],
    ]);
    [2, 4].forEach((step, i) => {
      const { learningRate } = rest[3 * i + 2] as TorchEpoch;
      expect(learningRate).toBeCloseTo(oneCycle(reportRecipe.schedule, step, 4).learningRate, 9);
    });
    expect(existsSync(join(folder, 'whole.pt'))).toBe(true);

    // Left after its first epoch.
    const left = trained('left', {}, () => {
      throw new Error('enough');
    });
    await expect(left).rejects.toThrow('enough');
    const [{ epochsDone: before }, ...after] = (await trained('left')).messages;
    expect(before).toHaveLength(1);
    expect(losses([...before, ...after])).toEqual(losses(rest));
  });

  it('refuses mixed precision where there is no GPU', async () => {
    const refused = trained('mixed', { mixedPrecision: true });
    // Where there is one, it trains.
    await refused.then(
      ({ messages }) => expect(messages[0].device).not.toBe('CPU'),
      (error: Error) => expect(error.message).toContain('leave --mixed-precision out'),
    );
  });
});
