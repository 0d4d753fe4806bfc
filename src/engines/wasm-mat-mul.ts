/**
 * The matrix product on wasm where it is asked to transpose: over twenty times slower there than without. Here the
 * transposition is done once, by itself. Node and the browser share it.
 */
import * as tf from '@tensorflow/tfjs-core';

const wrapped = new Set<string>();

/** Puts the faster product before the backend's own. To be called once the backend's kernels are registered. */
export function registerMatMul(backendName: string): void {
  const own = tf.getKernel(tf.BatchMatMul, backendName);
  if (!own || wrapped.has(backendName)) return;
  wrapped.add(backendName);
  tf.unregisterKernel(tf.BatchMatMul, backendName);
  tf.registerKernel({
    ...own,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { a, b } = inputs as { a: tf.Tensor; b: tf.Tensor };
      const { transposeA, transposeB } = attrs as unknown as tf.BatchMatMulAttrs;
      if (!transposeA && !transposeB) return own.kernelFunc({ inputs, backend, attrs });
      return tf.tidy(() =>
        tf.matMul(transposeA ? transposeMatrices(a) : a, transposeB ? transposeMatrices(b) : b),
      );
    },
  });
}

/** The last two axes exchanged. */
function transposeMatrices(x: tf.Tensor): tf.Tensor {
  const axes = [...x.shape.keys()];
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}
