/** AdamW on WebGPU in three passes over each parameter, one for each result: composed of tfjs's ops it takes fourteen. */
import * as tf from '@tensorflow/tfjs-core';
import { ADAM_W, type AdamWAttributes, type AdamWInputs } from '../../network/kernels.ts';
import { elementwise, float, type WebGpuBackend } from './program.ts';

export function registerAdamW(): void {
  tf.registerKernel({ kernelName: ADAM_W, backendName: 'webgpu', kernelFunc });
}

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const { parameter, gradient, m, v } = inputs as AdamWInputs;
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = attrs as unknown as AdamWAttributes;
  const gpu = backend as WebGpuBackend;
  const { shape } = parameter;
  const newM = elementwise(
    gpu,
    'adamWFirstMoment',
    shape,
    { m, gradient },
    { kept: float(beta1), added: float(1 - beta1) },
    'return uniforms.kept * m[index] + uniforms.added * gradient[index];',
  );
  const newV = elementwise(
    gpu,
    'adamWSecondMoment',
    shape,
    { v, gradient },
    { kept: float(beta2), added: float(1 - beta2) },
    'return uniforms.kept * v[index] + uniforms.added * gradient[index] * gradient[index];',
  );
  const newParameter = elementwise(
    gpu,
    'adamWParameter',
    shape,
    { parameter, m: newM, v: newV },
    {
      kept: float(1 - learningRate * weightDecay),
      rate: float(learningRate / (1 - beta1 ** step)),
      correction: float(1 / Math.sqrt(1 - beta2 ** step)),
      epsilon: float(epsilon),
    },
    /* wgsl */ `
      let denominator = sqrt(v[index]) * uniforms.correction + uniforms.epsilon;
      return uniforms.kept * parameter[index] - uniforms.rate * m[index] / denominator;
    `,
  );
  return [newParameter, newM, newV];
};
