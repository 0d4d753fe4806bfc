/** This project's own training in the browser, with its own kernels or, for comparison, with tfjs's. */
import * as tf from '@tensorflow/tfjs-core';
import { START } from '../../src/engines/web/backends.ts';
import { reportArchitecture } from '../../src/model/architecture.ts';
import { FineTuning } from '../../src/model/fine-tuning.ts';
import { initialise } from '../../src/model/initialise.ts';
import type { Contestant, Work } from './contestant.ts';

/** Kernels that an engine replaces, and that tfjs has as well. */
const REPLACED = {
  wasm: [tf.Conv2DBackpropInput, tf.BatchMatMul],
  webgpu: [tf.Conv2DBackpropFilter],
} as const;

export async function contestant({ mode, backend, batch, stock }: Work): Promise<Contestant> {
  await (backend === 'wasm'
    ? import('@tensorflow/tfjs-backend-wasm')
    : import('@tensorflow/tfjs-backend-webgpu'));
  const kernels = REPLACED[backend].map((name) => tf.getKernel(name, backend));
  await START[backend](true);
  if (stock) {
    for (const kernel of kernels) {
      tf.unregisterKernel(kernel.kernelName, backend);
      tf.registerKernel(kernel);
    }
  }
  const images = Uint8Array.from({ length: batch * 784 }, (_, i) => (i * 7919) % 256);
  const labels = Uint8Array.from({ length: batch }, (_, i) => i % 10);
  const lesson = { mode, images, labels, epochs: 1e6, batchSize: batch, learningRate: 1e-3 } as const;
  const tuning = new FineTuning(reportArchitecture, initialise(reportArchitecture, 1), {
    ...lesson,
    augmentation: null,
    fresh: false,
    seed: 1,
  });
  await tuning.prepare();
  return {
    async step() {
      // The end of an epoch is no step.
      for (;;) {
        const event = await tuning.next();
        if (event.type === 'batch') return event.loss;
      }
    },
  };
}
