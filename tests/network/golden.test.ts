/** The same numbers as PyTorch. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdamW } from '../../src/network/adamw.ts';
import { type Weights, reportArchitecture, weightSpecs } from '../../src/network/architecture.ts';
import { sizeOf } from '../../src/math/arrays.ts';
import { batchGradients } from '../../src/network/gradients.ts';
import { crossEntropy, smoothedTargets } from '../../src/network/loss.ts';
import { Network } from '../../src/network/network.ts';
import { oneCycle } from '../../src/network/one-cycle.ts';
import { backends } from '../backends.ts';
import { distance, fromTorch, golden, norm } from './pytorch.ts';
import { tinyArchitecture, tinyName, tinyTraining, tinyWeights } from './tiny.ts';

/** Biases that feed a batch normalisation have no true gradient: Adam makes steps of rounding, see the files. */
const meaningless = /^(conv\d\/bias|dense1\/bias|bn\d\/moving_mean)$/;

const schedule = {
  maxLearningRate: 0.01,
  warmUp: 0.3,
  divFactor: 25,
  finalDivFactor: 1e4,
  baseBeta1: 0.85,
  maxBeta1: 0.95,
};

describe.each(backends)('twelve steps of a small network on $name', ({ activate }) => {
  const losses: number[] = [];
  const firstNorms: Record<string, number> = {};
  let weights: Weights = {};

  beforeAll(async () => {
    await activate();
    const { images, labels, steps, initial, batchSize } = tinyTraining;
    const pixels = sizeOf(images.shape.slice(2));
    const network = new Network(tinyArchitecture(), tinyWeights(initial));
    const optimiser = new AdamW(network.parameters, { beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-4 });
    const batches = labels.map((batchLabels, i) => ({
      // One channel: NCHW and NHWC are the same.
      images: tf.tensor4d(images.data.slice(i * batchSize * pixels, (i + 1) * batchSize * pixels), [
        batchSize,
        7,
        7,
        1,
      ]),
      targets: smoothedTargets(batchLabels, 10, 0.1),
    }));
    for (const [i, batch] of batches.entries()) {
      const step = batchGradients(network, batch.images, batch.targets, 0);
      losses.push((await step.loss.data())[0]!);
      if (i === 0) {
        for (const [name, gradient] of Object.entries(step.gradients))
          firstNorms[name] = norm(await gradient.data());
      }
      const { learningRate, beta1 } = oneCycle(schedule, i, steps.length);
      optimiser.apply(step.gradients, learningRate, beta1);
      network.updateStatistics(step.statistics);
      tf.dispose([step.loss, step.logits, step.gradients, step.statistics]);
    }
    weights = await network.weights();
    optimiser.dispose();
    network.dispose();
  });
  afterAll(() => tf.disposeVariables());

  test('losses within 1e-5', () => {
    const expected = tinyTraining.steps.map((step) => step.loss);
    expect(losses).toHaveLength(12);
    expect(distance(losses, expected)).toBeLessThan(1e-5);
  });

  test('gradients of the first step within 1e-4', () => {
    for (const [name, expected] of Object.entries(tinyTraining.steps[0]!.gradNorm)) {
      expect(Math.abs(firstNorms[tinyName(name)]! - expected), name).toBeLessThan(1e-4);
    }
  });

  test('final weights and running variances within 1e-4', () => {
    const compared = Object.entries(tinyWeights(tinyTraining.final)).filter(
      ([name]) => !meaningless.test(name),
    );
    expect(compared).toHaveLength(20 - 6);
    for (const [name, { shape, data }] of compared) {
      expect(weights[name]!.shape, name).toEqual(shape);
      expect(distance(weights[name]!.data, data), name).toBeLessThan(1e-4);
    }
  });
});

test.each(backends)('logits and loss of the network that PyTorch trained, on $name', async ({ activate }) => {
  await activate();
  const { images, labels, final, batchSize, evalLogitsOfBatch0, evalLossOfBatch0 } = tinyTraining;
  const network = new Network(tinyArchitecture(), tinyWeights(final));
  const batch = tf.tensor4d(images.data.slice(0, batchSize * 49), [batchSize, 7, 7, 1]);
  const logits = network.forward(batch, { training: false });
  expect(distance(await logits.data(), evalLogitsOfBatch0.flat())).toBeLessThan(1e-5);
  const loss = crossEntropy(logits, smoothedTargets(labels[0]!, 10, 0.1));
  expect(Math.abs((await loss.data())[0]! - evalLossOfBatch0)).toBeLessThan(1e-5);
  network.dispose();
});

interface GoldenNetwork {
  batchSize: number;
  loss: number;
  logits: number[][];
  gradients: { name: string; shape: number[]; gradientNorm: number; gradientAt: Record<string, number> }[];
  runningAfter: { name: string; runningMean0to3: number[]; runningVar0to3: number[] }[];
  evalLogitsAfter: number[][];
}

