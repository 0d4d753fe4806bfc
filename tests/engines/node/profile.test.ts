import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { profileKernels, replayKernels } from '../../../src/engines/node/profile.ts';
import { activateCpu } from '../../../src/engines/node/tfjs.ts';
import { activate } from '../../../src/engines/node/webgpu.ts';
import { noTestGpu } from '../../test-gpu.ts';

/** Products of matrices, and a list of them put together. */
function work(): void {
  tf.tidy(() => {
    const a = tf.ones([64, 64]) as tf.Tensor2D;
    const b = tf.matMul(tf.matMul(a, a), a);
    tf.concat([a, tf.matMul(b, tf.ones([64, 2]) as tf.Tensor2D)], 1);
  });
}

it('repeats each kind of call on a GPU, counts the calls and keeps nothing', async (test) => {
  if (noTestGpu) test.skip(noTestGpu);
  await activate(true);
  const profile = replayKernels();
  work();
  work();
  const { numTensors, numDataBuffers } = tf.memory();
  const times = await profile();
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  const product = times.find(({ kernel }) => kernel === 'BatchMatMul')!;
  expect(product.calls).toBe(6);
  expect(times.find(({ kernel }) => kernel === 'Concat')!.calls).toBe(2);
  for (const { seconds } of times) expect(seconds).toBeGreaterThan(0);
  expect(times.map(({ seconds }) => seconds)).toEqual(
    times.map(({ seconds }) => seconds).sort((a, b) => b - a),
  );
  // What was noted is taken, and the repetitions were not noted.
  expect(await profile()).toEqual([]);
});

it('times calls as they come on a CPU', async () => {
  await activateCpu();
  const profile = profileKernels();
  work();
  const product = (await profile()).find(({ kernel }) => kernel === 'BatchMatMul')!;
  expect(product.calls).toBe(3);
  expect(product.seconds).toBeGreaterThan(0);
  expect(await profile()).toEqual([]);
});
