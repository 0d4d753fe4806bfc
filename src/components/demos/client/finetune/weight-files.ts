/** A network as files: the LayersModel that TensorFlow.js loads, out of the browser and in again. */
import { ArtifactError } from '../../../../artifacts/errors.ts';
import { readLayersModel, weightFiles, writeLayersModel } from '../../../../artifacts/layers-model.ts';
import type { Architecture, Weights } from '../../../../network/architecture.ts';
import { saveFile } from '../../../../client/files.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../../../../network/preprocess.ts';

const TOPOLOGY = 'model.json';
const WEIGHTS = 'weights.bin';

/** Offers both files to the reader, to the bit as the network is. */
export function downloadNetwork(architecture: Architecture, weights: Weights): void {
  const { json, bytes } = writeLayersModel(architecture, weights, {
    mean: PIXEL_MEAN,
    deviation: PIXEL_DEVIATION,
    kernels: 'float32',
    weightsFile: WEIGHTS,
  });
  saveFile(TOPOLOGY, new Blob([JSON.stringify(json)], { type: 'application/json' }));
  saveFile(WEIGHTS, new Blob([bytes], { type: 'application/octet-stream' }));
}

/** Why files cannot be taken: the page has a sentence for each `fault`, which takes the values. */
export class UploadError extends Error {
  override name = 'UploadError';
  readonly fault: 'uploadNoJson' | 'uploadBadJson' | 'uploadMissing' | 'uploadBad';
  readonly values: { file: string; reason: string };

  constructor(fault: UploadError['fault'], file = '', reason = '') {
    super(`${fault}: ${file} ${reason}`);
    this.fault = fault;
    this.values = { file, reason };
  }
}

/**
 * Reads weights from files that somebody chose.
 * @throws UploadError where they are no network of this architecture
 */
export async function readNetwork(architecture: Architecture, files: readonly File[]): Promise<Weights> {
  const topology = files.find(({ name }) => name.endsWith('.json'));
  if (!topology) throw new UploadError('uploadNoJson');
  let json: unknown;
  try {
    json = JSON.parse(await topology.text());
  } catch {
    throw new UploadError('uploadBadJson', topology.name);
  }
  try {
    const contents: Record<string, ArrayBuffer> = {};
    for (const path of weightFiles('upload', json)) {
      const file = files.find(({ name }) => name === path.split('/').at(-1));
      if (!file) throw new UploadError('uploadMissing', path);
      contents[path] = await file.arrayBuffer();
    }
    return readLayersModel(architecture, 'upload', json, contents);
  } catch (error) {
    if (error instanceof ArtifactError) throw new UploadError('uploadBad', error.file, error.reason);
    throw error;
  }
}
