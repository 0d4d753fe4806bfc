/** A network as files: the LayersModel that TensorFlow.js loads, out of the browser and in again. */
import { ArtifactError } from '../../../../artifacts/integrity.ts';
import { sha256 } from '../../../../math/arrays.ts';
import {
  modelMetadata,
  outputsOf,
  readLayersModel,
  weightFiles,
  writeLayersModel,
} from '../../../../artifacts/layers-model.ts';
import { saveFile } from '../../../../client/files.ts';
import { CLASS_COUNT } from '../../../../data/dataset.ts';
import {
  type Architecture,
  architectureOf,
  type Weights,
  withOutputs,
} from '../../../../network/architecture.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../../../../network/preprocess.ts';
import { InputError } from '../../failures.ts';

const TOPOLOGY = 'model.json';
const WEIGHTS = 'weights.bin';

/** Undefined on a page that is not served over https. */
const hashOf = async (bytes: Uint8Array<ArrayBuffer> | ArrayBuffer) =>
  globalThis.crypto?.subtle ? sha256(bytes) : undefined;

const asFiles = (architecture: Architecture, weights: Weights) =>
  writeLayersModel(architecture, weights, {
    mean: PIXEL_MEAN,
    deviation: PIXEL_DEVIATION,
    kernels: 'float32',
    weightsFile: WEIGHTS,
  });

/** SHA-256 of the weights as they would be downloaded; undefined where the browser computes none. */
export const weightsHash = (architecture: Architecture, weights: Weights) =>
  hashOf(asFiles(architectureOf(architecture, weights), weights).bytes);

/** Offers both files to the reader, to the bit as the network is. @param classes names of its outputs */
export async function downloadNetwork(
  architecture: Architecture,
  weights: Weights,
  classes: readonly string[],
): Promise<void> {
  const { json, bytes } = asFiles(architecture, weights);
  const hash = await hashOf(bytes);
  json.userDefinedMetadata = { classes, ...(hash && { weights: hash }) };
  saveFile(TOPOLOGY, new Blob([JSON.stringify(json)], { type: 'application/json' }));
  saveFile(WEIGHTS, new Blob([bytes], { type: 'application/octet-stream' }));
}

/** A network that somebody chose, with the name of the class that it has behind the ten. */
export interface ReadNetwork {
  readonly weights: Weights;
  readonly className: string | null;
}

/**
 * Reads a network from files that somebody chose. They are known by what is in them: browsers rename what is downloaded
 * twice.
 * @throws InputError where they are no network of this architecture, with ten outputs or eleven, or no pair
 */
export async function readNetwork(architecture: Architecture, files: readonly File[]): Promise<ReadNetwork> {
  const topology =
    (await asyncFind(files, async (file) => (await file.slice(0, 64).text()).trimStart().startsWith('{'))) ??
    files.find(({ name }) => name.endsWith('.json'));
  if (!topology) throw new InputError('uploadNoJson');
  let json: unknown;
  try {
    json = JSON.parse(await topology.text());
  } catch {
    throw new InputError('uploadBadJson', { file: topology.name });
  }
  try {
    const paths = weightFiles('upload', json);
    const { classes, weights: hash } = modelMetadata(json);
    const others = files.filter((file) => file !== topology);
    const contents: Record<string, ArrayBuffer> = {};
    for (const path of paths) {
      const hashed = await asyncFind(
        others,
        async (file) => hash !== undefined && (await hashOf(await file.arrayBuffer())) === hash,
      );
      const named = others.find(({ name }) => name === path.split('/').at(-1));
      const file = hashed ?? named ?? (others.length === 1 ? others[0] : undefined);
      if (!file) throw new InputError('uploadMissing', { file: path });
      contents[path] = await file.arrayBuffer();
    }
    const outputs = outputsOf('upload', json) ?? CLASS_COUNT;
    if (outputs > CLASS_COUNT + 1) throw new InputError('uploadOutputs', { count: outputs });
    const wanted = outputs > CLASS_COUNT ? withOutputs(architecture, outputs) : architecture;
    const network = readLayersModel(wanted, 'upload', json, contents);
    // Another download of the same shapes: nothing else tells the two apart.
    for (const [path, bytes] of Object.entries(contents)) {
      const found = hash && (await hashOf(bytes));
      if (found && found !== hash)
        throw new InputError('uploadNoPair', { file: path, topology: topology.name });
    }
    return {
      weights: network,
      className: outputs > CLASS_COUNT ? (classes?.[CLASS_COUNT] ?? String(CLASS_COUNT + 1)) : null,
    };
  } catch (error) {
    if (error instanceof ArtifactError)
      throw new InputError('uploadBad', { file: error.file, reason: error.reason });
    throw error;
  }
}

async function asyncFind<T>(
  items: readonly T[],
  wanted: (item: T) => Promise<boolean>,
): Promise<T | undefined> {
  for (const item of items) if (await wanted(item)) return item;
  return undefined;
}
