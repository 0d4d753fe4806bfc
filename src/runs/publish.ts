/** From the best epoch's weights to the files of `public/models/<id>/`. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sum } from 'd3';
import { modelCard } from '../artifacts/card.ts';
import { type EnsembleMetrics, isEnsemble, parseEnsemble } from '../artifacts/ensemble.ts';
import { ArtifactError, sha256 } from '../artifacts/integrity.ts';
import { type KernelType, readLayersModel, writeLayersModel } from '../artifacts/layers-model.ts';
import { encodePredictions } from '../artifacts/predictions.ts';
import {
  type Confusion,
  type History,
  type Index,
  type Metrics,
  parseConfusion,
  parseHistory,
  parseIndex,
  parseMetrics,
  VERSIONS,
} from '../artifacts/schema.ts';
import { CLASS_COUNT } from '../data/dataset.ts';
import { type Architecture, countParameters, type Weights } from '../network/architecture.ts';
import { confusionMatrix } from '../evaluation/metrics.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../network/preprocess.ts';
import type { TrainingState } from '../training/trainer.ts';
import { UserError } from '../node/errors.ts';
import { writeAtomically, writeFailure } from '../node/files.ts';
import { type Evaluation, testFigures, validationFigures } from './evaluation.ts';
import { MODELS, publishedIds, shown } from './run-folders.ts';

/** Batches between two that are logged; the report's log prints every fiftieth. */
export const LOGGED_BATCHES = 50;

/** The names of a model's files, and how its kernels are stored in them. */
interface ModelForm {
  model: string;
  weights: string;
  kernels: KernelType;
}

/** What every run publishes. */
export const PUBLISHED_FORM: ModelForm = { model: 'model.json', weights: 'weights.bin', kernels: 'float16' };

/** The model's files, and its weights as they are once loaded from them. */
export function encodeLayersModel(
  architecture: Architecture,
  weights: Weights,
  form: ModelForm,
): { files: Record<string, Uint8Array<ArrayBuffer>>; published: Weights } {
  const { json, bytes } = writeLayersModel(architecture, weights, {
    mean: PIXEL_MEAN,
    deviation: PIXEL_DEVIATION,
    kernels: form.kernels,
    weightsFile: form.weights,
  });
  return {
    files: { [form.model]: jsonBytes(json), [form.weights]: bytes },
    published: readLayersModel(architecture, form.model, json, { [form.weights]: bytes.buffer }),
  };
}

export function makeHistory(id: string, state: TrainingState, stepsPerEpoch: number): History {
  return parseHistory(id, {
    schemaVersion: VERSIONS.history,
    stepsPerEpoch,
    epochs: state.epochs,
    batches: state.batches
      .map(({ loss, accuracy }, step) => ({
        epoch: Math.floor(step / stepsPerEpoch) + 1,
        batch: step % stepsPerEpoch,
        loss,
        accuracy,
      }))
      .filter(({ batch }) => batch % LOGGED_BATCHES === 0),
  });
}

export function makeConfusion(id: string, labels: Uint8Array, predicted: Uint8Array): Confusion {
  const ids = new Map<number, number[]>();
  labels.forEach((label, image) => {
    const cell = label * CLASS_COUNT + predicted[image]!;
    ids.set(cell, [...(ids.get(cell) ?? []), image]);
  });
  return parseConfusion(id, {
    schemaVersion: VERSIONS.confusion,
    matrix: confusionMatrix(labels, predicted, CLASS_COUNT),
    cells: [...ids]
      .map(([cell, images]) => ({
        true: Math.floor(cell / CLASS_COUNT),
        predicted: cell % CLASS_COUNT,
        ids: images,
      }))
      .filter((cell) => cell.true !== cell.predicted)
      .sort((a, b) => a.true - b.true || a.predicted - b.predicted),
  });
}

/** What `metrics.json` holds beyond what the training and the evaluations give. */
type RunFacts = Pick<
  Metrics,
  | 'id'
  | 'preset'
  | 'variation'
  | 'departures'
  | 'data'
  | 'recipe'
  | 'seeds'
  | 'backend'
  | 'machine'
  | 'versions'
  | 'sessions'
  | 'testSetReads'
  | 'sources'
>;

