import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { toPyTorch } from '../../src/artifacts/state-dict.ts';
import {
  type Architecture,
  attentionArchitecture,
  reportArchitecture,
  type Weights,
  weightSpecs,
} from '../../src/network/architecture.ts';
import { initialise } from '../../src/network/initialise.ts';
import { sizeOf } from '../../src/math/arrays.ts';

const architecture: Architecture = {
  inputShape: [4, 4, 2],
  layers: [
    { type: 'conv', name: 'conv1', filters: 3 },
    { type: 'batchNorm', name: 'bn1' },
    { type: 'maxPool' },
    { type: 'flatten' },
    { type: 'dense', name: 'dense1', units: 5 },
    { type: 'dense', name: 'dense2', units: 2 },
  ],
};

/** Every weight a number that tells where it stands: 1000 row + its row-major index. */
function numbered(): Weights {
  return Object.fromEntries(
    weightSpecs(architecture).map(({ name, shape }, row) => {
      const size = sizeOf(shape);
      return [name, { shape, data: Float32Array.from({ length: size }, (_, i) => 1000 * row + i) }];
    }),
  );
}

it('turns the layouts', () => {
  const weights = numbered();
  const tensors = toPyTorch(architecture, weights);
  const [conv, dense, last] = ['conv1.weight', 'dense1.weight', 'dense2.weight'].map(
    (name) => tensors[name]!,
  );
  expect(conv!.shape).toEqual([3, 2, 3, 3]);
  // PyTorch's [o, c, y, x] = [2, 1, 0, 1] is [y, x, c, o] = [0, 1, 1, 2] here.
  expect(conv!.data[((2 * 2 + 1) * 3 + 0) * 3 + 1]).toBe(
    weights['conv1/kernel']!.data[((0 * 3 + 1) * 2 + 1) * 3 + 2],
  );
  // Of the flattened 2×2×3 image, PyTorch's input (c, y, x) = (1, 0, 1) is (y, x, c) = (0, 1, 1) here.
  expect(dense!.shape).toEqual([5, 12]);
  expect(dense!.data[4 * 12 + (1 * 2 + 0) * 2 + 1]).toBe(
    weights['dense1/kernel']!.data[((0 * 2 + 1) * 3 + 1) * 5 + 4],
  );
  expect(last!.shape).toEqual([2, 5]);
  expect(last!.data[1 * 5 + 3]).toBe(weights['dense2/kernel']!.data[3 * 2 + 1]);
  expect(tensors['bn1.weight']).toBe(weights['bn1/gamma']);
  expect(tensors['bn1.running_var']).toBe(weights['bn1/moving_variance']);
});

it('has two `nn.Linear` for squeeze and excitation', () => {
  const weights = initialise(attentionArchitecture, 1);
  const tensors = toPyTorch(attentionArchitecture, weights);
  const own = Object.keys(tensors).filter((name) => name.startsWith('se1'));
  expect(own.map((name) => [name, tensors[name]!.shape])).toEqual([
    ['se1_squeeze.weight', [8, 64]],
    ['se1_squeeze.bias', [8]],
    ['se1_excite.weight', [64, 8]],
    ['se1_excite.bias', [64]],
  ]);
  expect(tensors['se1_excite.weight']!.data[5 * 8 + 3]).toBe(weights['se1_excite/kernel']!.data[3 * 64 + 5]);
});

it('has the names and shapes that PyTorch has for the report’s network', () => {
  const golden = JSON.parse(
    readFileSync(new URL('../fixtures/golden/network.json', import.meta.url), 'utf8'),
  ) as { gradients: { name: string; shape: number[] }[] };
  const tensors = toPyTorch(reportArchitecture, initialise(reportArchitecture, 1));
  for (const { name, shape } of golden.gradients) {
    const key = name.replace('gamma', 'weight').replace('beta', 'bias');
    expect(tensors[key]?.shape, key).toEqual(shape);
  }
});
