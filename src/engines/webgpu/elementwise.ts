/** The network's kernels that compute each element by itself, on WebGPU. */
import type { KernelAttributes, KernelInputs } from '../../network/kernel-contract.ts';
import { dropoutThreshold } from '../../math/random.ts';
import type { Kernels } from '../kernel-registry.ts';
import { elementwise, elementwiseResults, float, int, type WebGpuBackend } from './program.ts';

export const elementwiseKernels: Kernels<WebGpuBackend> = {
  /** One pass over each parameter; composed of tfjs's ops they are fourteen. */
  AdamW({ inputs, attributes, backend }) {
    const { parameter, gradient, m, v } = inputs as KernelInputs<'AdamW'>;
    const { learningRate, beta1, beta2, epsilon, weightDecay, step } =
      attributes as KernelAttributes<'AdamW'>;
    return elementwiseResults(
      backend,
      'adamW',
      parameter.shape,
      { parameter, gradient, m, v },
      ['newParameter', 'newM', 'newV'],
      {
        beta1,
        added1: 1 - beta1,
        beta2,
        added2: 1 - beta2,
        kept: 1 - learningRate * weightDecay,
        rate: learningRate / (1 - beta1 ** step),
        correction: 1 / Math.sqrt(1 - beta2 ** step),
        epsilon,
      },
      /* wgsl */ `
        let slope = gradient[index];
        let first = uniforms.beta1 * m[index] + uniforms.added1 * slope;
        let second = uniforms.beta2 * v[index] + uniforms.added2 * slope * slope;
        let denominator = sqrt(second) * uniforms.correction + uniforms.epsilon;
        newM[index] = first;
        newV[index] = second;
        newParameter[index] = uniforms.kept * parameter[index] - uniforms.rate * first / denominator;
      `,
    );
  },

  /** The mask is computed where it is used; composed, it is made on the CPU and sent to the GPU twice. */
  DropoutTrain({ inputs, attributes, backend }) {
    const { x } = inputs as KernelInputs<'DropoutTrain'>;
    const { rate, seed } = attributes as KernelAttributes<'DropoutTrain'>;
    return elementwise(
      backend,
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
  },

  /** One pass; composed they are three, for each parameter at every step. */
  MoveTowards({ inputs, attributes, backend }) {
    const { from, to } = inputs as KernelInputs<'MoveTowards'>;
    const { share } = attributes as KernelAttributes<'MoveTowards'>;
    return elementwise(
      backend,
      'moveTowards',
      from.shape,
      { old: from, now: to },
      { share: float(share) },
      'return mix(old[index], now[index], uniforms.share);',
    );
  },
};