export function makeMetrics(
  facts: RunFacts,
  { epochs, best }: TrainingState,
  trainedImages: number,
  evaluated: {
    validation: Evaluation | null;
    /** On the validation images as training shows images. */
    variedValidation: Evaluation | null;
    test: Evaluation;
    /** The same weights before they were rounded to half precision. */
    float32: Evaluation;
    labels: Uint8Array;
  },
): Metrics {
  const { validation, variedValidation, test, float32, labels } = evaluated;
  const seconds = sum(epochs, (epoch) => epoch.seconds);
  const { commit, dirty } = facts.sessions[0]!;
  return parseMetrics(facts.id, {
    schemaVersion: VERSIONS.metrics,
    ...facts,
    source: { commit, dirty },
    finishedAt: new Date().toISOString(),
    parameterCount: countParameters(facts.recipe.architecture),
    epochs: epochs.length,
    bestEpoch: best!.epoch,
    validation: validation && validationFigures(validation),
    ...(variedValidation && { variedValidation: validationFigures(variedValidation) }),
    ...testFigures(test, labels),
    time: {
      seconds,
      secondsPerEpoch: seconds / epochs.length,
      imagesPerSecond: (trainedImages * epochs.length) / sum(epochs, (epoch) => epoch.trainSeconds),
    },
    float16: {
      flips: test.predicted.filter((predicted, i) => predicted !== float32.predicted[i]).length,
      accuracyFloat32: float32.accuracy,
      accuracyFloat16: test.accuracy,
    },
    files: {},
  } satisfies Metrics);
}

/**
 * All files of a run or an ensemble, `metrics.json` with the hashes of the others.
 * @param test the evaluation on the test images, which have these labels
 * @param others files that only one of the two has
 */
export async function publishedFiles(
  metrics: Metrics | EnsembleMetrics,
  test: Evaluation,
  labels: Uint8Array,
  others: Record<string, Uint8Array<ArrayBuffer>> = {},
): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const files = {
    ...others,
    'confusion.json': jsonBytes(makeConfusion(metrics.id, labels, test.predicted)),
    'predictions.bin': new Uint8Array(encodePredictions(test.probabilities, CLASS_COUNT).buffer),
    'card.md': new TextEncoder().encode(modelCard(metrics)),
  };
  return { ...files, 'metrics.json': jsonBytes({ ...metrics, files: await hashesOf(files) }) };
}

export async function hashesOf(files: Record<string, Uint8Array<ArrayBuffer>>): Promise<Metrics['files']> {
  const hashes: Metrics['files'] = {};
  for (const [name, bytes] of Object.entries(files)) {
    hashes[name] = { bytes: bytes.byteLength, sha256: await sha256(bytes) };
  }
  return hashes;
}

/**
 * Puts a folder of files into place: written beside it, then renamed. A folder that was there is replaced as a whole.
 * @throws UserError when it cannot be written; what was there is then kept.
 */
export function placeFolder(folder: string, files: Record<string, Uint8Array>): void {
  const aside = join(dirname(folder), `.${basename(folder)}.part`);
  const old = join(dirname(folder), `.${basename(folder)}.old`);
  try {
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { recursive: true });
    for (const [name, bytes] of Object.entries(files))
      writeFileSync(join(aside, name), bytes, { flush: true });
    if (existsSync(folder)) {
      rmSync(old, { recursive: true, force: true });
      renameSync(folder, old);
    }
    try {
      renameSync(aside, folder);
    } catch (error) {
      if (existsSync(old)) renameSync(old, folder);
      throw error;
    }
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw new UserError(writeFailure(shown(folder), error), 1);
  }
}

/** The content of a folder's `metrics.json`, unchecked; null where it is missing or no JSON, which no schema accepts. */
export function readMetricsFile(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8')) as unknown;
  } catch {
    return null;
  }
}

/**
 * `index.json` of a folder of runs, made anew from the runs that are there.
 * @throws ArtifactError when one of them is broken.
 */
export function makeIndex(models: string): Index {
  const published = publishedIds(models).map((id) => {
    const content = readMetricsFile(join(models, id));
    return isEnsemble(content) ? parseEnsemble(id, content) : parseMetrics(id, content);
  });
  const entry = ({ id, preset, variation, test, finishedAt }: (typeof published)[number]) => ({
    ...{ id, preset, variation, testAccuracy: test.accuracy, finishedAt },
  });
  const ensembles = published.filter((metrics) => 'kind' in metrics);
  return parseIndex({
    schemaVersion: VERSIONS.index,
    models: published.flatMap((metrics) =>
      'kind' in metrics ? [] : [{ ...entry(metrics), departures: metrics.departures }],
    ),
    ...(ensembles.length > 0 && { ensembles: ensembles.map(entry) }),
  });
}

/** Lists what is published. @throws UserError when one of the runs is broken */
export function updateIndex(): void {
  try {
    writeAtomically(join(MODELS, 'index.json'), [jsonBytes(makeIndex(MODELS))]);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    throw new UserError(
      `The run is published, but index.json could not be written because another run is broken: ${error.message}.`,
      1,
    );
  }
}

/** JSON to be read by people too: indented, but lists of numbers on one line. */
export function jsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(value, null, 1).replace(
    /\[\n\s*([-+\d.eE,\s]+?)\n\s*\]/g,
    (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`,
  );
  return new TextEncoder().encode(`${text}\n`);
}
