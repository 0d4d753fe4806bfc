import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { activate as activateCpu } from '../../../src/engines/node/cpu.ts';
import { activate } from '../../../src/engines/node/wasm.ts';
import { AdamW } from '../../../src/model/adamw.ts';
import { ADAM_W, hasKernel } from '../../../src/model/kernels.ts';
import { distance } from '../../model/pytorch.ts';

beforeAll(activate);

/** A parameter after three steps, and how many tensors are left over. */
async function trained(): Promise<{ values: Float32Array; tensors: number }> {
  const before = tf.memory().numTensors;
  const parameter = tf.variable(tf.randomUniform([7, 5], -1, 1, 'float32', 1));
  const gradient = tf.randomUniform([7, 5], -1, 1, 'float32', 2);
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
  tf.dispose([parameter, gradient]);
  return { values, tensors: tf.memory().numTensors - before };
}

test('AdamW on wasm is what tfjs’s ops make of it, and keeps no tensor', async () => {
  expect(hasKernel(ADAM_W)).toBe(true);
  const { values, tensors } = await trained();
  await activateCpu();
  const composed = await trained();
  await activate();
  expect(distance(values, composed.values)).toBeLessThan(1e-6);
  expect(tensors).toBe(composed.tensors);
});
