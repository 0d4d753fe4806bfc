import { describe, expect, it } from 'vitest';
import { departuresText, labelText, recipeKind } from '../../src/artifacts/recipe-text.ts';
import { LANGUAGES } from '../../src/i18n/languages.ts';
import { recipeWords } from '../../src/i18n/report.ts';
import { ensembles, presets } from '../../src/training/presets.ts';
import { departures, reportRecipe } from '../../src/training/recipe.ts';

const of = (preset: string) => departures(presets[preset]!.recipe);

describe('departuresText', () => {
  it('says in either language what a short run leaves out', () => {
    expect(departuresText(of('preview'), recipeWords('zh'))).toBe(
      '轮数 2（报告 20）；训练图像 8000（报告 全部）',
    );
    expect(departuresText(of('preview'))).toBe('epochs 2 instead of 20; training images 8000 instead of all');
  });

  it('puts the settings together that belong to one thing', () => {
    expect(departuresText(of('long-tail'), recipeWords('zh'))).toBe(
      '学习率的尾段（占比 0.4、起点 0.0015、终点 0.0002）',
    );
    expect(departuresText(of('sketch'))).toContain('distillation (teachers baseline, weight 0.5)');
    const teachers = { setting: 'distillation.teachers', value: ['a', 'b'], reported: null };
    expect(departuresText([teachers])).toBe('distillation (teachers a + b)');
    expect(departuresText(of('augment-shirt'))).toContain(', shirts times 1.5)');
  });

  it('does not take the id of a run for a word', () => {
    const from = departures({ ...reportRecipe, from: 'attention' });
    expect(departuresText(from)).toBe('begins with the weights of attention');
  });

  it.each(Object.keys(presets).filter((name) => name !== 'report'))(
    'has a name for every setting of the preset %s',
    (name) => {
      const text = departuresText(of(name), recipeWords('zh'));
      expect(text).not.toBe('');
      // What is left of English: ids of runs, of another seed perhaps.
      const ids = Object.values(presets).map(({ id }) => id);
      const words = text.replace(/-seed-\d+/g, '').match(/[a-z][a-z-]{2,}/gi) ?? [];
      expect(words.filter((word) => !ids.includes(word))).toEqual([]);
    },
  );

  it('names images that nobody photographed, and keeps settings that it does not know', () => {
    expect(departuresText(departures(reportRecipe, 'synthetic'), recipeWords('zh'))).toBe(
      '用的是人造图像，不是 Fashion-MNIST',
    );
    const momentum = { setting: 'optimiser.momentum', value: 0.9, reported: 0.8 };
    expect(departuresText([momentum], recipeWords('zh'))).toBe('optimiser.momentum 0.9（报告 0.8）');
  });
});

describe('recipeKind', () => {
  it.each([
    ['report', 'full'],
    ['preview', 'shortened'],
    ['augment', 'other'],
    ['fast', 'other'],
  ])('of %s is %s', (name, kind) => {
    expect(recipeKind({ departures: of(name) })).toBe(kind);
  });
});

describe('labelText', () => {
  it('is that of the preset, and says how the run differs from it', () => {
    const run = { preset: 'augment', variation: 'none', seeds: { split: 1, run: 2 } } as const;
    expect(labelText(run)).toBe('The report’s recipe with augmented images');
    expect(labelText(run, recipeWords('zh'))).toBe('报告的配方，加数据增强');
    expect(labelText({ ...run, variation: 'seed' })).toBe(
      'The report’s recipe with augmented images, seed 2',
    );
    expect(labelText({ ...run, variation: 'seed' }, recipeWords('zh'))).toBe(
      '报告的配方，加数据增强，种子 2',
    );
    expect(labelText({ ...run, variation: 'settings' })).toBe('A variant of the preset “augment”');
    expect(labelText({ ...run, variation: 'settings' }, recipeWords('zh'))).toBe(
      '报告的配方，加数据增强（有改动）',
    );
    expect(labelText({ preset: 'unheard-of', variation: 'none' }, recipeWords('zh'))).toBe('unheard-of');
  });

  it.each(LANGUAGES)('knows every preset: %s', (lang) => {
    expect(Object.keys(recipeWords(lang).presets).sort()).toEqual(
      [...Object.keys(presets), ...Object.keys(ensembles)].sort(),
    );
  });
});
