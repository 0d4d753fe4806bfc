import { describe, expect, test } from 'vitest';
import { countParameters } from '../../src/network/architecture.ts';
import { LANGUAGES } from '../../src/i18n/languages.ts';
import { ensembles, presets } from '../../src/training/presets.ts';
import { departures, reportRecipe, trainedArchitecture } from '../../src/training/recipe.ts';
import { type Recipe, recipeSchema } from '../../src/training/recipe-schema.ts';

describe('recipes', () => {
  test("the report's preset is the report's recipe", () => {
    expect(presets['report']).toMatchObject({ id: 'baseline', recipe: reportRecipe });
    expect(reportRecipe).toMatchObject({ epochs: 20, batchSize: 256, labelSmoothing: 0.1, limit: null });
    expect(countParameters(reportRecipe.architecture)).toBe(2_493_514);
  });

  test.each(Object.keys(presets))(
    'the preset %s fits the schema, and comes through JSON unchanged',
    (name) => {
      const { recipe } = presets[name]!;
      expect(recipeSchema.parse(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    },
  );

  test('each preset publishes under an id of its own', () => {
    const ids = Object.values(presets).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('of the report’s suggestions differ from the report’s in that alone', () => {
    const departs = (name: string) => departures(presets[name]!.recipe);
    const settings = (name: string) => departs(name).map(({ setting }) => setting);
    for (const setting of settings('augment')) expect(setting).toMatch(/^augmentation\./);
    for (const setting of settings('long-tail')) expect(setting).toMatch(/^schedule\.tail\./);
    expect(departs('attention')).toEqual([
      { setting: 'architecture', value: 'attention', reported: 'report' },
    ]);
    expect(departs('augment-shirt')).toEqual([
      ...departs('augment'),
      { setting: 'augmentation.classStrength.6', value: 1.5, reported: null },
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

  test.each(LANGUAGES)('and ensembles have a name each in src/i18n/%s/presets.ts', async (lang) => {
    const { default: names } = (await import(`../../src/i18n/${lang}/presets.ts`)) as { default: object };
    expect(Object.keys(names).sort()).toEqual(Object.keys({ ...presets, ...ensembles }).sort());
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
      { setting: 'epochs', value: 2, reported: 20 },
      { setting: 'limit', value: 8000, reported: null },
    ]);
    expect(departures(reportRecipe, 'synthetic')).toEqual([
      { setting: 'data', value: 'synthetic', reported: 'fashion-mnist' },
    ]);
    expect(departures(presets['sketch']!.recipe)).toContainEqual({
      setting: 'distillation.teachers',
      value: ['baseline'],
      reported: null,
    });
    expect(
      departures({
        ...reportRecipe,
        optimiser: { ...reportRecipe.optimiser, weightDecay: 0 },
        architecture: { ...reportRecipe.architecture, layers: [] },
      }),
    ).toEqual([
      { setting: 'architecture', value: 'other', reported: 'report' },
      { setting: 'optimiser.weightDecay', value: 0, reported: 1e-4 },
    ]);
  });
});
