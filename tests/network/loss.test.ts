import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { crossEntropy, smoothedTargets } from '../../src/network/loss.ts';
import { NO_CLASS } from '../../src/data/dataset.ts';
import { smoothedCrossEntropy } from '../../src/evaluation/metrics.ts';
import { softmax } from '../../src/math/arrays.ts';
import { backends } from '../backends.ts';

const logits = [2, -1, 0.5, 0.1, 0.2, 0.3];

describe.each(backends)('the loss on $name', ({ activate }) => {
  beforeAll(activate);
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('spreads its targets', async () => {
    const targets = await smoothedTargets([2, 0], 4, 0.2).data();
    [0.05, 0.05, 0.85, 0.05, 0.85, 0.05, 0.05, 0.05].forEach((p, i) => expect(targets[i]).toBeCloseTo(p, 6));
  });

  test('lets teachers have their part, but not in an image of no class', async () => {
    const probabilities = [0.7, 0.3, 0, 0, 0.1, 0.2, 0.3, 0.4];
    const targets = await smoothedTargets([2, NO_CLASS], 4, 0.2, { probabilities, weight: 0.25 }).data();
    const expected = [0.2125, 0.1125, 0.6375, 0.0375, 0.25, 0.25, 0.25, 0.25];
    expected.forEach((p, i) => expect(targets[i]).toBeCloseTo(p, 6));
  });

  test('leaves out teachers where they are silent', async () => {
    const probabilities = [0.7, 0.3, 0, 0, 0.1, 0.2, 0.3, 0.4];
    const teachers = { probabilities, weight: 0.25, silent: [0, 1] };
    const targets = await smoothedTargets([2, 0], 4, 0.2, teachers).data();
    const expected = [0.2125, 0.1125, 0.6375, 0.0375, 0.85, 0.05, 0.05, 0.05];
    expected.forEach((p, i) => expect(targets[i]).toBeCloseTo(p, 6));
  });

  test('is the cross-entropy that evaluation computes', async () => {
    const loss = await crossEntropy(tf.tensor2d(logits, [2, 3]), smoothedTargets([0, 2], 3, 0.1)).data();
    expect(loss[0]).toBeCloseTo(smoothedCrossEntropy(softmax(logits, 3), [0, 2], 3, 0.1), 5);
  });

  test('has the gradient (softmax − target) / n', async () => {
    const targets = smoothedTargets([0, 2], 3, 0.1);
    const gradient = await tf
      .grad((x) => crossEntropy(x as tf.Tensor2D, targets))(tf.tensor2d(logits, [2, 3]))
      .data();
    const wanted = await targets.data();
    softmax(logits, 3).forEach((p, i) => expect(gradient[i]).toBeCloseTo((p - wanted[i]!) / 2, 5));
  });

  test('is finite for logits whose exponentials are not', async () => {
    const loss = await crossEntropy(tf.tensor2d([500, -500], [1, 2]), smoothedTargets([1], 2, 0)).data();
    expect(loss[0]).toBeCloseTo(1000, 1);
  });
});
