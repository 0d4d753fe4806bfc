/** The published network as training knows it, unfolded, in Node: what every browser's answer is compared with. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { readMetrics, readWeights } from '../../src/artifacts/run.ts';
import { parseIndex } from '../../src/artifacts/schema.ts';
import { Network } from '../../src/model/network.ts';
import { normaliseBytes } from '../../src/model/preprocess.ts';

/** The published runs' ids, as the site lists them. */
export async function publishedIds(dist: string): Promise<string[]> {
  const index = parseIndex(JSON.parse(await readFile(join(dist, 'models', 'index.json'), 'utf8')));
  return index.models.map(({ id }) => id);
}

/** The run whose figures stand in the report: the full recipe under the name `baseline`, else the first listed. */
export async function primaryId(dist: string): Promise<string> {
  const ids = await publishedIds(dist);
  return ids.includes('baseline') ? 'baseline' : ids[0]!;
}

/** A function from 28×28 bytes to ten probabilities. */
export async function reference(dist: string, id: string): Promise<(image: Uint8Array) => Promise<number[]>> {
  const read = async (name: string): Promise<ArrayBuffer> => {
    const bytes = await readFile(join(dist, 'models', id, name));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  };
  await tf.setBackend('wasm');
  const metrics = await readMetrics(id, read);
  const { architecture } = metrics.recipe;
  const network = new Network(architecture, await readWeights(architecture, metrics, read));
  return async (image) => {
    const probabilities = tf.tidy(() =>
      tf.softmax(network.forward(tf.tensor4d(normaliseBytes(image), [1, 28, 28, 1]), { training: false })),
    );
    const values = [...(await probabilities.data())];
    probabilities.dispose();
    return values;
  };
}
