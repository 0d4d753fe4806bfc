import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { activateCpu, activateWasm as activate } from '../../../src/engines/node/tfjs.ts';
import { distance } from '../../network/pytorch.ts';
import { afterThreeSteps } from '../adamw.ts';

beforeAll(activate);

/** A parameter after three steps, and how many tensors are left over. */
async function trained(): Promise<{ values: Float32Array; tensors: number }> {
  const before = tf.memory().numTensors;
  const values = await afterThreeSteps([7, 5]);
  return { values, tensors: tf.memory().numTensors - before };
}

test('AdamW on wasm is what tfjs’s ops make of it, and keeps no tensor', async () => {
  expect(tf.getKernel('AdamW', 'wasm')).toBeDefined();
  const { values, tensors } = await trained();
  await activateCpu();
  const composed = await trained();
  await activate();
  expect(distance(values, composed.values)).toBeLessThan(1e-6);
  expect(tensors).toBe(composed.tensors);
});
