import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareImprovements, race } from '../../src/site/improvements.ts';
import type { PublishedEnsemble, PublishedRun } from '../../src/site/runs.ts';
import { trainingTime } from '../../src/site/training-time.ts';
import { ensembles, presets } from '../../src/training/presets.ts';
import {
  publishedRun as run,
  syntheticConfusion,
  syntheticEnsembleMetrics,
  syntheticPredictions,
} from '../fixtures/synthetic-run.ts';

const labels = readFileSync('public/data/test-labels.bin');

function together(id: string, members: PublishedRun[], flips = false, mended = 0.3): PublishedEnsemble {
  const options = { id, members: members.map((member) => member.id), flips, mended };
  return {
    id,
    metrics: syntheticEnsembleMetrics(
      options,
      members.map(({ metrics }) => metrics),
    ),
    confusion: syntheticConfusion(options),
    predictions: syntheticPredictions(options),
    later: [],
  };
}

const baseline = run({ id: 'baseline' });
const augment = run({ id: 'augment', mended: 0.2 });
const bytesOf = ({ id }: PublishedRun) => id.length;

describe('compareImprovements', () => {
  it('compares what is published with the baseline, in the report’s order, and names what is not', () => {
    const attention = run({ id: 'attention' });
    const all = compareImprovements(
      [attention, augment, baseline],
      [together('ensemble', [baseline, augment])],
      labels,
      bytesOf,
    );
    expect(all.trials.map(({ id }) => id)).toEqual(['augment', 'ensemble', 'attention']);
    expect(all.missing).toEqual(
      'augment-shirt long-tail best-trial taught-trial best best-flips best-attention best-ensemble best-again best-three fast'.split(
        ' ',
      ),
    );
    const [first, second] = all.trials;
    expect(first!.comparison.first.accuracy).toBe(baseline.metrics.test.accuracy);
    expect(first!.comparison.second.accuracy).toBe(augment.metrics.test.accuracy);
    expect(first!.shirt.f1).toBeGreaterThan(first!.shirt.before);
    expect(first!.bytes).toBe('augment'.length);
    expect(second!.time).toEqual(trainingTime([augment, baseline]));
    expect(second!.timeInAll).toBeNull();
    expect(second!.bytes).toBe('augmentbaseline'.length);
  });

  it('tells better, worse and undecided by McNemar’s test', () => {
    const effect = (quality: { mended?: number; spoilt?: number }) =>
      compareImprovements([baseline, run({ id: 'augment', ...quality })], [], labels, bytesOf).trials[0]!
        .effect;
    expect(effect({ mended: 0.2 })).toBe('better');
    expect(effect({ spoilt: 4 })).toBe('worse');
    expect(effect({})).toBe('undecided');
  });

  it('names the mistakes that changed most, never the hits', () => {
    const { moved } = compareImprovements([baseline, augment], [], labels, bytesOf).trials[0]!;
    expect(moved).toHaveLength(2);
    for (const cell of moved) expect(cell.true).not.toBe(cell.predicted);
    const change = moved.map(({ first, second }) => Math.abs(second - first));
    expect(change[0]).toBeGreaterThanOrEqual(change[1]!);
    expect(change[0]).toBeGreaterThan(0);
  });

  it('adds up the training that a run builds on, each once', () => {
    const best = run({ id: 'best', epochs: 8, sources: ['augment', 'baseline'] });
    const warm = run({ id: 'augment', sources: ['baseline'] });
    const { trials } = compareImprovements(
      [baseline, warm, best],
      [together('best-flips', [best], true)],
      labels,
      bytesOf,
    );
    const [, single, flips] = trials;
    const seconds = [best, warm, baseline].reduce((sum, each) => sum + trainingTime([each]).cpu, 0);
    expect(single!.time).toEqual(trainingTime([best]));
    expect(single!.timeInAll!.cpu).toBeCloseTo(seconds, 6);
    expect(flips!.timeInAll).toEqual(single!.timeInAll);
  });

  it('keeps the time of a GPU apart', () => {
    const best = run({ id: 'best', sources: ['baseline'] });
    best.metrics.backend = { name: 'webgpu', device: 'a GPU' };
    const [, single] = compareImprovements(
      [baseline, run({ id: 'augment' }), best],
      [],
      labels,
      bytesOf,
    ).trials;
    const seconds = trainingTime([best]).gpu;
    expect(seconds).toBeGreaterThan(0);
    expect(single!.time).toEqual({ cpu: 0, gpu: seconds });
    expect(single!.timeInAll).toEqual({ cpu: trainingTime([baseline]).cpu, gpu: seconds });
  });

  it('counts every epoch as the median one', () => {
    const slowed = run({ id: 'augment', epochs: 3 });
    slowed.history.epochs.forEach((epoch, i) => (epoch.seconds = [100, 1000, 110][i]!));
    expect(trainingTime([slowed])).toEqual({ cpu: 330, gpu: 0 });
  });

  it('has no size for an ensemble of which a network is not published', () => {
    const { trials } = compareImprovements(
      [baseline],
      [together('ensemble', [baseline, augment])],
      labels,
      bytesOf,
    );
    expect(trials[0]!.bytes).toBeNull();
  });

  it('compares nothing without the report’s recipe in full', () => {
    const short = run({ id: 'baseline', fullRecipe: false });
    const all = compareImprovements([short, augment], [], labels, bytesOf);
    expect(all.baseline).toBeNull();
    expect(all.trials).toEqual([]);
    expect(all.missing).not.toContain('augment');
  });

  it('knows improvements only that training knows', () => {
    const planned = compareImprovements([], [], labels, bytesOf).missing;
    const known = [...Object.values(presets), ...Object.values(ensembles)].map(({ id }) => id);
    expect(planned).toHaveLength(14);
    for (const id of planned) expect(known).toContain(id);
  });
});

describe('race', () => {
  const reaches = (id: string, accuracies: number[], seconds: number[] = []): PublishedRun => {
    const own = run({ id, epochs: accuracies.length });
    own.history.epochs.forEach((epoch, i) => {
      epoch.validationAccuracy = accuracies[i]!;
      epoch.seconds = seconds[i] ?? 100;
    });
    return own;
  };

  it('takes the epochs up to the first that reaches the target, as they were and by their median', () => {
    const slow = reaches('baseline', [0.8, 0.9, 0.9375, 0.93], [100, 600, 200]);
    const found = race([reaches('fast', [0.9, 0.9372])], slow)!;
    expect(found.target).toBe(0.9372);
    expect(found.fast.reached).toEqual({ epoch: 2, seconds: 200, medianSeconds: 200 });
    expect(found.baseline.reached).toEqual({ epoch: 3, seconds: 900, medianSeconds: 600 });
    expect(found.comparable).toBe(true);
  });

  it('says who does not get there, and whether the machines are the same', () => {
    const fast = reaches('fast', [0.9, 0.93]);
    fast.metrics.machine = { ...fast.metrics.machine, cores: 64 };
    const found = race([fast], reaches('baseline', [0.9]))!;
    expect(found.fast).toMatchObject({ reached: null, best: 0.93, epochs: 2 });
    expect(found.baseline.reached).toBeNull();
    expect(found.comparable).toBe(false);
  });

  it('is off where either is missing', () => {
    expect(race([], baseline)).toBeNull();
    expect(race([reaches('fast', [0.9])], null)).toBeNull();
  });
});
