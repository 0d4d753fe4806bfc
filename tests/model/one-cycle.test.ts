import { describe, expect, test } from 'vitest';
import { oneCycle } from '../../src/model/one-cycle.ts';
import { reportRecipe } from '../../src/model/recipe.ts';
import { golden } from './pytorch.ts';
import { tinyTraining } from './tiny.ts';

const { schedule } = reportRecipe;

describe('the one-cycle schedule', () => {
  test("follows PyTorch's over the report's 3,760 steps within 1e-9", () => {
    const { onecycle } = golden<{ onecycle: { step: number; lr: number; beta1: number }[] }>('onecycle');
    expect(onecycle).toHaveLength(17);
    for (const { step, lr, beta1 } of onecycle) {
      const actual = oneCycle(schedule, step, 3760);
      expect(Math.abs(actual.learningRate - lr)).toBeLessThan(1e-9);
      expect(Math.abs(actual.beta1 - beta1)).toBeLessThan(1e-9);
    }
  });

  test('follows it over twelve steps too', () => {
    for (const [step, { lr, beta1 }] of tinyTraining.steps.entries()) {
      expect(Math.abs(oneCycle(schedule, step, 12).learningRate - lr)).toBeLessThan(1e-9);
      expect(Math.abs(oneCycle(schedule, step, 12).beta1 - beta1)).toBeLessThan(1e-9);
    }
  });

  test("is what the report's log prints after epochs 18, 19 and 20", () => {
    const printed = [18, 19, 20].map((epoch) =>
      oneCycle(schedule, 188 * epoch, 3760).learningRate.toFixed(6),
    );
    expect(printed).toEqual(['0.000493', '0.000124', '0.000000']);
  });

  test.each([1, 2, 3, 4])('is made of numbers for a run of %i steps', (steps) => {
    for (let step = 0; step <= steps; step++) {
      const { learningRate, beta1 } = oneCycle(schedule, step, steps);
      expect(learningRate).toBeGreaterThan(0);
      expect(learningRate).toBeLessThanOrEqual(schedule.maxLearningRate);
      expect(beta1).toBeGreaterThan(0.8);
    }
  });
});
