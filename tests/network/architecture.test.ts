import { describe, expect, test } from 'vitest';
import {
  classCount,
  countParameters,
  outputShapes,
  reportArchitecture,
  weightSpecs,
} from '../../src/network/architecture.ts';
import { tinyArchitecture } from './tiny.ts';

describe("the report's architecture", () => {
  test('has the number of parameters that the report states', () => {
    expect(countParameters(reportArchitecture)).toBe(2_493_514);
  });

  test('goes 28 → 14 → 7 → 3, flat 2304, 512, 256, 128, 10', () => {
    const shapes = outputShapes(reportArchitecture);
    const behind = (type: string): number[][] =>
      shapes.filter((_, i) => reportArchitecture.layers[i]!.type === type);
    expect(behind('conv')).toEqual([
      [28, 28, 64],
      [28, 28, 64],
      [14, 14, 128],
      [14, 14, 128],
      [7, 7, 256],
      [7, 7, 256],
    ]);
    expect(behind('maxPool')).toEqual([
      [14, 14, 64],
      [7, 7, 128],
      [3, 3, 256],
    ]);
    expect(behind('flatten')).toEqual([[2304]]);
    expect(behind('dense')).toEqual([[512], [256], [128], [10]]);
    expect(classCount(reportArchitecture)).toBe(10);
  });

  test("drops out at the report's rates, after each pool and each hidden dense layer", () => {
    const { layers } = reportArchitecture;
    const dropouts = layers.flatMap((layer, i) =>
      layer.type === 'dropout' ? [[layer.rate, layers[i - 1]!.type]] : [],
    );
    expect(dropouts).toEqual([
      [0.25, 'maxPool'],
      [0.25, 'maxPool'],
      [0.25, 'maxPool'],
      [0.5, 'relu'],
      [0.5, 'relu'],
      [0.3, 'relu'],
    ]);
  });

  test('names its weights as a Keras LayersModel does', () => {
    const specs = weightSpecs(reportArchitecture);
    expect(specs.map(({ name }) => name).filter((name) => /^(conv3|bn3|dense1)\//.test(name))).toEqual([
      'conv3/kernel',
      'conv3/bias',
      'bn3/gamma',
      'bn3/beta',
      'bn3/moving_mean',
      'bn3/moving_variance',
      'dense1/kernel',
      'dense1/bias',
    ]);
    expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
    expect(specs.find(({ name }) => name === 'conv3/kernel')).toEqual({
      name: 'conv3/kernel',
      layer: 'conv3',
      role: 'kernel',
      shape: [3, 3, 64, 128],
      fanIn: 576,
      trainable: true,
    });
    expect(specs.find(({ name }) => name === 'dense1/bias')).toMatchObject({ shape: [512], fanIn: 2304 });
    expect(specs.filter(({ trainable }) => !trainable)).toHaveLength(18);
  });
});

test('an architecture may be small', () => {
  expect(countParameters(tinyArchitecture())).toBe(40 + 8 + 222 + 12 + 440 + 16 + 90);
  expect(outputShapes(tinyArchitecture()).at(-1)).toEqual([10]);
});

test('layers that do not fit are refused by name', () => {
  expect(() =>
    outputShapes({ inputShape: [8, 8, 1], layers: [{ type: 'dense', name: 'dense1', units: 3 }] }),
  ).toThrow('dense1 needs a flat input, not [8, 8, 1]');
  expect(() =>
    outputShapes({
      inputShape: [8, 8, 1],
      layers: [{ type: 'flatten' }, { type: 'conv', name: 'conv1', filters: 2 }],
    }),
  ).toThrow('conv layer needs an input of three dimensions, not [64]');
});
