/**
 * A published run as a whole: each file parsed, and compared with the hash that its metrics hold. How a file's bytes
 * are had, from a disk or by fetch, the caller says.
 */
import type { Architecture, Weights } from '../model/architecture.ts';
import { ArtifactError } from './errors.ts';
import { decodeFloat16 } from './float16.ts';
import { verifyFile } from './hashes.ts';
import { readLayersModel, weightFiles } from './layers-model.ts';
import {
  CLASSES,
  type Confusion,
  type History,
  type Metrics,
  parseConfusion,
  parseHistory,
  parseMetrics,
} from './schema.ts';

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
  const confusion = parseConfusion(id, await readJson(metrics, 'confusion.json', read));
  const bytes = await readVerified(metrics, 'predictions.bin', read);
  if (bytes.byteLength !== 2 * CLASSES * metrics.test.images) {
    throw new ArtifactError(
      'predictions.bin',
      id,
      `it has ${bytes.byteLength} bytes, ${metrics.test.images} images need ${2 * CLASSES * metrics.test.images}`,
    );
  }
  return { metrics, history, confusion, predictions: decodeFloat16(new Uint16Array(bytes)) };
}

/** The figures of a run, which name and hash its other files. @throws ArtifactError */
export async function readMetrics(id: string, read: ReadFile): Promise<Metrics> {
  return parseMetrics(id, json('metrics.json', id, await present('metrics.json', id, read)));
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

async function readJson(metrics: Metrics, name: string, read: ReadFile): Promise<unknown> {
  return json(name, metrics.id, await readVerified(metrics, name, read));
}

/** A file of the run, compared with its hash. @throws ArtifactError which names it and the reason */
export async function readVerified(metrics: Metrics, name: string, read: ReadFile): Promise<ArrayBuffer> {
  const bytes = await present(name, metrics.id, read);
  await verifyFile(metrics, name, bytes);
  return bytes;
}

async function present(name: string, id: string, read: ReadFile): Promise<ArrayBuffer> {
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
