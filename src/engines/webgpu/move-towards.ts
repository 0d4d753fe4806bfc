/** A step of an average on WebGPU: composed it takes three passes, and there is one for each parameter at every step. */
import * as tf from '@tensorflow/tfjs-core';
import { MOVE_TOWARDS, type MoveTowardsAttributes, type MoveTowardsInputs } from '../../network/kernels.ts';
import { elementwise, float, type WebGpuBackend } from './program.ts';

export function registerMoveTowards(): void {
  tf.registerKernel({ kernelName: MOVE_TOWARDS, backendName: 'webgpu', kernelFunc });
}

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const { from, to } = inputs as MoveTowardsInputs;
  const { share } = attrs as unknown as MoveTowardsAttributes;
  return elementwise(
    backend as WebGpuBackend,
    'moveTowards',
    from.shape,
    { old: from, now: to },
    { share: float(share) },
    'return mix(old[index], now[index], uniforms.share);',
  );
};
