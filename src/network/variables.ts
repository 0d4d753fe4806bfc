/** Variables' values in and out, as plain data. */
import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from './architecture.ts';

/** Variables of value 0. @param prefix tfjs keeps variables by name for the whole process, so it must be unique */
export function zeroVariables(
  specs: Iterable<{ name: string; shape: readonly number[] }>,
  prefix: string,
  trainable: boolean,
): Map<string, tf.Variable> {
  const variables = new Map<string, tf.Variable>();
  for (const { name, shape } of specs) {
    const zeros = tf.zeros([...shape]);
    variables.set(name, tf.variable(zeros, trainable, prefix + name));
    zeros.dispose();
  }
  return variables;
}

/** A copy of the values, by name. */
export async function readVariables(variables: ReadonlyMap<string, tf.Variable>): Promise<Weights> {
  // All at once: on a GPU each answer that is waited for is a way there and back.
  const weights = await Promise.all(
    Array.from(variables, async ([name, variable]) => {
      // A copy: some backends give away memory that they go on to use.
      const data = Float32Array.from(await variable.data());
      return [name, { shape: [...variable.shape], data }] as const;
    }),
  );
  return Object.fromEntries(weights);
}

/** Gives each variable the value of its name. @throws before anything is changed if one is missing or has another shape */
export function writeVariables(variables: ReadonlyMap<string, tf.Variable>, weights: Weights): void {
  for (const [name, variable] of variables) {
    const weight = weights[name];
    if (!weight) throw new Error(`The weight ${name} is missing.`);
    if (weight.shape.join() !== variable.shape.join()) {
      throw new Error(`The weight ${name} is [${weight.shape}] where the network has [${variable.shape}].`);
    }
  }
  for (const [name, variable] of variables) {
    // A copy: some backends keep what they are given.
    tf.tidy(() => variable.assign(tf.tensor(weights[name]!.data.slice(), variable.shape)));
  }
}
