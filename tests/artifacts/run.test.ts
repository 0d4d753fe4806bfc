import { beforeEach, describe, expect, it } from 'vitest';
import { encodeFloat16 } from '../../src/artifacts/float16.ts';
import { sha256 } from '../../src/math/arrays.ts';
import { writeLayersModel } from '../../src/artifacts/layers-model.ts';
import { readMetrics, readRun, readWeights } from '../../src/artifacts/run.ts';
import type { Architecture } from '../../src/network/architecture.ts';
import { initialise } from '../../src/network/initialise.ts';
import * as examples from './examples.ts';

const architecture: Architecture = {
  inputShape: [2, 2, 1],
  layers: [{ type: 'flatten' }, { type: 'dense', name: 'dense1', units: 10 }],
};

let folder: Map<string, ArrayBuffer>;
const read = (name: string): Promise<ArrayBuffer | null> => Promise.resolve(folder.get(name) ?? null);
const text = (value: unknown): ArrayBuffer => new TextEncoder().encode(JSON.stringify(value)).buffer;

beforeEach(async () => {
  const { json, bytes } = writeLayersModel(architecture, initialise(architecture, 1), {
    mean: 0,
    deviation: 1,
    kernels: 'float32',
    weightsFile: 'weights.bin',
  });
  folder = new Map([
    ['history.json', text(examples.history())],
    ['confusion.json', text(examples.confusion())],
    ['predictions.bin', encodeFloat16(new Float32Array(100_000).fill(0.1)).buffer],
    ['model.json', text(json)],
    ['weights.bin', bytes.buffer],
  ]);
  const metrics = examples.metrics();
  metrics.files = Object.fromEntries(
    await Promise.all(
      [...folder].map(
        async ([name, bytes]) => [name, { bytes: bytes.byteLength, sha256: await sha256(bytes) }] as const,
      ),
    ),
  );
  folder.set('metrics.json', text(metrics));
});

it('reads a whole run', async () => {
  const run = await readRun('baseline', read);
  expect(run.history).toEqual(examples.history());
  expect(run.confusion).toEqual(examples.confusion());
  expect(run.predictions).toHaveLength(100_000);
  expect(run.predictions[99_999]).toBeCloseTo(0.1, 4);
  expect(await readWeights(architecture, run.metrics, read)).toEqual(initialise(architecture, 1));
});

describe('names the file that is wrong', () => {
  it.each(['metrics.json', 'history.json', 'confusion.json', 'predictions.bin'])(
    'missing: %s',
    async (name) => {
      folder.delete(name);
      await expect(readRun('baseline', read)).rejects.toThrow(`${name} of "baseline": it is not there`);
    },
  );

  it.each(['history.json', 'confusion.json', 'predictions.bin'])('edited: %s', async (name) => {
    new Uint8Array(folder.get(name)!)[3]! ^= 1;
    await expect(readRun('baseline', read)).rejects.toThrow(`${name} of "baseline": its SHA-256`);
  });

  it('truncated JSON', async () => {
    folder.set('metrics.json', folder.get('metrics.json')!.slice(0, -5));
    await expect(readMetrics('baseline', read)).rejects.toThrow('metrics.json of "baseline": it is no JSON');
  });

  it('weights of another run', async () => {
    const metrics = await readMetrics('baseline', read);
    folder.set('weights.bin', new ArrayBuffer(folder.get('weights.bin')!.byteLength));
    await expect(readWeights(architecture, metrics, read)).rejects.toThrow(
      'weights.bin of "baseline": its SHA-256',
    );
    folder.set('weights.bin', new ArrayBuffer(8));
    await expect(readWeights(architecture, metrics, read)).rejects.toThrow('truncated');
  });
});
