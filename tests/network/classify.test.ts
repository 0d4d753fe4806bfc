import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { classify } from '../../src/network/classify.ts';
import { FoldedNetwork } from '../../src/network/fold.ts';
import { initialise } from '../../src/network/initialise.ts';
import { normaliseBytes } from '../../src/network/preprocess.ts';
import { Random } from '../../src/math/random.ts';
import { backends } from '../backends.ts';
import { distance } from './pytorch.ts';
import { tinyArchitecture } from './tiny.ts';

beforeAll(backends[0]!.activate);

test('images are classified in the order that is asked for, batch by batch, and nothing stays', async () => {
  const random = new Random(1);
  const pixels = Uint8Array.from({ length: 300 * 49 }, () => random.below(256));
  const network = new FoldedNetwork(tinyArchitecture(), initialise(tinyArchitecture(), 1));
  const tensors = tf.memory().numTensors;
  const indices = Array.from({ length: 260 }, (_, i) => (7 * i) % 300);
  const progress: number[] = [];

  const probabilities = await classify(network, pixels, indices, (done) => void progress.push(done));

  expect(tf.memory().numTensors).toBe(tensors);
  expect(progress).toEqual([128, 256, 260]);
  expect(probabilities).toHaveLength(2600);
  for (const n of [0, 127, 128, 259]) {
    const from = indices[n]! * 49;
    const image = tf.tensor4d(normaliseBytes(pixels.subarray(from, from + 49)), [1, 7, 7, 1]);
    const alone = await network.probabilities(image).data();
    expect(distance(probabilities.subarray(10 * n, 10 * n + 10), alone)).toBeLessThan(1e-6);
  }
  expect(await classify(network, pixels, [])).toHaveLength(0);
});

test('who is told of the progress may end it, and nothing stays', async () => {
  const network = new FoldedNetwork(tinyArchitecture(), initialise(tinyArchitecture(), 1));
  const tensors = tf.memory().numTensors;
  const asked: number[] = [];
  const ended = classify(network, new Uint8Array(300 * 49), [...Array(300).keys()], async (done) => {
    asked.push(done);
    if (done === 256) throw new Error('enough');
  });
  await expect(ended).rejects.toThrow('enough');
  expect(asked).toEqual([128, 256]);
  expect(tf.memory().numTensors).toBe(tensors);
});
