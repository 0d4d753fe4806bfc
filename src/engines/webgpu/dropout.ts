/** Dropout on WebGPU: the mask is computed where it is used. Composed, it is made on the CPU and sent to the GPU twice. */
import * as tf from '@tensorflow/tfjs-core';
import {
  DROPOUT_TRAIN,
  type DropoutTrainAttributes,
  type DropoutTrainInputs,
} from '../../network/kernels.ts';
import { dropoutThreshold } from '../../math/random.ts';
import { elementwise, float, int, type WebGpuBackend } from './program.ts';

export function registerDropout(): void {
  tf.registerKernel({ kernelName: DROPOUT_TRAIN, backendName: 'webgpu', kernelFunc });
}

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const { x } = inputs as DropoutTrainInputs;
  const { rate, seed } = attrs as unknown as DropoutTrainAttributes;
  return elementwise(
    backend as WebGpuBackend,
    'dropoutTrain',
    x.shape,
    { x },
    { seed: int(seed | 0), threshold: int(dropoutThreshold(rate)), scale: float(1 / (1 - rate)) },
    // hash32 of src/math/random.ts.
    /* wgsl */ `
      var hash = (u32(index) * 0x9e3779b9u) ^ bitcast<u32>(uniforms.seed);
      hash ^= hash >> 16u;
      hash *= 0x7feb352du;
      hash ^= hash >> 15u;
      hash *= 0x846ca68bu;
      hash ^= hash >> 16u;
      return select(0.0, x[index] * uniforms.scale, (hash >> 1u) >= u32(uniforms.threshold));
    `,
  );
};
