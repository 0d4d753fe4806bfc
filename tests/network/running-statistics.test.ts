import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Architecture } from '../../src/network/architecture.ts';
import { initialise } from '../../src/network/initialise.ts';
import { Network } from '../../src/network/network.ts';
import { Random } from '../../src/math/random.ts';
import { gatherStatistics } from '../../src/network/weight-average.ts';
import { backends } from '../backends.ts';

/** Batch normalisation of the pixels themselves, behind a dropout that would change them. */
const architecture: Architecture = {
  inputShape: [1, 1, 2],
  layers: [
    { type: 'flatten' },
    { type: 'dropout', name: 'dropout1', rate: 0.5 },
    { type: 'batchNorm', name: 'bn1' },
    { type: 'dense', name: 'dense1', units: 2 },
  ],
};

const random = new Random(4);
const batches = Array.from({ length: 3 }, () => Array.from({ length: 8 }, () => random.uniform()));

const statistic = (of: (values: number[]) => number, channel: number): number =>
  batches.reduce((sum, batch) => sum + of(batch.filter((_, i) => i % 2 === channel)) / batches.length, 0);
const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const variance = (values: number[]): number =>
  values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1);

describe.each(backends)('running statistics on $name', ({ activate }) => {
  beforeAll(activate);

  test('made anew are the means of the batches’ own, whatever they were, without dropout', async () => {
    const network = new Network(architecture, initialise(architecture, 1));
    const before = tf.memory().numTensors;
    const tensors = function* (): Generator<tf.Tensor4D> {
      for (const batch of batches) yield tf.tensor4d(batch, [4, 1, 1, 2]);
    };
    gatherStatistics(network, tensors());
    gatherStatistics(network, tensors());
    expect(tf.memory().numTensors).toBe(before);
    const weights = await network.weights();
    for (const channel of [0, 1]) {
      expect(weights['bn1/moving_mean']!.data[channel]).toBeCloseTo(statistic(mean, channel), 5);
      expect(weights['bn1/moving_variance']!.data[channel]).toBeCloseTo(statistic(variance, channel), 5);
    }
    network.dispose();
  });
});
