/** Puts this project's kernels before those of a tfjs backend. */
import * as tf from '@tensorflow/tfjs-core';

/** A call of a kernel of a backend. */
export interface KernelCall<Backend> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo | undefined>>;
  readonly attributes: tf.NamedAttrMap;
  readonly backend: Backend;
}

/** @returns undefined for a case that it leaves to the kernel that the backend had before */
export type Kernel<Backend> = (call: KernelCall<Backend>) => tf.TensorInfo | tf.TensorInfo[] | undefined;

/** By the names of tfjs's registry. */
export type Kernels<Backend> = Readonly<Record<string, Kernel<Backend>>>;

/** @param kernels are put before those of the same names that the backend has now */
export function registerKernels<Backend>(backendName: string, kernels: Kernels<Backend>): void {
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    const before: tf.KernelConfig | undefined = tf.getKernel(kernelName, backendName);
    if (before) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...before,
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs: attributes = {} }) => {
        const result = kernel({
          inputs: inputs as tf.NamedTensorInfoMap,
          attributes: attributes as tf.NamedAttrMap,
          backend: backend as Backend,
        });
        if (result) return result;
        if (!before) throw new Error(`Kernel ${kernelName} does not cover this case.`);
        return before.kernelFunc({ inputs, backend, attrs: attributes });
      },
    });
  }
}
