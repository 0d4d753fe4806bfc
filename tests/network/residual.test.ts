import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Architecture,
  countParameters,
  outputShapes,
  residualArchitecture,
  type Weights,
} from '../../src/network/architecture.ts';
import { batchGradients } from '../../src/network/gradients.ts';
import { initialise } from '../../src/network/initialise.ts';
import { smoothedTargets } from '../../src/network/loss.ts';
import { Network } from '../../src/network/network.ts';
import { Random } from '../../src/math/random.ts';
import { backends } from '../backends.ts';
import { tinyResidual } from './tiny.ts';

describe.each(backends)('a residual block on $name', ({ activate }) => {
  beforeAll(activate);

  test('has the gradient that differences of the loss show', async () => {
    const architecture = tinyResidual();
    const weights = initialise(architecture, 3);
    const images = tf.randomUniform<tf.Rank.R4>([6, 7, 7, 1], -1, 1, 'float32', 5);
    const targets = smoothedTargets([1, 2, 3, 4, 5, 6], 10, 0.1);
    const network = new Network(architecture, weights);
    const pass = (at: Weights): ReturnType<typeof batchGradients> => {
      network.load(at);
      return batchGradients(network, images, targets, 1);
    };
    const { gradients } = pass(weights);
    const random = new Random(9);
    const direction: Record<string, Float32Array> = {};
    let slope = 0;
    for (const [name, gradient] of Object.entries(gradients)) {
      const values = await gradient.data();
      direction[name] = Float32Array.from(values, () => random.uniform() - 0.5);
      slope += Array.from(values).reduce((sum, g, i) => sum + g * direction[name]![i]!, 0);
    }
    const lossAt = async (step: number): Promise<number> => {
      const moved = Object.entries(weights).map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((w, i) => w + step * (direction[name]?.[i] ?? 0)) },
      ]);
      return (await pass(Object.fromEntries(moved) as Weights).loss.data())[0]!;
    };
    const step = 1e-3;
    const differences = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
    expect(Math.abs(slope)).toBeGreaterThan(0.05);
    expect(differences / slope).toBeCloseTo(1, 1);
    network.dispose();
    tf.disposeVariables();
  });
});

test('a shortcut needs a convolution before it whose input is of the same shape', () => {
  const { inputShape, layers } = tinyResidual();
  const changed = (inputOf: string): Architecture => ({
    inputShape,
    layers: layers.map((layer) => (layer.type === 'add' ? { ...layer, inputOf } : layer)),
  });
  expect(() => outputShapes(changed('conv2'))).toThrow('no convolution before it is called');
  expect(() => outputShapes(changed('conv1'))).toThrow(
    'adds to [7, 7, 4] what goes into conv1, which is [7, 7, 1]',
  );
});

test('the residual network is a small one', () => {
  expect(outputShapes(residualArchitecture).at(-1)).toEqual([10]);
  expect(countParameters(residualArchitecture)).toBeLessThan(3e6);
});
