/** tfjs on ONNX Runtime's CPU library, for training at native speed without a GPU. */
import { availableParallelism } from 'node:os';

import '@tensorflow/tfjs-backend-cpu';
import {
  findBackend,
  getKernelsForBackend,
  registerBackend,
  registerKernel,
  setBackend,
} from '@tensorflow/tfjs-core';

import { OnnxRuntimeBackend } from '../onnxruntime/backend.ts';
import { kernelConfigs } from '../onnxruntime/kernels.ts';
import { loadRuntime } from '../onnxruntime/operation.ts';
import { Team } from '../onnxruntime/thread-pool.ts';

export const BACKEND_NAME = 'onnxruntime';

/**
 * Registers the backend and makes it the current one.
 * @param threads by default one a core; fixed by the first call
 * @throws Error when ONNX Runtime's library does not load on this platform
 */
export async function activate(threads: number = availableParallelism()): Promise<void> {
  if (!findBackend(BACKEND_NAME)) {
    await loadRuntime();
    const team = await Team.gather(threads);
    const own = kernelConfigs(BACKEND_NAME);
    const overridden = new Set(own.map(({ kernelName }) => kernelName));
    for (const inherited of getKernelsForBackend('cpu')) {
      if (!overridden.has(inherited.kernelName)) registerKernel({ ...inherited, backendName: BACKEND_NAME });
    }
    own.forEach((config) => registerKernel(config));
    registerBackend(BACKEND_NAME, () => new OnnxRuntimeBackend(team), 0);
  }
  await setBackend(BACKEND_NAME);
}
