import { describe, expect, it } from 'vitest';
import { deviationText, labelText, recipeKind } from '../../src/site/recipe-text.ts';
import names from '../../src/i18n/en/presets.ts';
import { ensembles, presets } from '../../src/training/presets.ts';
import { departures } from '../../src/training/recipe.ts';

const deviation = (preset: string) => departures(presets[preset]!.recipe).join('; ');

describe('deviationText', () => {
  it('says in either language what a short run leaves out', () => {
    expect(deviationText(deviation('preview'), 'zh')).toBe('轮数 2（报告 20）；训练图像 8000（报告 全部）');
    expect(deviationText(deviation('preview'), 'en')).toBe(
      'epochs 2 instead of 20; training images 8000 instead of all',
    );
  });

  it('puts the settings together that belong to one thing', () => {
    expect(deviationText(deviation('long-tail'), 'zh')).toBe(
      '学习率的尾段（占比 0.4、起点 0.0015、终点 0.0002）',
    );
    expect(deviationText(deviation('sketch'), 'en')).toContain(
      'distillation (teachers baseline, weight 0.5)',
    );
    const teachers = ['a', 'b'].map((id, i) => `distillation.teachers.${i}: ${id} instead of none`);
    expect(deviationText(teachers.join('; '), 'en')).toBe('distillation (teachers a + b)');
    expect(deviationText(deviation('augment-shirt'), 'en')).toContain(', shirts times 1.5)');
  });

  it.each(Object.keys(presets).filter((name) => name !== 'report'))(
    'has a name for every setting of the preset %s',
    (name) => {
      const text = deviationText(deviation(name), 'zh');
      expect(text).not.toBe('');
      // What is left of English: ids of runs, of another seed perhaps.
      const ids = Object.values(presets).map(({ id }) => id);
      const words = text.replace(/-seed-\d+/g, '').match(/[a-z][a-z-]{2,}/gi) ?? [];
      expect(words.filter((word) => !ids.includes(word))).toEqual([]);
    },
  );

  it('names images that nobody photographed, and keeps settings that it does not know', () => {
    expect(deviationText('made-up images instead of Fashion-MNIST', 'zh')).toBe(
      '用的是人造图像，不是 Fashion-MNIST',
    );
    expect(deviationText('optimiser.momentum: 0.9 instead of 0.8', 'zh')).toBe(
      'optimiser.momentum 0.9（报告 0.8）',
    );
  });
});

describe('recipeKind', () => {
  it.each([
    ['report', 'full'],
    ['preview', 'shortened'],
    ['augment', 'other'],
    ['fast', 'other'],
  ])('of %s is %s', (name, kind) => {
    const all = departures(presets[name]!.recipe);
    expect(recipeKind({ fullRecipe: all.length === 0, deviation: all.join('; ') || null })).toBe(kind);
  });
});

describe('labelText', () => {
  it('is the artifact’s in English and the preset’s in Chinese', () => {
    const label = presets['augment']!.label;
    expect(labelText({ preset: 'augment', label }, 'en')).toBe(label);
    expect(labelText({ preset: 'augment', label }, 'zh')).toBe('报告的配方，加数据增强');
    expect(labelText({ preset: 'augment', label: `${label}, seed 2` }, 'zh')).toBe(
      '报告的配方，加数据增强，种子 2',
    );
    expect(labelText({ preset: 'augment', label: 'A variant of the preset “augment”' }, 'zh')).toBe(
      '报告的配方，加数据增强（有改动）',
    );
    expect(labelText({ preset: 'unheard-of', label: 'Something' }, 'zh')).toBe('Something');
  });

  it('knows every preset', () => {
    expect(Object.keys(names).sort()).toEqual([...Object.keys(presets), ...Object.keys(ensembles)].sort());
  });
});
