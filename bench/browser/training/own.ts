/** This project's own training in the browser, with its own kernels or, for comparison, with tfjs's. */
import * as tf from '@tensorflow/tfjs-core';
import { registerConvolutionGradient } from '../../../src/engines/conv-gradient.ts';
import { START } from '../../../src/engines/web/backends.ts';
import { reportArchitecture } from '../../../src/model/architecture.ts';
import { FineTuning } from '../../../src/model/fine-tuning.ts';
import { initialise } from '../../../src/model/initialise.ts';
import { ADAM_W } from '../../../src/model/kernels.ts';
import type { Contestant, Work } from './contestant.ts';

/** Kernels that an engine replaces, and that tfjs has as well. */
const REPLACED = {
  wasm: [tf.Conv2D, tf.FusedConv2D, tf.Conv2DBackpropInput, tf.BatchMatMul, tf._FusedMatMul],
  webgpu: [tf.Conv2DBackpropFilter],
} as const;

/** Of an epoch. */
const STEPS = 200;

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
    if (backend === 'wasm') {
      // tfjs has no such kernels there: the gradient is composed of its ops, and so is AdamW.
      tf.unregisterKernel(tf.Conv2DBackpropFilter, backend);
      registerConvolutionGradient(backend);
      tf.unregisterKernel(ADAM_W, backend);
    }
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
