/** The published network as training knows it, unfolded, in Node: what every browser's answer is compared with. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { readMetrics, readWeights } from '../../src/artifacts/run.ts';
import { parseIndex } from '../../src/artifacts/schema.ts';
import { Network } from '../../src/network/network.ts';
import { normaliseBytes } from '../../src/network/preprocess.ts';

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

/** The first published run of every architecture, the report's figures' run before all others. */
export async function oneOfEachArchitecture(dist: string): Promise<string[]> {
  const ids = new Set([await primaryId(dist), ...(await publishedIds(dist))]);
  const found = new Map<string, string>();
  for (const id of ids) {
    const { recipe } = await readMetrics(id, (name) => readPublished(dist, id, name));
    const architecture = JSON.stringify(recipe.architecture);
    if (!found.has(architecture)) found.set(architecture, id);
  }
  return [...found.values()];
}

async function readPublished(dist: string, id: string, name: string): Promise<ArrayBuffer> {
  const bytes = await readFile(join(dist, 'models', id, name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

/** A function from 28×28 bytes to ten probabilities. */
export async function reference(dist: string, id: string): Promise<(image: Uint8Array) => Promise<number[]>> {
  const read = (name: string): Promise<ArrayBuffer> => readPublished(dist, id, name);
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
