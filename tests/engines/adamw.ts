import * as tf from '@tensorflow/tfjs-core';
import { AdamW } from '../../src/network/adamw.ts';

/** A parameter's values after three steps on the current backend; keeps no tensor. */
export async function afterThreeSteps(shape: [number, number]): Promise<Float32Array> {
  const initial = tf.randomUniform(shape, -1, 1, 'float32', 1);
  const parameter = tf.variable(initial);
  const gradient = tf.randomUniform(shape, -1, 1, 'float32', 2);
  const options = { beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
  const optimiser = new AdamW(new Map([['parameter', parameter]]), options);
  for (const [rate, beta1] of [
    [1e-2, 0.95],
    [2e-2, 0.9],
    [1e-3, 0.85],
  ] as const) {
    optimiser.apply({ parameter: gradient }, rate, beta1);
  }
  const values = Float32Array.from(await parameter.data());
  optimiser.dispose();
  tf.dispose([initial, parameter, gradient]);
  return values;
}
