/** The kernels that WebGPU gets from this project, in Node and in the browser. */
import { registerInputGradient } from '../conv-gradient.ts';
import { registerAdamW } from './adamw.ts';
import { registerBatchNorm } from './batch-norm.ts';
import { registerFilterGradient } from './conv-filter-gradient.ts';
import { registerDropout } from './dropout.ts';
import { registerMoveTowards } from './move-towards.ts';

let registered = false;

/** To be called once tfjs's webgpu backend is current and its own kernels are registered. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  registerFilterGradient();
  registerInputGradient('webgpu');
  registerBatchNorm();
  registerDropout();
  registerAdamW();
  registerMoveTowards();
}
