import { describe, expect, test } from 'vitest';
import { reportArchitecture, weightSpecs } from '../../src/network/architecture.ts';
import { sizeOf } from '../../src/math/arrays.ts';
import { initialise } from '../../src/network/initialise.ts';

describe('initialisation', () => {
  const weights = initialise(reportArchitecture, 1);

  test('gives every weight its shape', () => {
    for (const { name, shape } of weightSpecs(reportArchitecture)) {
      expect(weights[name]!.shape).toEqual(shape);
      expect(weights[name]!.data).toHaveLength(sizeOf(shape));
    }
  });

  test('draws kernels and biases uniformly from ±1/√fan_in', () => {
    for (const { name, fanIn } of weightSpecs(reportArchitecture).filter((spec) => spec.fanIn > 0)) {
      const { data } = weights[name]!;
      const bound = 1 / Math.sqrt(fanIn);
      const n = data.length;
      const mean = data.reduce((sum, x) => sum + x, 0) / n;
      const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
      expect(
        data.every((x) => Math.abs(x) <= Math.fround(bound)),
        name,
      ).toBe(true);
      // Within five standard errors of a uniform distribution's mean and variance.
      expect(Math.abs(mean), name).toBeLessThan((5 * bound) / Math.sqrt(3 * n));
      expect(Math.abs(variance / (bound ** 2 / 3) - 1), name).toBeLessThan(5 * Math.sqrt(0.8 / n));
      // No corner of the interval is left out: the ends come within a hundredth where there are values enough.
      if (n > 5000) {
        expect(
          data.reduce((a, b) => Math.max(a, b)),
          name,
        ).toBeGreaterThan(0.99 * bound);
        expect(
          data.reduce((a, b) => Math.min(a, b)),
          name,
        ).toBeLessThan(-0.99 * bound);
      }
    }
  });

  test('starts batch normalisation at γ 1, β 0, mean 0, variance 1', () => {
    for (const [role, value] of Object.entries({ gamma: 1, beta: 0, moving_mean: 0, moving_variance: 1 })) {
      expect(weights[`bn1/${role}`]!.data.every((x) => x === value)).toBe(true);
    }
  });

  test('is decided by the seed', () => {
    expect(initialise(reportArchitecture, 1)).toEqual(weights);
    expect(initialise(reportArchitecture, 2)['conv1/kernel']).not.toEqual(weights['conv1/kernel']);
    expect(weights['bn1/gamma']!.data).not.toBe(weights['bn2/gamma']!.data);
    expect(weights['conv1/bias']!.data.slice(0, 8)).not.toEqual(weights['conv2/bias']!.data.slice(0, 8));
  });
});
