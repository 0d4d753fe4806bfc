import { describe, expect, test } from 'vitest';
import { countParameters } from '../../src/network/architecture.ts';
import { ensembles, presets } from '../../src/training/presets.ts';
import { departures, type Recipe, reportRecipe, trainedArchitecture } from '../../src/training/recipe.ts';

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

  test('of the report’s suggestions differ from the report’s in that alone', () => {
    const departs = (name: string): string[] => departures(presets[name]!.recipe);
    expect(departs('augment').every((text) => text.startsWith('augmentation.'))).toBe(true);
    expect(departs('long-tail').every((text) => text.startsWith('schedule.tail.'))).toBe(true);
    expect(departs('attention')).toEqual([
      'architecture: the report’s with squeeze and excitation instead of the report’s',
    ]);
    expect(departs('augment-shirt').filter((text) => !departs('augment').includes(text))).toEqual([
      'augmentation.classStrength.6: 1.5 instead of none',
    ]);
  });

  test('of the others keep the report’s network', () => {
    for (const name of ['best', 'best-trial', 'fast', 'sketch']) {
      expect(presets[name]!.recipe.architecture).toEqual(reportRecipe.architecture);
    }
  });

  test('are trained with dropout rates of their own', () => {
    const rates = ({ layers }: Recipe['architecture']): number[] =>
      layers.flatMap((layer) => (layer.type === 'dropout' ? [layer.rate] : []));
    expect(trainedArchitecture(reportRecipe)).toEqual(reportRecipe.architecture);
    expect(rates(trainedArchitecture({ ...reportRecipe, dropout: 0.5 }))).toEqual([
      ...[0.125, 0.125, 0.125, 0.25, 0.25, 0.15],
    ]);
  });

  test('of ensembles have names of their own and members that are presets', () => {
    const ids = new Set(Object.values(presets).map(({ id }) => id));
    for (const [name, { id, members }] of Object.entries(ensembles)) {
      expect(ids).not.toContain(id);
      expect(presets).not.toHaveProperty(name);
      for (const member of members) expect(ids).toContain(member);
    }
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
