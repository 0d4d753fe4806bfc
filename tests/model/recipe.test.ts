import { describe, expect, test } from 'vitest';
import { countParameters } from '../../src/model/architecture.ts';
import { presets } from '../../src/model/presets.ts';
import { departures, reportRecipe } from '../../src/model/recipe.ts';

describe('recipes', () => {
  test("the report's preset is the report's recipe", () => {
    expect(presets['report']).toMatchObject({ id: 'baseline', recipe: reportRecipe });
    expect(reportRecipe).toMatchObject({ epochs: 20, batchSize: 256, labelSmoothing: 0.1, limit: null });
    expect(countParameters(reportRecipe.architecture)).toBe(2_493_514);
  });

  test('each preset publishes under an id of its own', () => {
    const ids = Object.values(presets).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('departures are named, however deep', () => {
    expect(departures(reportRecipe)).toEqual([]);
    expect(departures({ ...reportRecipe, seed: 5 })).toEqual([]);
    expect(departures(presets['preview']!.recipe)).toEqual([
      'epochs: 2 instead of 20',
      'limit: 8000 instead of none',
    ]);
    expect(
      departures({
        ...reportRecipe,
        optimiser: { ...reportRecipe.optimiser, weightDecay: 0 },
        architecture: { ...reportRecipe.architecture, layers: [] },
      }),
    ).toEqual([
      'architecture: another instead of the report’s',
      'optimiser.weightDecay: 0 instead of 0.0001',
    ]);
  });
});
