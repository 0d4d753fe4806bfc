import { describe, expect, test } from 'vitest';
import { oneCycle } from '../../src/network/one-cycle.ts';
import { reportRecipe } from '../../src/training/recipe.ts';
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

  test('may end in a tail: a straight line from where the cosine ends, with the greatest β1', () => {
    const tail = { share: 0.5, start: 1e-3, end: 2e-4 };
    const at = (step: number) => oneCycle({ ...schedule, tail }, step, 1000);
    expect(at(0)).toEqual(oneCycle(schedule, 0, 1000));
    expect(at(299).learningRate).toBeCloseTo(0.01, 12);
    // Half way down the cosine, from step 299 to step 499.
    expect(at(399).learningRate).toBeCloseTo((0.01 + 1e-3) / 2, 12);
    expect(at(499)).toEqual({ learningRate: expect.closeTo(1e-3, 12) as number, beta1: 0.95 });
    expect(at(749).learningRate).toBeCloseTo((1e-3 + 2e-4) / 2, 12);
    expect(at(999)).toEqual({ learningRate: expect.closeTo(2e-4, 12) as number, beta1: 0.95 });
    expect(at(1000).learningRate).toBeCloseTo(2e-4, 12);
    for (let step = 300; step < 1000; step++) {
      expect(at(step).learningRate).toBeLessThan(at(step - 1).learningRate);
    }
  });
});
