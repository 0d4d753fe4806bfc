import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setupCheckIds, setupCheck, statedText } from '../../src/site/setup-checks.ts';
import type { PublishedRun } from '../../src/site/runs.ts';
import { parseManifest } from '../../src/data/manifest.ts';
import { presets } from '../../src/training/presets.ts';
import { syntheticHistory, syntheticMetrics } from '../fixtures/synthetic-run.ts';

const manifest = parseManifest(JSON.parse(readFileSync('public/data/index.json', 'utf8')));
const options = { id: 'baseline', epochs: 20, fullRecipe: true };
const full = { metrics: syntheticMetrics(options), history: syntheticHistory(options) } as PublishedRun;

describe('setup checks', () => {
  it.each(setupCheckIds)('the report and its recipe agree in %s', (id) => {
    const { values } = setupCheck(id, full, manifest);
    expect(values.length).toBeGreaterThan(0);
    for (const { reported, reproduced } of values) expect(reproduced).toEqual(reported);
  });

  it('name what a block and a layer are made of', () => {
    const textsOf = (id: string) =>
      setupCheck(id, full, manifest).values.map(({ reproduced, form }) => statedText(reproduced, form, 'en'));
    expect(textsOf('block3')).toEqual(['2', '3×3', '256', '2×2', '0.25']);
    expect(textsOf('dense1')).toEqual(['2,304', '512', '0.5']);
    expect(textsOf('training')).toEqual(['60,000', '8:2']);
    expect(statedText([], undefined, 'en')).toBe('–');
  });

  it('see where a run has another network, other batches or no validation', () => {
    const tiny = structuredClone(full);
    tiny.metrics.recipe = { ...presets['smoke']!.recipe };
    tiny.metrics.validation = null;
    tiny.history.stepsPerEpoch = 7;
    const differs = (id: string) =>
      setupCheck(id, tiny, manifest).values.some(
        ({ reported, reproduced }) => reported.join() !== reproduced.join(),
      );
    expect(setupCheckIds.filter(differs)).toEqual([
      ...['training', 'block1', 'block2', 'block3', 'dense1', 'dense2', 'dense3', 'dense4', 'steps'],
    ]);
  });

  it('take the split of a limited run from its own images', () => {
    const short = structuredClone(full);
    short.metrics.recipe.limit = 8000;
    short.metrics.validation!.images = 2000;
    expect(setupCheck('training', short, manifest).values[1]!.reproduced).toEqual([8, 2]);
  });

  it('name what they do not know', () => {
    expect(() => setupCheck('block4', full, manifest)).toThrow('There is no check "block4"');
  });
});
