/**
 * A published run as a whole: each file parsed, and compared with the hash in its metrics. The caller decides where the
 * bytes come from, a disk or the network.
 */
import type { Architecture, Weights } from '../network/architecture.ts';
import { ArtifactError, verifyFile } from './integrity.ts';
import { decodeFloat16 } from './float16.ts';
import { readLayersModel, weightFiles } from './layers-model.ts';
import {
  type Confusion,
  type History,
  type Metrics,
  parseConfusion,
  parseHistory,
  parseMetrics,
} from './schema.ts';
import { CLASS_COUNT } from '../data/dataset.ts';

/** Written after the run, by `npm run evaluate:drawings` and `npm run train:pytorch -- --publish`. */
export const DRAWINGS_FILE = 'drawings.json';
export const PYTORCH_FILE = 'pytorch.json';

/** Files that a run's folder may hold though its `metrics.json` does not name them. */
export const LATER_FILES: readonly string[] = [DRAWINGS_FILE, PYTORCH_FILE];

/** The bytes of a file of the run's folder, or null where there is none. */
export type ReadFile = (name: string) => Promise<ArrayBuffer | null>;

export interface Run {
  metrics: Metrics;
  history: History;
  confusion: Confusion;
  /** [test images × 10], row by row. */
  predictions: Float32Array;
}

/** Figures, curves, confusions and predictions of a run. @throws ArtifactError which names the file and the reason. */
export async function readRun(id: string, read: ReadFile): Promise<Run> {
  const metrics = await readMetrics(id, read);
  const history = parseHistory(id, await readJson(metrics, 'history.json', read));
  const confusion = await readConfusion(metrics, read);
  return { metrics, history, confusion, predictions: await readPredictions(metrics, read) };
}

type Hashed = Pick<Metrics, 'id' | 'files'>;

/** The confusions of a run or an ensemble. @throws ArtifactError */
export async function readConfusion(metrics: Hashed, read: ReadFile): Promise<Confusion> {
  return parseConfusion(metrics.id, await readJson(metrics, 'confusion.json', read));
}

/** The predictions of a run or an ensemble, [test images × 10]. @throws ArtifactError */
export async function readPredictions(
  metrics: Hashed & Pick<Metrics, 'test'>,
  read: ReadFile,
): Promise<Float32Array> {
  const bytes = await readVerified(metrics, 'predictions.bin', read);
  const { images } = metrics.test;
  const needed = 2 * CLASS_COUNT * images;
  if (bytes.byteLength !== needed) {
    const reason = `it has ${bytes.byteLength} bytes, ${images} images need ${needed}`;
    throw new ArtifactError('predictions.bin', metrics.id, reason);
  }
  return decodeFloat16(new Uint16Array(bytes));
}

/** The figures of a run, which name and hash its other files. @throws ArtifactError */
export async function readMetrics(id: string, read: ReadFile): Promise<Metrics> {
  return parseMetrics(id, await readUnverified(id, 'metrics.json', read));
}

/** The published weights of a run, as float32. @throws ArtifactError which names the file and the reason. */
export async function readWeights(
  architecture: Architecture,
  metrics: Metrics,
  read: ReadFile,
  modelFile = 'model.json',
): Promise<Weights> {
  const model = await readJson(metrics, modelFile, read);
  const files: Record<string, ArrayBuffer> = {};
  for (const name of weightFiles(metrics.id, model)) files[name] = await readVerified(metrics, name, read);
  return readLayersModel(architecture, metrics.id, model, files);
}

/** SHA-256 of a run's weight files, separated by spaces: they identify the network. @throws ArtifactError */
export async function readWeightsHash(metrics: Metrics, read: ReadFile): Promise<string> {
  const model = await readJson(metrics, 'model.json', read);
  return weightFiles(metrics.id, model)
    .map((name) => metrics.files[name]!.sha256)
    .join(' ');
}

/** A JSON file whose hash is not recorded anywhere. @throws ArtifactError */
export async function readUnverified(id: string, name: string, read: ReadFile): Promise<unknown> {
  return json(name, id, await present(name, id, read));
}

async function readJson(metrics: Hashed, name: string, read: ReadFile): Promise<unknown> {
  return json(name, metrics.id, await readVerified(metrics, name, read));
}

/** A file of the run, compared with its hash. @throws ArtifactError which names it and the reason */
export async function readVerified(metrics: Hashed, name: string, read: ReadFile): Promise<ArrayBuffer> {
  const bytes = await present(name, metrics.id, read);
  await verifyFile(metrics, name, bytes);
  return bytes;
}

/** Every file that the metrics name, whether it is read or not. @throws ArtifactError for the first that is amiss */
export async function verifyFiles(metrics: Hashed, read: ReadFile): Promise<void> {
  for (const name of Object.keys(metrics.files)) await readVerified(metrics, name, read);
}

/** The bytes of a file that must be there. @throws ArtifactError */
export async function present(name: string, id: string, read: ReadFile): Promise<ArrayBuffer> {
  const bytes = await read(name);
  if (!bytes) throw new ArtifactError(name, id, 'it is not there');
  return bytes;
}

function json(name: string, id: string, bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ArtifactError(name, id, 'it is no JSON: truncated or edited');
  }
}
