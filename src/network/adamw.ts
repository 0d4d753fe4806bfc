/** AdamW: Adam with decoupled weight decay (Loshchilov and Hutter), in PyTorch's order of operations. */
import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from './architecture.ts';
import { type KernelAttributes, type KernelInputs, type KernelOutput, runKernel } from './kernel-contract.ts';
import { readVariables, writeVariables, zeroVariables } from './variables.ts';

export interface AdamWOptions {
  readonly beta2: number;
  readonly epsilon: number;
  /** Applied to every parameter, biases and batch normalisation's too, as PyTorch does by default. */
  readonly weightDecay: number;
}

/** The optimiser's memory; plain data. */
export interface AdamWState {
  /** Steps done. */
  step: number;
  m: Weights;
  v: Weights;
}

let optimisers = 0;

export class AdamW {
  readonly options: AdamWOptions;
  readonly #parameters: ReadonlyMap<string, tf.Variable>;
  readonly #m: ReadonlyMap<string, tf.Variable>;
  readonly #v: ReadonlyMap<string, tf.Variable>;
  #step = 0;

  /** @param parameters by name; the optimiser changes their values but does not own them */
  constructor(parameters: ReadonlyMap<string, tf.Variable>, options: AdamWOptions) {
    this.options = options;
    this.#parameters = parameters;
    const shapes = [...parameters].map(([name, { shape }]) => ({ name, shape }));
    const prefix = `adamw${optimisers++}`;
    this.#m = zeroVariables(shapes, `${prefix}/m/`, false);
    this.#v = zeroVariables(shapes, `${prefix}/v/`, false);
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /**
   * One step for every parameter. β1 is the one in force now; PyTorch corrects the bias with it, though the moment was
   * gathered under others.
   * @param gradients by the parameters' names; they stay the caller's
   */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number, beta1: number): void {
    const attributes = { learningRate, beta1, ...this.options, step: this.#step + 1 };
    for (const [name, parameter] of this.#parameters) {
      const gradient = gradients[name];
      if (!gradient) throw new Error(`AdamW was given no gradient for ${name}.`);
      const m = this.#m.get(name)!;
      const v = this.#v.get(name)!;
      tf.tidy(() => {
        const [newParameter, newM, newV] = update({ parameter, gradient, m, v }, attributes);
        parameter.assign(newParameter);
        m.assign(newM);
        v.assign(newV);
      });
    }
    this.#step++;
  }

  async state(): Promise<AdamWState> {
    return { step: this.#step, m: await readVariables(this.#m), v: await readVariables(this.#v) };
  }

  /** Goes back to a state that {@link state} gave. */
  restore(state: AdamWState): void {
    this.#step = state.step;
    writeVariables(this.#m, state.m);
    writeVariables(this.#v, state.v);
  }

  dispose(): void {
    tf.dispose([...this.#m.values(), ...this.#v.values()]);
  }
}

function update(inputs: KernelInputs<'AdamW'>, attributes: KernelAttributes<'AdamW'>): KernelOutput<'AdamW'> {
  const updated = runKernel('AdamW', inputs, attributes);
  if (updated) return updated;
  const { parameter, gradient } = inputs;
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = attributes;
  const m = tf.add(tf.mul(inputs.m, beta1), tf.mul(gradient, 1 - beta1));
  const v = tf.add(tf.mul(inputs.v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const denominator = tf.add(tf.div(tf.sqrt(v), Math.sqrt(1 - beta2 ** step)), epsilon);
  const change = tf.mul(tf.div(m, denominator), learningRate / (1 - beta1 ** step));
  return [tf.sub(tf.mul(parameter, 1 - learningRate * weightDecay), change), m, v];
}
