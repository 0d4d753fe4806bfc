/** This project's own training in the browser, with its own kernels or, for comparison, with tfjs's. */
import * as tf from '@tensorflow/tfjs-core';
import { registerConvolutionGradient } from '../../../src/engines/conv-gradient.ts';
import { START } from '../../../src/engines/web/backends.ts';
import { reportArchitecture } from '../../../src/network/architecture.ts';
import { FineTuning } from '../../../src/training/fine-tuning.ts';
import { initialise } from '../../../src/network/initialise.ts';
import type { Contestant, Work } from './contestant.ts';

/** Of an epoch. */
const STEPS = 200;

export async function contestant({ mode, backend, batch, stock }: Work): Promise<Contestant> {
  await (backend === 'wasm'
    ? import('@tensorflow/tfjs-backend-wasm')
    : import('@tensorflow/tfjs-backend-webgpu'));
  const kernels = tf.getKernelsForBackend(backend);
  await START[backend](true);
  if (stock) {
    for (const { kernelName } of tf.getKernelsForBackend(backend)) tf.unregisterKernel(kernelName, backend);
    for (const kernel of kernels) tf.registerKernel(kernel);
    // Without one of its own, wasm's is composed of tfjs's ops, as AdamW and batch norm are.
    registerConvolutionGradient(backend);
  }
  // The same images over and over, so that an epoch, whose end is no step, is long.
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
  return {
    async step() {
      for (;;) {
        const event = await tuning.next();
        if (event.type === 'batch') return event.loss;
      }
    },
  };
}
