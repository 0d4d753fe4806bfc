/** A published run's recipe trained in PyTorch, in a separate process, and its history beside that of the run. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PyTorchRun } from '../../src/artifacts/pytorch-run.ts';
import { departuresText } from '../../src/artifacts/recipe-text.ts';
import type { History, Metrics } from '../../src/artifacts/schema.ts';
import { loadDataset, splitOf } from '../../src/runs/dataset.ts';
import { departures } from '../../src/training/recipe.ts';
import { UserError } from '../../src/node/errors.ts';
import { shown, writeAtomically } from '../../src/node/files.ts';
import { alignColumns, percent } from '../../src/node/terminal.ts';
import { jsonBytes } from '../../src/runs/publish.ts';

/** What `train.py` reads. */
export interface TorchJob {
  /** Paths. Images (28×28) and labels in bytes; ids, 4 bytes each, of the images to train and to validate on. */
  files: Record<'images' | 'labels' | 'train' | 'validation', string>;
  /** Written after each epoch; if it exists, training resumes from it. */
  checkpoint: string;
  epochs: number;
  batchSize: number;
  /** One batch in so many is logged. */
  loggedBatches: number;
  labelSmoothing: number;
  maxLearningRate: number;
  weightDecay: number;
  seed: number;
  /** null: PyTorch decides. */
  threads: number | null;
  mixedPrecision: boolean;
}

/** The first line of `train.py`: what it computes on, and the epochs of an earlier session. */
export interface TorchStart {
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

export type TorchEpoch = PyTorchRun['epochs'][number];
export type TorchMessage = TorchStart | TorchBatch | TorchEpoch;

/** The settings that `train.py` takes; everything else in it is the report's. */
const SETTINGS = ['epochs', 'batchSize', 'limit'];

/** @throws UserError unless the run's recipe is the report's, perhaps on fewer images or for fewer epochs */
export function checkTorchRecipe({ id, recipe, data }: Pick<Metrics, 'id' | 'recipe' | 'data'>): void {
  const others = departures(recipe).filter(({ setting }) => !SETTINGS.includes(setting));
  if (others.length > 0) {
    throw new UserError(
      `PyTorch is given the report's recipe, from which "${id}" departs (${departuresText(others)}); name a run of that recipe, such as baseline.`,
    );
  }
  if (data !== 'fashion-mnist')
    throw new UserError(`"${id}" was trained on made-up images; name a run on Fashion-MNIST.`);
}

/**
 * The path of a training's checkpoint. Its settings are kept beside it, since runs of one name share a folder.
 * @param settings everything that decides the outcome
 * @throws UserError if there is a checkpoint of other settings
 */
export function checkpointOf(folder: string, settings: object): string {
  const checkpoint = join(folder, 'checkpoint.pt');
  const settingsFile = join(folder, 'settings.json');
  const content = jsonBytes(settings);
  if (existsSync(checkpoint) && !(existsSync(settingsFile) && readFileSync(settingsFile).equals(content))) {
    throw new UserError(
      `The checkpoint in ${shown(folder)} is that of another recipe; discard it and start over with --restart.`,
    );
  }
  writeAtomically(settingsFile, content);
  return checkpoint;
}

/** Writes a run's images below `folder`, as `train.py` reads them. @returns their paths */
export async function writeImages(
  folder: string,
  { recipe, data: name }: Pick<Metrics, 'recipe' | 'data'>,
): Promise<TorchJob['files']> {
  const data = await loadDataset(name);
  const { train, validation } = splitOf(data, recipe.limit);
  const contents: Record<keyof TorchJob['files'], Uint8Array | Uint32Array> = {
    images: data.train.images,
    labels: data.train.labels,
    train: Uint32Array.from(train),
    validation: Uint32Array.from(validation),
  };
  const names = Object.keys(contents) as (keyof TorchJob['files'])[];
  for (const name of names) await writeFile(join(folder, name), contents[name]);
  return Object.fromEntries(names.map((name) => [name, join(folder, name)])) as TorchJob['files'];
}

/** The last and the best epochs of a published run and of PyTorch's training, as lines of a table. */
export function sideBySide(
  { id, history }: { id: string; history: Pick<History, 'epochs'> },
  torch: Pick<PyTorchRun, 'torch' | 'epochs'>,
): string[] {
  const [ours, theirs] = [history.epochs.at(-1)!, torch.epochs.at(-1)!];
  const best = (epochs: readonly { validationAccuracy: number | null }[]): number =>
    Math.max(...epochs.map(({ validationAccuracy }) => validationAccuracy ?? 0));
  const row = (name: string, one: number | null, other: number): string[] => {
    const isLoss = name.includes('loss');
    const format = (value: number): string => (isLoss ? value.toFixed(4) : percent(value, 2));
    const difference = (value: number): string =>
      isLoss ? value.toFixed(4) : `${(100 * value).toFixed(2)} points`;
    return one === null
      ? [name, '–', format(other), '–']
      : [name, format(one), format(other), difference(other - one)];
  };
  const lastEpoch = [
    ['Training loss', 'trainLoss'],
    ['Training accuracy', 'trainAccuracy'],
    ['Validation loss', 'validationLoss'],
    ['Validation accuracy', 'validationAccuracy'],
  ] as const;
  return alignColumns(
    [
      ['', id, `PyTorch ${torch.torch}`, 'difference'],
      ...lastEpoch.map(([name, key]) => row(`${name}, epoch ${ours.epoch}`, ours[key], theirs[key])),
      row('Best validation accuracy', best(history.epochs), best(torch.epochs)),
    ],
    '<>>>',
  );
}
