/** From the best epoch's weights to the files of `public/models/<id>/`. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { modelCard } from '../artifacts/card.ts';
import { type EnsembleMetrics, isEnsemble, parseEnsemble } from '../artifacts/ensemble.ts';
import { sha256 } from '../artifacts/integrity.ts';
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
import { CLASS_COUNT } from '../data/classes.ts';
import { type Architecture, countParameters, type Weights } from '../network/architecture.ts';
import { classify } from '../network/classify.ts';
import { FoldedNetwork } from '../network/fold.ts';
import {
  classificationReport,
  confusionMatrix,
  countCorrect,
  predictedClasses,
  smoothedCrossEntropy,
} from '../evaluation/metrics.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../network/preprocess.ts';
import type { TrainingData, TrainingState } from '../training/trainer.ts';
import { UserError } from '../node/errors.ts';
import { writeFailure } from '../node/files.ts';
import { publishedIds, shown } from './run-folders.ts';

/** Batches between two that are logged; the report's log prints every fiftieth. */
export const LOGGED_BATCHES = 50;

/** Figures of a network on a set of images. */
export interface Judgement {
  /** [images × 10], row by row. */
  probabilities: Float64Array;
  predicted: Uint8Array;
  loss: number;
  correct: number;
  accuracy: number;
  images: number;
}

/** Puts images through a network as it is used. @param indices which of them; all when left out */
export async function judge(
  architecture: Architecture,
  weights: Weights,
  data: TrainingData,
  labelSmoothing: number,
  indices: ArrayLike<number> = Uint32Array.from(data.labels.keys()),
  progress?: (share: number) => void | Promise<void>,
): Promise<Judgement> {
  const network = new FoldedNetwork(architecture, weights);
  try {
    const images = indices.length;
    const probabilities = await classify(network, data.images, indices, (done) => progress?.(done / images));
    return judgement(
      probabilities,
      Uint8Array.from(indices, (index) => data.labels[index]!),
      labelSmoothing,
    );
  } finally {
    network.dispose();
  }
}

/** The figures of probabilities, [images × 10]. */
export function judgement(
  probabilities: Float64Array,
  labels: Uint8Array,
  labelSmoothing: number,
): Judgement {
  const images = labels.length;
  const predicted = predictedClasses(probabilities, CLASS_COUNT);
  const correct = countCorrect(labels, predicted);
  const loss = smoothedCrossEntropy(probabilities, labels, CLASS_COUNT, labelSmoothing);
  return { probabilities, predicted, loss, correct, accuracy: correct / images, images };
}

/** How a model's files are called, and how its kernels are stored in them. */
interface ModelForm {
  model: string;
  weights: string;
  kernels: KernelType;
}

/** What every run publishes. */
export const PUBLISHED_FORM: ModelForm = { model: 'model.json', weights: 'weights.bin', kernels: 'float16' };

/** The model's files, and its weights as whoever loads them has them. */
export function encodeModel(
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

/** What `metrics.json` says beyond what the training and the judgements give. */
export type RunFacts = Pick<
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
  architecture: Architecture,
  state: TrainingState,
  trainedImages: number,
  judged: {
    validation: Judgement | null;
    /** On the validation images as training shows images. */
    variedValidation: Judgement | null;
    test: Judgement;
    /** The same weights before they were rounded to half precision. */
    float32: Judgement;
    labels: Uint8Array;
  },
): Metrics {
  const { epochs, best } = state;
  const { validation, variedValidation, test, float32, labels } = judged;
  const { classes, macro, weighted } = classificationReport(
    confusionMatrix(labels, test.predicted, CLASS_COUNT),
  );
  const total = (of: (epoch: (typeof epochs)[number]) => number): number =>
    epochs.reduce((sum, epoch) => sum + of(epoch), 0);
  const seconds = total((epoch) => epoch.seconds);
  const { commit, dirty } = facts.sessions[0]!;
  return parseMetrics(facts.id, {
    schemaVersion: VERSIONS.metrics,
    ...facts,
    source: { commit, dirty },
    finishedAt: new Date().toISOString(),
    parameterCount: countParameters(architecture),
    epochs: epochs.length,
    bestEpoch: best!.epoch,
    validation: validation && setFigures(validation),
    ...(variedValidation && { variedValidation: setFigures(variedValidation) }),
    test: { loss: test.loss, accuracy: test.accuracy, correct: test.correct, images: test.images },
    report: { classes, macro, weighted },
    time: {
      seconds,
      secondsPerEpoch: seconds / epochs.length,
      imagesPerSecond: (trainedImages * epochs.length) / total((epoch) => epoch.trainSeconds),
    },
    float16: {
      flips: test.predicted.reduce(
        (sum, predicted, i) => sum + Number(predicted !== float32.predicted[i]),
        0,
      ),
      accuracyFloat32: float32.accuracy,
      accuracyFloat16: test.accuracy,
    },
    files: {},
  } satisfies Metrics);
}

const setFigures = ({ loss, accuracy, images }: Judgement): NonNullable<Metrics['validation']> => ({
  loss,
  accuracy,
  images,
});

/** All files of a run, `metrics.json` with the hashes of the others. */
export async function runFiles(
  metrics: Metrics,
  parts: {
    model: Record<string, Uint8Array<ArrayBuffer>>;
    history: History;
    confusion: Confusion;
    probabilities: Float64Array;
    log: Uint8Array<ArrayBuffer>;
  },
): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {
    ...parts.model,
    'history.json': jsonBytes(parts.history),
    'confusion.json': jsonBytes(parts.confusion),
    'predictions.bin': new Uint8Array(encodePredictions(parts.probabilities, CLASS_COUNT).buffer),
    'train.log': parts.log,
    'card.md': new TextEncoder().encode(modelCard(metrics)),
  };
  const hashes = await hashesOf(files);
  return { ...files, 'metrics.json': jsonBytes(parseMetrics(metrics.id, { ...metrics, files: hashes })) };
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

/**
 * `index.json` of a folder of runs, made anew from the runs that are there.
 * @throws ArtifactError when one of them is broken.
 */
export function makeIndex(models: string): Index {
  const contents = publishedIds(models).map((name) => {
    let content: unknown = null;
    try {
      content = JSON.parse(readFileSync(join(models, name, 'metrics.json'), 'utf8'));
    } catch {
      // parseMetrics says what is wrong with null.
    }
    return { name, content };
  });
  const ensembles = contents
    .filter(({ content }) => isEnsemble(content))
    .map(({ name, content }) => parseEnsemble(name, content));
  const runs = contents
    .filter(({ content }) => !isEnsemble(content))
    .map(({ name, content }) => parseMetrics(name, content));
  const entry = ({ id, preset, variation, test, finishedAt }: Metrics | EnsembleMetrics) => ({
    id,
    preset,
    variation,
    testAccuracy: test.accuracy,
    finishedAt,
  });
  return parseIndex({
    schemaVersion: VERSIONS.index,
    models: runs.map((metrics) => ({ ...entry(metrics), departures: metrics.departures })),
    ...(ensembles.length > 0 && { ensembles: ensembles.map(entry) }),
  });
}

/** JSON to be read by people too: indented, but lists of numbers on one line. */
export function jsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(value, null, 1).replace(
    /\[\n\s*([-+\d.eE,\s]+?)\n\s*\]/g,
    (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`,
  );
  return new TextEncoder().encode(`${text}\n`);
}
