import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAblation } from '../../src/artifacts/ablation.ts';
import { parseMetrics } from '../../src/artifacts/schema.ts';
import { readAblation, readRuns } from '../../src/site/runs.ts';
import { CHANGE_IDS, CHANGES } from '../../src/training/ablation.ts';

const content = readFileSync('public/models/ablation.json', 'utf8');
const figures = parseAblation('models', JSON.parse(content));

/** By how many images predictions on another backend than the run's may differ; `npm run evaluate` allows it too. */
const ALLOWED_IMAGES = 3;

describe.each(CHANGE_IDS)('what %s brought', (id) => {
  const outcome = figures.changes[id];

  it('was measured as the change is defined now', () => {
    const { before, after } = CHANGES[id];
    expect(
      { before: outcome.before, after: outcome.after },
      'run "npm run evaluate:ablation -- --write"',
    ).toEqual({
      before,
      after,
    });
  });

  it('has the validation accuracies of the networks that are published', () => {
    for (const [asked, correct] of [
      [outcome.before, outcome.correctBefore],
      [outcome.after, outcome.correctAfter],
    ] as const) {
      if (asked.flips || asked.members.length > 1) continue;
      const file = readFileSync(`public/models/${asked.members[0]}/metrics.json`, 'utf8');
      const { validation } = parseMetrics(asked.members[0]!, JSON.parse(file));
      expect(figures.images).toBe(validation!.images);
      expect(Math.abs(correct - validation!.accuracy * figures.images)).toBeLessThanOrEqual(
        ALLOWED_IMAGES + 1e-6,
      );
    }
  });
});

it('is refused where its counts contradict each other', () => {
  const broken = JSON.parse(content) as typeof figures;
  broken.changes.mirror.onlyAfter += 1;
  expect(() => parseAblation('models', broken)).toThrow('changes.mirror: its counts contradict each other');
});

it('is read for the site, and stops its build where a network is another', async () => {
  const runs = await readRuns('public');
  expect(await readAblation('public', runs)).toEqual(figures);
  await expect(
    readAblation(
      'public',
      runs.filter(({ id }) => id !== 'augment'),
    ),
  ).rejects.toThrow('run "npm run evaluate:ablation -- --write" again');
});
