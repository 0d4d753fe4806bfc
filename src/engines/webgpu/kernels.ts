/** Puts this project's kernels before those of tfjs's webgpu backend, in Node and in the browser. */
import { registerInputGradient } from '../conv-gradient.ts';
import { registerKernels } from '../kernel-registry.ts';
import { batchNormKernels } from './batch-norm.ts';
import { convolutionKernels } from './convolution.ts';
import { elementwiseKernels } from './elementwise.ts';
import { poolKernels } from './pool.ts';
import { productKernels } from './product.ts';
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
