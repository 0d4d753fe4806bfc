/** Published runs that another run learns from: those whose weights it begins with, and its teachers. */
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { isEnsemble } from '../artifacts/ensemble.ts';
import { readMetrics, readUnverified, readWeights, readWeightsHash } from '../artifacts/run.ts';
import { type Metrics } from '../artifacts/schema.ts';
import { CLASS_COUNT } from '../data/dataset.ts';
import { type Architecture, classCount, type Weights, weightSpecs } from '../network/architecture.ts';
import { FoldedNetwork } from '../network/fold.ts';
import type { TrainerOptions } from '../training/trainer.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
import { UserError } from '../node/errors.ts';
import { predict } from './evaluation.ts';
import { findPublished } from './run-folders.ts';
import { folderReader, shown } from '../node/files.ts';
import type { Plan } from './plan.ts';

/** A published network. */
export interface Source {
  /** As it is named: an id, or a path. */
  name: string;
  folder: string;
  metrics: Metrics;
  weights: Weights;
  /** SHA-256 of its weight files, one after another. */
  hash: string;
}

/** @throws UserError when there is no such run, or it is no network; ArtifactError when it is broken */
export async function readSource(name: string): Promise<Source> {
  const place = findPublished(name);
  const read = folderReader(place.output);
  if (isEnsemble(await readUnverified(place.id, 'metrics.json', read))) {
    throw new UserError(
      `"${name}" is an ensemble, which has no weights of its own; name one of its members.`,
    );
  }
  const metrics = await readMetrics(place.id, read);
  const weights = await readWeights(metrics.recipe.architecture, metrics, read);
  return { name, folder: place.output, metrics, weights, hash: await readWeightsHash(metrics, read) };
}

/**
 * The runs that a plan learns from, by the names it gives them.
 * @throws UserError when one of them will not do; ArtifactError when it is broken
 */
export async function readSources({ recipe, data }: Plan): Promise<Map<string, Source>> {
  const { from, distillation, architecture, allImages } = recipe;
  const sources = new Map<string, Source>();
  for (const name of new Set([...(from === undefined ? [] : [from]), ...(distillation?.teachers ?? [])])) {
    const source = await readSource(name);
    if (source.metrics.data !== data) {
      throw new UserError(`"${name}" was trained on ${source.metrics.data}, this run is to be on ${data}.`);
    }
    if (!source.metrics.validation && !allImages) {
      throw new UserError(
        `"${name}" was trained on the validation images, so a run that learns from it cannot be judged by them; add --all-images, or learn from another run.`,
      );
    }
    sources.set(name, source);
  }
  if (from !== undefined && !fits(architecture, sources.get(from)!.weights)) {
    throw new UserError(
      `"${from}" has another network than this run, so its weights are no beginning for it.`,
    );
  }
  for (const name of distillation?.teachers ?? []) {
    const classes = classCount(sources.get(name)!.metrics.recipe.architecture);
    const own = classCount(architecture);
    if (classes !== own) {
      throw new UserError(`"${name}" knows ${classes} classes and this run ${own}; it cannot teach it.`);
    }
  }
  return sources;
}

function fits(architecture: Architecture, weights: Weights): boolean {
  const specs = weightSpecs(architecture);
  return (
    specs.length === Object.keys(weights).length &&
    specs.every(({ name, shape }) => weights[name]?.shape.join() === shape.join())
  );
}

/** By name, for the record of a run. */
export const weightHashes = (sources: Iterable<Source>): Record<string, string> =>
  Object.fromEntries(Array.from(sources, ({ name, hash }) => [name, hash]));

/** @throws UserError when a run was replaced by another since a training began to learn from it */
export function checkSameSources(
  state: string,
  began: Readonly<Record<string, string>>,
  sources: ReadonlyMap<string, Source>,
): void {
  for (const [name, { hash }] of sources) {
    if (began[name] !== hash) {
      throw new UserError(
        `The run "${name}", from which the one in ${shown(state)} learns, was replaced by another meanwhile; start over with --restart.`,
      );
    }
  }
}

/** The mean of what these networks predict for a batch, [n × classes]. The networks stay in memory to the end. */
export function teacherOf(teachers: readonly Source[]): NonNullable<TrainerOptions['teach']> {
  const networks = teachers.map(
    ({ metrics, weights }) => new FoldedNetwork(metrics.recipe.architecture, weights),
  );
  return async (images) => {
    const mean = tf.tidy(() => {
      const [first, ...others] = networks.map((network) => network.probabilities(images));
      return tf.div(
        others.reduce((sum, probabilities) => tf.add(sum, probabilities), first!),
        networks.length,
      );
    });
    try {
      return await mean.data();
    } finally {
      mean.dispose();
    }
  };
}

/**
 * What the teachers predict for images: the mean of their probabilities, [all images × 10], zero for those that are left
 * out. It is computed once and kept in the state folder, since it takes minutes.
 * @param indices of the images that they classify
 */
export async function teach(
  teachers: readonly Source[],
  pixels: Uint8Array,
  images: number,
  indices: ArrayLike<number>,
  backend: string,
  state: string,
  progress: (teacher: string, share: number) => void | Promise<void>,
): Promise<Float32Array> {
  const path = join(state, 'teachers.bin');
  const lesson = { teachers: weightHashes(teachers), backend, images: indices.length };
  const kept = readCheckpoint(path) as (typeof lesson & { probabilities: Float32Array }) | null;
  if (kept) {
    const { probabilities, ...other } = kept;
    if (JSON.stringify(other) === JSON.stringify(lesson)) return probabilities;
  }
  const probabilities = new Float32Array(images * CLASS_COUNT);
  for (const { name, metrics, weights } of teachers) {
    const predicted = await predict(metrics.recipe.architecture, weights, pixels, indices, (share) =>
      progress(name, share),
    );
    predicted.forEach((probability, i) => {
      const image = indices[Math.floor(i / CLASS_COUNT)]!;
      probabilities[image * CLASS_COUNT + (i % CLASS_COUNT)]! += probability / teachers.length;
    });
  }
  writeCheckpoint(path, { ...lesson, probabilities });
  return probabilities;
}
