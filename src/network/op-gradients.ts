/**
 * Gradients of those tfjs ops through which the network's gradient flows. `@tensorflow/tfjs-core` alone has none: its
 * list of them is part of the whole of tfjs, and in a form that Node cannot import. Where that list is loaded, it stays.
 */
import * as tf from '@tensorflow/tfjs-core';

const gradients: tf.GradConfig[] = [
  {
    kernelName: tf.Reshape,
    inputsToSave: ['x'],
    gradFunc: (dy, saved) => ({ x: () => tf.reshape(dy as tf.Tensor, saved[0]!.shape) }),
  },
  {
    kernelName: tf.Relu,
    outputsToSave: [true],
    gradFunc: (dy, saved) => ({ x: () => tf.mul(dy as tf.Tensor, tf.step(saved[0]!)) }),
  },
  {
    kernelName: tf.MaxPool,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => ({
      x: () =>
        tf
          .engine()
          .runKernel(
            tf.MaxPoolGrad,
            { dy: dy as tf.Tensor, input: saved[0]!, output: saved[1]! },
            attributes,
          ),
    }),
  },
];

/** Registers each gradient that is not there yet. */
export function registerOpGradients(): void {
  for (const gradient of gradients) if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient);
}
