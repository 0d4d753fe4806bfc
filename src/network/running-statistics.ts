/** Running statistics made anew for weights that no training step has seen, such as an average of others. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Network } from './network.ts';

/**
 * Sets the network's running means and variances to the means of those of the batches, dropout left out: what the
 * weights give where they are used. The mean of other weights' statistics would not do, since the activations of
 * averaged weights vary less than theirs do.
 * @param batches normalised images [n, height, width, channels], disposed of here
 */
export function gatherStatistics(network: Network, batches: Iterable<tf.Tensor4D>): void {
  let count = 0;
  for (const images of batches) {
    network.forward(images, { training: true, dropoutSeed: null, momentum: 1 / ++count }).dispose();
    images.dispose();
  }
}
