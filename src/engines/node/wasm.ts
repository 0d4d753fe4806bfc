import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { Unavailable } from '../backends.ts';
import { registerWasmKernels } from '../wasm/kernels.ts';

/** Makes tfjs's WebAssembly backend the current one. It runs on one thread in Node. @throws Unavailable */
export async function activate(): Promise<void> {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(main) + sep);
  if (!(await tf.setBackend('wasm'))) throw new Unavailable('it does not start');
  registerWasmKernels();
}