/** The formula of `golden/network.json`: a number from [−1, 1) for element i of parameter k. */
function formula(i: number, k: number): number {
  const v = Math.sin(12.9898 * i + 78.233 * k) * 43758.5453;
  return 2 * (v - Math.floor(v)) - 1;
}

describe.each(backends.filter(({ fast }) => fast))("the report's network on $name", ({ activate }) => {
  const expected = golden<GoldenNetwork>('network');
  const architecture = {
    ...reportArchitecture,
    layers: reportArchitecture.layers.filter((l) => l.type !== 'dropout'),
  };
  const gradients: Weights = {};
  let loss = 0;
  let logits: number[][] = [];
  let evalLogits: number[][] = [];
  let after: Weights = {};

  beforeAll(async () => {
    await activate();
    const weights: Weights = {};
    const specs = weightSpecs(architecture);
    const trainable = specs.filter((spec) => spec.trainable);
    expect(trainable).toHaveLength(expected.gradients.length);
    for (const { name, shape, role } of specs.filter((spec) => !spec.trainable)) {
      weights[name] = {
        shape,
        data: new Float32Array(sizeOf(shape)).fill(role === 'moving_variance' ? 1 : 0),
      };
    }
    for (const [k, { name, role, fanIn }] of trainable.entries()) {
      const { shape } = expected.gradients[k]!;
      const scale = { kernel: Math.sqrt(3 / fanIn), bias: 0.05, gamma: 0.2, beta: 0.2 }[role as 'kernel'];
      const data = Array.from(
        { length: sizeOf(shape) },
        (_, i) => (role === 'gamma' ? 1 : 0) + scale * formula(i, k),
      );
      weights[name] = fromTorch({ shape, data }, name === 'dense1/kernel' ? [256, 3, 3] : undefined);
    }
    const network = new Network(architecture, weights);
    const n = expected.batchSize;
    const pixels = Array.from({ length: n * 28 * 28 }, (_, j) => (formula(j, 100) + 1) / 2);
    const images = tf.tensor4d(pixels, [n, 28, 28, 1]);
    const targets = smoothedTargets(
      Array.from({ length: n }, (_, i) => i),
      10,
      0.1,
    );
    const step = batchGradients(network, images, targets, 0);
    loss = (await step.loss.data())[0]!;
    logits = (await step.logits.array()) as number[][];
    for (const [name, gradient] of Object.entries(step.gradients)) {
      gradients[name] = { shape: gradient.shape, data: Float32Array.from(await gradient.data()) };
    }
    network.updateStatistics(step.statistics);
    evalLogits = (await network.forward(images, { training: false }).array()) as number[][];
    after = await network.weights();
    network.dispose();
  });
  afterAll(() => tf.disposeVariables());

  test('loss and logits within 1e-4', () => {
    expect(Math.abs(loss - expected.loss)).toBeLessThan(1e-4);
    expect(distance(logits.flat(), expected.logits.flat())).toBeLessThan(1e-4);
  });

  test('gradients within 1e-4, relative to their norm where that is large', () => {
    // Of this batch, one value before a ReLU is 2e-7 (third layer) and one 5e-7 (sixth): on which side of zero they come
    // out is a matter of rounding, and moves single gradients by some 1e-4 of their tensor's norm.
    const specs = weightSpecs(architecture).filter((spec) => spec.trainable);
    for (const [k, { name, shape, gradientNorm, gradientAt }] of expected.gradients.entries()) {
      const gradient = gradients[specs[k]!.name]!;
      const tolerance = 1e-4 * Math.max(1, gradientNorm);
      expect(Math.abs(norm(gradient.data) - gradientNorm), `norm of ${name}`).toBeLessThan(tolerance);
      // Where element i of PyTorch's layout went: send the indices the way the weights went.
      const indices = Array.from({ length: sizeOf(shape) }, (_, i) => i);
      const places = fromTorch(
        { shape, data: indices },
        name === 'dense1.weight' ? [256, 3, 3] : undefined,
      ).data;
      for (const [index, wanted] of Object.entries(gradientAt)) {
        const actual = gradient.data[places.indexOf(Number(index))]!;
        expect(Math.abs(actual - wanted), `${name}[${index}]`).toBeLessThan(tolerance);
      }
    }
  });

  test('running statistics and logits by them within 1e-4', () => {
    for (const { name, runningMean0to3, runningVar0to3 } of expected.runningAfter) {
      expect(distance(after[`${name}/moving_mean`]!.data.slice(0, 4), runningMean0to3), name).toBeLessThan(
        1e-4,
      );
      expect(distance(after[`${name}/moving_variance`]!.data.slice(0, 4), runningVar0to3), name).toBeLessThan(
        1e-4,
      );
    }
    expect(distance(evalLogits.flat(), expected.evalLogitsAfter.flat())).toBeLessThan(1e-4);
  });
});
