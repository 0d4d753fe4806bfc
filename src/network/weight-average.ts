/** The mean of the weights that training passes through, which is often better than any of them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from './architecture.ts';
import { hasKernel, MOVE_TOWARDS, runKernel } from './kernels.ts';
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

/** An exponential moving average of parameters. It holds no running statistics, see `statistics.ts`. */
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
   * Takes in the parameters as they are now. As long as that weighs them more, the average is the plain mean of all
   * there were, so that neither the zeros it begins with nor the first weights count for more than their share.
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
  if (hasKernel(MOVE_TOWARDS)) return runKernel(MOVE_TOWARDS, { from, to }, { share });
  return tf.add(tf.mul(from, 1 - share), tf.mul(to, share));
}
