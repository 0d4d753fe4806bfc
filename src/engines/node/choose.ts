/** Chooses where tfjs computes in Node. Each backend is loaded only when it is asked for. */
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';

/** What `--backend` takes; `auto` is the first of {@link PREFERENCE} that works on this machine. */
export const BACKEND_NAMES = [
  'auto',
  'onnxruntime',
  'wasm',
  'cpu',
  'webgpu',
  'tensorflow',
  'tensorflow-gpu',
] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

export interface ActiveBackend {
  name: Exclude<BackendName, 'auto'>;
  /** The processor it computes on. */
  device: string;
  /** Of Node and of the packages that compute, by name. */
  versions: Record<string, string>;
}

export interface BackendOptions {
  /** How many threads to compute with; the backend decides where it is left out or cannot be set. */
  threads?: number;
}

/** A backend that this machine does not have; the message says what to do. */
export class BackendError extends Error {
  override name = 'BackendError';
}

type Activate = (options: BackendOptions) => Promise<ActiveBackend>;

const require = createRequire(import.meta.url);

const version = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

const active = (name: ActiveBackend['name'], device: string, ...packages: string[]): ActiveBackend => ({
  name,
  device,
  versions: Object.fromEntries([
    ['node', process.versions.node],
    ...['@tensorflow/tfjs-core', ...packages].map((name) => [name, version(name)]),
  ]),
});

const processor = (): string => cpus()[0]?.model.trim() || 'CPU';

async function cpu(): Promise<ActiveBackend> {
  await (await import('./cpu.ts')).activate();
  return active('cpu', processor(), '@tensorflow/tfjs-backend-cpu');
}

async function wasm(): Promise<ActiveBackend> {
  await (await import('./wasm.ts')).activate();
  return active('wasm', processor(), '@tensorflow/tfjs-backend-wasm');
}

/** An optional package with a library for each platform: where there is none for this one, the import fails. */
async function onnxruntime(options: BackendOptions): Promise<ActiveBackend> {
  try {
    await (await import('./onnxruntime.ts')).activate(options.threads);
  } catch (error) {
    throw new BackendError(
      'The backend "onnxruntime" does not load on this machine; choose another --backend.',
      {
        cause: error,
      },
    );
  }
  return active('onnxruntime', processor(), 'onnxruntime-node');
}

/** libtensorflow. Not among the dependencies: it downloads some hundred megabytes when it is installed. */
function tensorflow(name: 'tensorflow' | 'tensorflow-gpu'): Activate {
  return async () => {
    const specifier = name === 'tensorflow' ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs-node-gpu';
    // It calls two functions that Node removed in version 23.
    const removed: Record<string, unknown> = util as unknown as Record<string, unknown>;
    removed['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
    removed['isArray'] ??= Array.isArray;
    try {
      await import(specifier);
    } catch (error) {
      throw new BackendError(
        `The backend "${name}" needs the package ${specifier}; install it with "npm install --no-save --ignore-scripts=false ${specifier}".`,
        { cause: error },
      );
    }
    if (!(await tf.setBackend('tensorflow'))) {
      throw new BackendError(`The backend "${name}" does not start here; choose another --backend.`);
    }
    return active(name, name === 'tensorflow' ? processor() : 'GPU (CUDA)', specifier);
  };
}

const BACKENDS: Partial<Record<ActiveBackend['name'], Activate>> = {
  'tensorflow-gpu': tensorflow('tensorflow-gpu'),
  onnxruntime,
  wasm,
  tensorflow: tensorflow('tensorflow'),
  cpu,
};

/** What `auto` tries, best first. */
const PREFERENCE: readonly ActiveBackend['name'][] = ['tensorflow-gpu', 'onnxruntime', 'wasm', 'cpu'];

/**
 * Makes a backend the one that tfjs computes with.
 * @throws BackendError when this machine does not have it.
 */
export async function activateBackend(
  name: BackendName,
  options: BackendOptions = {},
): Promise<ActiveBackend> {
  if (name !== 'auto') {
    const activate = BACKENDS[name];
    if (!activate)
      throw new BackendError(`The backend "${name}" is not available here; choose another --backend.`);
    return activate(options);
  }
  for (const candidate of PREFERENCE) {
    try {
      const activate = BACKENDS[candidate];
      if (activate) return await activate(options);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
    }
  }
  throw new BackendError('No backend works on this machine; run "npm ci" again.');
}
