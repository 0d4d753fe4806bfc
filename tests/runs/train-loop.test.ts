import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { splitOf, syntheticDataset } from '../../src/runs/dataset.ts';
import { RunLog } from '../../src/runs/run-log.ts';
import { Interrupted } from '../../src/runs/signals.ts';
import { trainToEnd } from '../../src/runs/train-loop.ts';
import { activateBackend } from '../../src/engines/node/choose.ts';
import { MemoryError } from '../../src/node/memory.ts';
import { initialise } from '../../src/network/initialise.ts';
import { Network } from '../../src/network/network.ts';
import { presets } from '../../src/training/presets.ts';
import type { Recipe } from '../../src/training/recipe-schema.ts';
import { Trainer } from '../../src/training/trainer.ts';

const recipe: Recipe = { ...presets['smoke']!.recipe, batchSize: 16, limit: 32 };
const quiet = { write: () => true, on: () => undefined, isTTY: false } as unknown as NodeJS.WriteStream;
const data = syntheticDataset();

let folder: string;
let log: RunLog;
const dispose: (() => void)[] = [];
beforeAll(() => activateBackend('cpu'));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loop-'));
  log = new RunLog(join(folder, 'train.log'), 0, quiet);
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => dispose.forEach((free) => free()));

function trainerOf(changed: Partial<Recipe>): Trainer {
  const own = { ...recipe, ...changed };
  const network = new Network(own.architecture, initialise(own.architecture, own.seed));
  const trainer = new Trainer({ network, recipe: own, data: data.train, split: splitOf(data, own.limit) });
  dispose.push(() => {
    trainer.dispose();
    network.dispose();
  });
  return trainer;
}

/** Runs the loop and notes after how many steps a checkpoint was written. */
async function run(
  trainer: Trainer,
  options: { checkpointSeconds?: number; stopAfter?: number; lost?: Promise<string> } = {},
): Promise<{ saves: number[]; signal: string | null }> {
  const saves: number[] = [];
  try {
    await trainToEnd({
      trainer,
      log,
      save: () => Promise.resolve(void saves.push(trainer.step)),
      checkpointSeconds: options.checkpointSeconds ?? 600,
      stopped: () => (trainer.step === options.stopAfter ? 'SIGINT' : null),
      lost: options.lost,
    });
    return { saves, signal: null };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { saves, signal: error.signal };
  }
}

describe('checkpoints are written', () => {
  it('before and after each validation', async () => {
    expect(await run(trainerOf({}))).toEqual({ saves: [2, 2, 4, 4], signal: null });
  });

  it('when it is time', async () => {
    expect((await run(trainerOf({}), { checkpointSeconds: 0 })).saves).toEqual([1, 2, 2, 3, 4, 4]);
  });

  it('when a signal ends the run', async () => {
    expect(await run(trainerOf({}), { stopAfter: 1 })).toEqual({ saves: [1], signal: 'SIGINT' });
  });
});

it('a loss that is not finite stops the run and says where', async () => {
  const schedule = { ...recipe.schedule, maxLearningRate: 1e30 };
  await expect(run(trainerOf({ schedule, epochs: 5 }))).rejects.toThrow(
    /^The loss is \S+ in epoch \d, batch \d \(after \d+ steps\): .* The last good checkpoint is kept/,
  );
});

it('the synthetic images are always the same, in ten classes', () => {
  expect(syntheticDataset()).toEqual(data);
  expect(data.train.images).toHaveLength(640 * 784);
  expect(new Set(data.test.labels).size).toBe(10);
});

describe('a failing step', () => {
  const failing = (error: Error): Trainer => {
    const trainer = trainerOf({});
    trainer.next = () => Promise.reject(error);
    return trainer;
  };

  it('on a GPU that is lost ends the run with a sentence, the checkpoint kept', async () => {
    const lost = new Promise<string>((resolve) => setTimeout(resolve, 20, 'the driver was reset'));
    await expect(run(failing(new Error('mapAsync was aborted')), { lost })).rejects.toMatchObject({
      exitCode: 1,
      message:
        'The GPU was lost after step 0 of 4 (the driver was reset). The last checkpoint is kept: continue from it with --resume.',
    });
  });

  it('is told as it is while the GPU is there', async () => {
    const lost = new Promise<string>(() => undefined);
    await expect(run(failing(new Error('something else')), { lost })).rejects.toThrow(/^something else$/);
  });

  it('for want of memory says what to do', async () => {
    await expect(run(failing(new MemoryError('5.0 GiB more are not available')))).rejects.toMatchObject({
      exitCode: 2,
      message:
        'There is too little memory for this network and batches of 16 images (5.0 GiB more are not available); choose a smaller --batch.',
    });
  });
});
