/** tfjs's own backends on the CPU. Each package is loaded when it is asked for. */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { Unavailable } from '../backends.ts';

/** Makes tfjs's plain JavaScript backend the current one. Slow; it is the reference that is always there. */
export async function activateCpu(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  // Otherwise its first tensor prints an advertisement for tfjs-node.
  (tf.backend() as tf.KernelBackend & { firstUse: boolean }).firstUse = false;
}

/** Makes tfjs's WebAssembly backend the current one. It runs on one thread in Node. @throws Unavailable */
export async function activateWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(main) + sep);
  if (!(await tf.setBackend('wasm'))) throw new Unavailable('it does not start');
  const { registerWasmKernels } = await import('../wasm/kernels.ts');
  registerWasmKernels();
}
