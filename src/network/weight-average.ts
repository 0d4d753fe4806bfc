/** The mean of the weights that training passes through, which is often better than any of them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from './architecture.ts';
import { runKernel } from './kernel-contract.ts';
import type { Network } from './network.ts';
import { readVariables, writeVariables, zeroVariables } from './variables.ts';

export interface Averaging {
  /** Part of all steps that are done before averaging begins. */
  readonly from: number;
  /**
   * How much of the average stays at a step: .998 looks back on some 500 steps. 1 is the plain mean of all of them,
   * stochastic weight averaging (Izmailov et al., https://arxiv.org/abs/1803.05407).
   */
  readonly decay: number;
}

/** An average in the making; plain data. */
export interface WeightAverageState {
  /** How many steps' weights are in it. */
  count: number;
  weights: Weights;
}

let averages = 0;

/** An exponential moving average of parameters. Running statistics are not among them, see {@link gatherStatistics}. */
export class WeightAverage {
  readonly #decay: number;
  readonly #parameters: ReadonlyMap<string, tf.Variable>;
  readonly #averages: ReadonlyMap<string, tf.Variable>;
  #count = 0;

  /** @param parameters by name; they stay the caller's */
  constructor(parameters: ReadonlyMap<string, tf.Variable>, decay: number) {
    this.#decay = decay;
    this.#parameters = parameters;
    const shapes = [...parameters].map(([name, { shape }]) => ({ name, shape }));
    this.#averages = zeroVariables(shapes, `average${averages++}/`, false);
  }

  /** How many steps' weights are in it. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes in the parameters as they are now. As long as that gives them more weight, the average is the plain mean
   * of all so far, so that neither the zeros that it starts from nor the first weights count for more than their share.
   */
  add(): void {
    const share = Math.max(1 - this.#decay, 1 / ++this.#count);
    for (const [name, average] of this.#averages) {
      tf.tidy(() => average.assign(moveTowards(average, this.#parameters.get(name)!, share)));
    }
  }

  /** A copy of the averages, by the parameters' names. */
  weights(): Promise<Weights> {
    return readVariables(this.#averages);
  }

  async state(): Promise<WeightAverageState> {
    return { count: this.#count, weights: await this.weights() };
  }

  /** Goes back to a state that {@link state} gave. */
  restore(state: WeightAverageState): void {
    writeVariables(this.#averages, state.weights);
    this.#count = state.count;
  }

  dispose(): void {
    tf.dispose([...this.#averages.values()]);
  }
}

/** from + share · (to − from) */
function moveTowards(from: tf.Tensor, to: tf.Tensor, share: number): tf.Tensor {
  const moved = runKernel('MoveTowards', { from, to }, { share });
  return moved ?? tf.add(tf.mul(from, 1 - share), tf.mul(to, share));
}

/**
 * Sets a network's running means and variances anew for weights that no training step has seen, such as an average: to
 * the means of the batches' own, without dropout. The mean of other weights' statistics would not do, since the activations of
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
