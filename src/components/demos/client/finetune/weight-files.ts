/** A network as files: the LayersModel that TensorFlow.js loads, out of the browser and in again. */
import { ArtifactError } from '../../../../artifacts/integrity.ts';
import { readLayersModel, weightFiles, writeLayersModel } from '../../../../artifacts/layers-model.ts';
import type { Architecture, Weights } from '../../../../network/architecture.ts';
import { saveFile } from '../../../../client/files.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../../../../network/preprocess.ts';
import { InputError } from '../../failures.ts';

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

/**
 * Reads weights from files that somebody chose.
 * @throws InputError where they are no network of this architecture
 */
export async function readNetwork(architecture: Architecture, files: readonly File[]): Promise<Weights> {
  const topology = files.find(({ name }) => name.endsWith('.json'));
  if (!topology) throw new InputError('uploadNoJson');
  let json: unknown;
  try {
    json = JSON.parse(await topology.text());
  } catch {
    throw new InputError('uploadBadJson', { file: topology.name });
  }
  try {
    const contents: Record<string, ArrayBuffer> = {};
    for (const path of weightFiles('upload', json)) {
      const file = files.find(({ name }) => name === path.split('/').at(-1));
      if (!file) throw new InputError('uploadMissing', { file: path });
      contents[path] = await file.arrayBuffer();
    }
    return readLayersModel(architecture, 'upload', json, contents);
  } catch (error) {
    if (error instanceof ArtifactError)
      throw new InputError('uploadBad', { file: error.file, reason: error.reason });
    throw error;
  }
}
