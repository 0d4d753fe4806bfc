/** tfjs on ONNX Runtime's CPU library, for training at native speed without a GPU. */
import { availableParallelism } from 'node:os';

import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

import { registerKernels } from '../kernel-registry.ts';
import { OnnxRuntimeBackend } from '../onnxruntime/backend.ts';
import { loadRuntime } from '../onnxruntime/compiled-graph.ts';
import { onnxRuntimeKernels } from '../onnxruntime/kernels.ts';
import { ThreadPool } from '../onnxruntime/thread-pool.ts';

export const BACKEND_NAME = 'onnxruntime';

/**
 * Registers the backend and makes it the current one.
 * @param threads by default one per core; fixed by the first call
 * @throws Error when ONNX Runtime's library does not load on this platform
 */
export async function activate(threads: number = availableParallelism()): Promise<void> {
  if (!tf.findBackend(BACKEND_NAME)) {
    await loadRuntime();
    const pool = await ThreadPool.start(threads);
    tf.copyRegisteredKernels('cpu', BACKEND_NAME);
    registerKernels(BACKEND_NAME, onnxRuntimeKernels);
    tf.registerBackend(BACKEND_NAME, () => new OnnxRuntimeBackend(pool), 0);
  }
  await tf.setBackend(BACKEND_NAME);
}
