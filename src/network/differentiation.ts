/** What differentiation needs beyond `@tensorflow/tfjs-core`. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * The gradients of those tfjs ops through which the network's gradient flows. tfjs-core alone has none: its list of them
 * is part of the whole of tfjs, in a form that Node cannot import.
 */
const gradients: tf.GradConfig[] = [
  {
    kernelName: tf.Reshape,
    inputsToSave: ['x'],
    gradFunc: (dy, saved) => ({ x: () => tf.reshape(dy as tf.Tensor, saved[0]!.shape) }),
  },
  {
    // Of two tensors of one shape, which is all that the network adds.
    kernelName: tf.Add,
    gradFunc: (dy) => ({ a: () => tf.clone(dy as tf.Tensor), b: () => tf.clone(dy as tf.Tensor) }),
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

/** Registers the gradients of ops that have none yet. */
export function registerOpGradients(): void {
  for (const gradient of gradients) if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient);
}

/**
 * An operation whose gradient is given instead of being composed of its steps' gradients: `tf.customGrad` with types.
 * @param compute gets the inputs; what it names as `saved` is kept for `gradient`, which returns the inputs' gradients
 *   in their order
 */
export function withGradient<Inputs extends readonly tf.Tensor[], Saved extends readonly tf.Tensor[]>(
  inputs: readonly [...Inputs],
  compute: (...inputs: Inputs) => {
    value: tf.Tensor;
    saved: readonly [...Saved];
    gradient: (dy: tf.Tensor, ...saved: Saved) => tf.Tensor[];
  },
): tf.Tensor {
  const operation = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const save = args.pop() as tf.GradSaveFunc;
    const { value, saved, gradient } = compute(...(args as unknown as Inputs));
    save([...saved]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => gradient(dy, ...(kept as unknown as Saved)),
    };
  });
  return operation(...inputs);
}
