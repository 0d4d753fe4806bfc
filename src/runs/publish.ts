/** From the best epoch's weights to the files of `public/models/<id>/`. */
import { join } from 'node:path';
import { cardFiles } from '../artifacts/card.ts';
import { type EnsembleMetrics, isEnsemble, parseEnsemble } from '../artifacts/ensemble.ts';
import { ArtifactError } from '../artifacts/integrity.ts';
import { sha256 } from '../math/arrays.ts';
import { readLayersModel, writeLayersModel } from '../artifacts/layers-model.ts';
import { encodePredictions } from '../artifacts/predictions.ts';
import {
  type Confusion,
  type Index,
  type Metrics,
  parseConfusion,
  parseIndex,
  parseMetrics,
  VERSIONS,
} from '../artifacts/schema.ts';
import { CLASS_COUNT } from '../data/dataset.ts';
import type { Architecture, Weights } from '../network/architecture.ts';
import { confusionCells, confusionMatrix } from '../evaluation/metrics.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../network/preprocess.ts';
import { UserError } from '../node/errors.ts';
import { writeAtomically } from '../node/files.ts';
import type { Evaluation } from './evaluation.ts';
import { MODELS, publishedIds, readMetricsFile } from './run-folders.ts';

/** The names of a model's files, by the type in which its kernels are stored; float16 is what every run publishes. */
export const MODEL_FILES = {
  float16: { model: 'model.json', weights: 'weights.bin' },
  uint8: { model: 'model-8bit.json', weights: 'weights-8bit.bin' },
} as const;

/** The model's files, and its weights as they are once loaded from them. */
export function encodeLayersModel(
  architecture: Architecture,
  weights: Weights,
  kernels: keyof typeof MODEL_FILES,
): { files: Record<string, Uint8Array<ArrayBuffer>>; published: Weights } {
  const names = MODEL_FILES[kernels];
  const { json, bytes } = writeLayersModel(architecture, weights, {
    mean: PIXEL_MEAN,
    deviation: PIXEL_DEVIATION,
    kernels,
    weightsFile: names.weights,
  });
  return {
    files: { [names.model]: jsonBytes(json), [names.weights]: bytes },
    published: readLayersModel(architecture, names.model, json, { [names.weights]: bytes.buffer }),
  };
}

/** The test images by true and by predicted class. */
export function makeConfusion(id: string, labels: Uint8Array, predicted: Uint8Array): Confusion {
  return parseConfusion(id, {
    schemaVersion: VERSIONS.confusion,
    matrix: confusionMatrix(labels, predicted, CLASS_COUNT),
    cells: confusionCells(labels, predicted, CLASS_COUNT)
      .filter((cell) => cell.true !== cell.predicted)
      .toSorted((a, b) => a.true - b.true || a.predicted - b.predicted),
  });
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
    ...(await cardFiles(metrics)),
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
    writeAtomically(join(MODELS, 'index.json'), jsonBytes(makeIndex(MODELS)));
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
