/** A worker, as on the pages: this project's training, with its own kernels or, for comparison, with tfjs's. */
import * as tf from '@tensorflow/tfjs-core';
import { registerFilterGradient } from '../../../src/engines/conv-gradient.ts';
import { START } from '../../../src/engines/web/backends.ts';
import { reportArchitecture } from '../../../src/network/architecture.ts';
import { FineTuning } from '../../../src/training/fine-tuning.ts';
import { initialise } from '../../../src/network/initialise.ts';
import type { Step, TrainingTask } from '../candidates.ts';
import { answering } from './worker.ts';

/** Steps of an epoch: many, since its end is not a step. */
const STEPS = 200;

async function start({ mode, backend, batch, stock, threads = false }: TrainingTask): Promise<Step> {
  await (backend === 'wasm'
    ? import('@tensorflow/tfjs-backend-wasm')
    : import('@tensorflow/tfjs-backend-webgpu'));
  const kernels = tf.getKernelsForBackend(backend);
  await START[backend]({ forced: true, threads, report: () => undefined });
  if (stock) {
    for (const { kernelName } of tf.getKernelsForBackend(backend)) tf.unregisterKernel(kernelName, backend);
    for (const kernel of kernels) tf.registerKernel(kernel);
    // tfjs's wasm backend has none; like AdamW and batch norm, it is then composed of tfjs's ops.
    registerFilterGradient(backend);
  }
  // The same images over and over.
  const count = batch * STEPS;
  const images = Uint8Array.from({ length: count * 784 }, (_, i) => ((i % (batch * 784)) * 7919) % 256);
  const labels = Uint8Array.from({ length: count }, (_, i) => (i % batch) % 10);
  const lesson = { mode, images, labels, epochs: 1000, batchSize: batch, learningRate: 1e-3 } as const;
  const tuning = new FineTuning(reportArchitecture, initialise(reportArchitecture, 1), {
    ...lesson,
    augmentation: null,
    fresh: false,
    seed: 1,
  });
  await tuning.prepare();
  return async () => {
    for (;;) {
      const event = await tuning.next();
      if (event.type === 'batch') return [event.loss];
    }
  };
}

let step: Step;

answering(async (message: TrainingTask | number) => {
  if (typeof message === 'number') return step(message);
  step = await start(message);
  return [];
});
