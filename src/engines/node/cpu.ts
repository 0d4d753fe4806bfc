import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

/** Makes tfjs's plain JavaScript backend the current one. Slow; it is the reference that is always there. */
export async function activate(): Promise<void> {
  await tf.setBackend('cpu');
  // Otherwise its first tensor prints an advertisement for tfjs-node.
  (tf.backend() as tf.KernelBackend & { firstUse: boolean }).firstUse = false;
}
