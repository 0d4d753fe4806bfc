import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLessonFigures } from '../../src/artifacts/lessons.ts';
import { LESSON_NAMES, LESSONS, runsOf } from '../../src/training/lessons.ts';

const figures = parseLessonFigures(
  'models',
  JSON.parse(readFileSync('public/models/lessons.json', 'utf8')) as unknown,
);

/** In points: what the lesson gains at least with every seed, what it costs the test sample at most, and what it reaches. */
const LEAST = {
  drawings: [{ gain: 20, cost: 2, after: 78 }],
  class: [{ gain: 80, cost: 2, after: 80 }],
  trade: [{ gain: 5, cost: 100, after: 87 }],
  // Without replay the network forgets, with replay it does not.
  forget: [
    { gain: 5, cost: 100, after: 87 },
    { gain: 3, cost: 2, after: 85 },
  ],
  scratch: [{ gain: 60, cost: 0, after: 75 }],
};

describe.each(LESSON_NAMES)('what came of %s', (task) => {
  const found = figures.lessons[task];

  it('is of the settings that it begins with, with three seeds', () => {
    expect(found.map(({ settings }) => settings)).toEqual(
      runsOf({ task, ...LESSONS[task].settings }).map(({ replay }) => ({
        ...LESSONS[task].settings,
        replay,
      })),
    );
    for (const { outcomes } of found) expect(outcomes.map(({ seed }) => seed)).toEqual([1, 2, 3]);
  });

  it('gains what the page promises, and costs no more', () => {
    found.forEach(({ outcomes }, run) => {
      const least = LEAST[task][run]!;
      for (const { before, after, sampleBefore, sampleAfter } of outcomes) {
        expect(after - before).toBeGreaterThanOrEqual(least.gain);
        expect(after).toBeGreaterThanOrEqual(least.after);
        expect(sampleBefore - sampleAfter).toBeLessThanOrEqual(least.cost);
      }
    });
  });
});

it('forgetting is seen: without replay the test sample loses far more than with it', () => {
  const losses = figures.lessons.forget.map(({ outcomes }) =>
    outcomes.map(({ sampleBefore, sampleAfter }) => sampleBefore - sampleAfter),
  );
  expect(Math.min(...losses[0]!)).toBeGreaterThan(Math.max(...losses[1]!) + 5);
});
