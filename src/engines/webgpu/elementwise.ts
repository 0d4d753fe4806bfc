/** The network's kernels that compute each element by itself, on WebGPU. */
import type { KernelAttributes, KernelInputs } from '../../network/kernel-contract.ts';
import type { Kernels } from '../kernel-registry.ts';
import { dropoutUniforms, dropped } from './dropout.ts';
import { changeable, elementwise, float, run, type WebGpuBackend } from './program.ts';

export const elementwiseKernels: Kernels<WebGpuBackend> = {
  /** One pass over each parameter, in place; composed of tfjs's ops they are fourteen. */
  AdamW({ inputs, attributes, backend }) {
    const { parameter, gradient, m, v } = inputs as KernelInputs<'AdamW'>;
    const { learningRate, beta1, beta2, epsilon, weightDecay, step } =
      attributes as KernelAttributes<'AdamW'>;
    const changed = {
      parameter: changeable(backend, parameter),
      m: changeable(backend, m),
      v: changeable(backend, v),
    };
    run(backend, {
      key: 'adamW',
      outputs: {},
      changed,
      threads: parameter.size,
      inputs: { gradient },
      uniforms: {
        beta1: float(beta1),
        added1: float(1 - beta1),
        beta2: float(beta2),
        added2: float(1 - beta2),
        kept: float(1 - learningRate * weightDecay),
        rate: float(learningRate / (1 - beta1 ** step)),
        correction: float(1 / Math.sqrt(1 - beta2 ** step)),
        epsilon: float(epsilon),
      },
      varying: true,
      body: () => /* wgsl */ `
        let slope = gradient[index];
        let first = uniforms.beta1 * m[index] + uniforms.added1 * slope;
        let second = uniforms.beta2 * v[index] + uniforms.added2 * slope * slope;
        let denominator = sqrt(second) * uniforms.correction + uniforms.epsilon;
        m[index] = first;
        v[index] = second;
        parameter[index] = uniforms.kept * parameter[index] - uniforms.rate * first / denominator;
      `,
    });
    return Object.values(changed);
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
      dropoutUniforms(rate, seed),
      `${dropped('y', 'x[index]', 'index')} return y;`,
      true,
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
