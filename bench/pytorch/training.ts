/** A training in PyTorch, in a process of its own, and its course beside that of a published run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Course } from '../../src/artifacts/pytorch-run.ts';
import { departuresText } from '../../src/artifacts/recipe-text.ts';
import type { History, Metrics } from '../../src/artifacts/schema.ts';
import { departures } from '../../src/training/recipe.ts';
import { UserError } from '../../src/node/errors.ts';
import { writeAtomically } from '../../src/node/files.ts';
import { percent } from '../../src/runs/log.ts';
import { shown } from '../../src/runs/places.ts';
import { jsonBytes } from '../../src/runs/publish.ts';
import { torchScript } from './python.ts';
import { alignColumns } from '../../src/node/table.ts';

/** What `torch/train.py` is told. */
export interface TorchJob {
  /** Bytes: images (28 × 28 each) and labels. Ids, 4 bytes each: of the images to train on and to validate on. */
  files: Record<'images' | 'labels' | 'train' | 'validation', string>;
  /** Written after each epoch; where it is there, the training goes on from it. */
  checkpoint: string;
  epochs: number;
  batchSize: number;
  /** Every so many batches one is told. */
  loggedBatches: number;
  labelSmoothing: number;
  maxLearningRate: number;
  weightDecay: number;
  seed: number;
  /** null: as many as PyTorch takes. */
  threads: number | null;
  mixedPrecision: boolean;
}

/** Where it computes, and what an earlier session has done. */
export interface TorchGreeting {
  torch: string;
  device: string;
  epochsDone: TorchEpoch[];
}

export interface TorchBatch {
  batch: number;
  batches: number;
  loss: number;
  accuracy: number;
}

export type TorchEpoch = Course['epochs'][number];

export interface TorchListener {
  onGreeting(greeting: TorchGreeting): void;
  onBatch(batch: TorchBatch): void;
  onEpoch(epoch: TorchEpoch): void;
}

/** What the script in PyTorch can be told; all else in it is the report's. */
const TOLD = ['epochs', 'batchSize', 'limit'];

/** @throws UserError unless the run's recipe is the report's, perhaps on fewer images or for fewer epochs */
export function checkTorchRecipe({ id, recipe, data }: Pick<Metrics, 'id' | 'recipe' | 'data'>): void {
  const others = departures(recipe).filter(({ setting }) => !TOLD.includes(setting));
  if (others.length > 0) {
    throw new UserError(
      `PyTorch is given the report's recipe, from which "${id}" departs (${departuresText(others)}); name a run of that recipe, such as baseline.`,
    );
  }
  if (data !== 'fashion-mnist')
    throw new UserError(`"${id}" was trained on made-up images; name a run on Fashion-MNIST.`);
}

/**
 * The file of a training's checkpoint. What it is told is noted beside it: two published runs of one name share a folder.
 * @param settings all that its course depends on
 * @throws UserError where the checkpoint there is that of a training that was told something else
 */
export function checkpointOf(folder: string, settings: object): string {
  const checkpoint = join(folder, 'checkpoint.pt');
  const note = join(folder, 'settings.json');
  const own = jsonBytes(settings);
  if (existsSync(checkpoint) && !(existsSync(note) && readFileSync(note).equals(own))) {
    throw new UserError(
      `The checkpoint in ${shown(folder)} is that of another recipe; discard it and start anew with --restart.`,
    );
  }
  writeAtomically(note, [own]);
  return checkpoint;
}

/**
 * Trains to the end.
 * @param jobFile holds a {@link TorchJob}
 * @returns the exit code of an interrupt, or null when it is finished
 * @throws UserError with what Python said last, when it failed
 */
export async function trainInTorch(
  python: string,
  jobFile: string,
  listener: TorchListener,
): Promise<number | null> {
  const child = spawn(python, torchScript('train.py', [jobFile]), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  // On Ctrl-C it is told by the terminal itself; this process only waits for it.
  const wait = (): void => undefined;
  const pass = (): void => void child.kill('SIGINT');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line) as TorchGreeting | TorchBatch | TorchEpoch;
      if ('torch' in message) listener.onGreeting(message);
      else if ('batch' in message) listener.onBatch(message);
      else listener.onEpoch(message);
    }
    const [code, signal] = await ended;
    if (code === 0) return null;
    if (code === 130 || signal === 'SIGINT') return 130;
    throw new UserError(`PyTorch ended early: ${complaint.trim().split('\n').at(-1) || (signal ?? code)}`, 1);
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', pass);
    child.kill();
  }
}

/** The last epochs and the best ones of a published run and of PyTorch's, as lines. */
export function sideBySide(
  { id, history }: { id: string; history: Pick<History, 'epochs'> },
  torch: Pick<Course, 'torch' | 'epochs'>,
): string[] {
  const [ours, theirs] = [history.epochs.at(-1)!, torch.epochs.at(-1)!];
  const best = (epochs: readonly { validationAccuracy: number | null }[]): number =>
    Math.max(...epochs.map(({ validationAccuracy }) => validationAccuracy ?? 0));
  const loss = { of: (value: number) => value.toFixed(4), between: (value: number) => value.toFixed(4) };
  const accuracy = {
    of: (value: number) => percent(value, 2),
    between: (value: number) => `${(100 * value).toFixed(2)} points`,
  };
  const row = (name: string, one: number | null, other: number, format: typeof loss): string[] => [
    name,
    one === null ? '–' : format.of(one),
    format.of(other),
    one === null ? '–' : format.between(other - one),
  ];
  return alignColumns(
    [
      ['', id, `PyTorch ${torch.torch}`, 'difference'],
      row(`Training loss, epoch ${ours.epoch}`, ours.trainLoss, theirs.trainLoss, loss),
      row(`Training accuracy, epoch ${ours.epoch}`, ours.trainAccuracy, theirs.trainAccuracy, accuracy),
      row(`Validation loss, epoch ${ours.epoch}`, ours.validationLoss, theirs.validationLoss, loss),
      row(
        `Validation accuracy, epoch ${ours.epoch}`,
        ours.validationAccuracy,
        theirs.validationAccuracy,
        accuracy,
      ),
      row('Best validation accuracy', best(history.epochs), best(torch.epochs), accuracy),
    ],
    '<>>>',
  );
}
