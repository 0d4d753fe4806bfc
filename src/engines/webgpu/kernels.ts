/** Puts this project's kernels before those of tfjs's webgpu backend, in Node and in the browser. */
import * as tf from '@tensorflow/tfjs-core';
import { registerInputGradient } from '../conv-gradient.ts';
import { registerKernels } from '../kernel-registry.ts';
import { batchNormKernels } from './batch-norm.ts';
import { convolutionKernels } from './convolution.ts';
import { elementwiseKernels } from './elementwise.ts';
import { poolKernels } from './pool.ts';
import { productKernels } from './product.ts';
import type { WebGpuBackend } from './program.ts';
import { chooseProduct } from './shared-product.ts';
import { sumKernels } from './sum.ts';

let registered = false;

/** To be called once tfjs's webgpu backend is current and its own kernels are registered. */
export function registerWebGpuKernels(): void {
  if (registered) return;
  registered = true;
  registerInputGradient('webgpu');
  registerKernels('webgpu', {
    ...batchNormKernels,
    ...elementwiseKernels,
    ...convolutionKernels,
    ...poolKernels,
    ...productKernels,
    ...sumKernels,
  });
}

/**
 * Chooses between programs that do the same, by timing both on a product like those of a convolution's tiles. For a real
 * GPU: one in software knows the answer, and takes long to give it.
 */
export async function chooseKernels(): Promise<void> {
  const [a, b] = [tf.ones([36, 512, 64]), tf.ones([36, 64, 64])];
  await chooseProduct(tf.backend() as WebGpuBackend, () => tf.matMul(a, b));
  tf.dispose([a, b]);
}
