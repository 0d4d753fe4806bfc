import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variedImages } from '../../src/runs/recipe-augmentation.ts';
import type { Metrics } from '../../src/artifacts/schema.ts';
import { presets } from '../../src/training/presets.ts';
import { bench } from '../scripts/cli.ts';

describe('images as training shows them', () => {
  const count = 40;
  const data = {
    images: Uint8Array.from({ length: count * 784 }, (_, i) => (i * 7) % 256),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  };
  const indices = Array.from({ length: 20 }, (_, i) => 2 * i);
  const { recipe } = presets['light-augment']!;

  it('are these images with their labels, varied once and for all', () => {
    const varied = variedImages(data, indices, recipe)!;
    expect([...varied.labels]).toEqual(indices.map((index) => index % 10));
    expect(varied.images).toHaveLength(20 * 784);
    expect(variedImages(data, indices, recipe)).toEqual(varied);
    expect(variedImages(data, indices, { ...recipe, seed: 2 })).not.toEqual(varied);
    const same = indices.filter((index, i) =>
      data.images
        .subarray(index * 784, (index + 1) * 784)
        .every((pixel, at) => pixel === varied.images[i * 784 + at]),
    );
    expect(same.length).toBeLessThan(3);
  });

  it('are none where a recipe leaves images as they are, or makes drawings of them', () => {
    expect(variedImages(data, indices, presets['report']!.recipe)).toBeNull();
    expect(variedImages(data, indices, presets['sketch']!.recipe)).toBeNull();
  });
});

describe('a run that varies its images', { timeout: 120_000 }, () => {
  const { folder, run } = bench();

  it('says how well it knows validation images that are varied too, and evaluate confirms it', async () => {
    const small = ['--data', 'synthetic', '--limit', '48', '--epochs', '1', '--batch', '16'];
    const trained = await run('train', '--preset', 'light-augment', ...small, '--output', './varied');
    expect(trained.code, trained.error).toBe(0);
    const path = (name: string): string => readFileSync(join(folder, 'varied', name), 'utf8');
    const { validation, variedValidation } = JSON.parse(path('metrics.json')) as Metrics;
    expect(variedValidation!.images).toBe(validation!.images);
    expect(variedValidation!.loss).not.toBe(validation!.loss);
    expect(path('card.md')).toContain('| validation, varied as in training | 12 |');
    const { code, out } = await run('evaluate', './varied');
    expect(out).toMatch(/Varied validation accuracy +\d+\/12 +\d+\/12 +agrees/);
    expect(code).toBe(0);
  });
});
