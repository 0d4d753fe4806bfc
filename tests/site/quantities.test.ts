import { describe, expect, it } from 'vitest';
import { quantities, quantityOf, reportedPoints } from '../../src/site/quantities.ts';
import {
  decimalsIn,
  formatDifference,
  formatSeconds,
  formatValue,
  numberIn,
} from '../../src/site/quantity-text.ts';
import type { PublishedRun } from '../../src/site/runs.ts';
import { differenceInterval, SCORES, wilsonInterval } from '../../src/evaluation/metrics.ts';
import {
  syntheticConfusion,
  syntheticHistory,
  syntheticMetrics,
  syntheticPredictions,
} from '../fixtures/synthetic-run.ts';

function run(epochs: number): PublishedRun {
  const options = { id: 'synthetic', epochs, fullRecipe: epochs === 20 };
  return {
    id: options.id,
    metrics: syntheticMetrics(options),
    history: syntheticHistory(options),
    confusion: syntheticConfusion(),
    predictions: syntheticPredictions(),
    later: [],
  };
}

describe('quantities', () => {
  it('take the report from reported.json and the run from its artifacts', () => {
    const full = run(20);
    const { reported, reproduced, interval, file } = quantityOf('test.accuracy');
    expect(reported).toBe(0.9372);
    expect(reproduced(full)).toBe(full.metrics.test.accuracy);
    const { accuracy, correct } = full.metrics.test;
    expect(interval(full)).toEqual(
      differenceInterval(0.9372, wilsonInterval(9372, 10_000), accuracy, wilsonInterval(correct, 10_000)),
    );
    expect(file).toBe('metrics.json');
    expect(quantityOf('epoch19.batch100.loss').reproduced(full)).toBe(
      full.history.batches.find(({ epoch, batch }) => epoch === 19 && batch === 100)!.loss,
    );
    for (const score of SCORES) {
      const quantity = quantityOf(`class6.${score}`);
      const [low, high] = quantity.interval(full)!;
      const difference = quantity.reproduced(full)! - quantity.reported;
      expect(low).toBeLessThan(difference);
      expect(high).toBeGreaterThan(difference);
    }
    expect(quantityOf('epoch19.batch100.accuracy').interval(full)).toBeNull();
    expect(quantityOf('test.loss').interval(full)).toBeNull();
    expect(quantityOf('model.megabytes').reproduced(full)).toBeCloseTo(9.512, 3);
  });

  it('all have a value in a full run', () => {
    const full = run(20);
    const missing = Object.entries(quantities).filter(([, { reproduced }]) => reproduced(full) === null);
    expect(missing.map(([id]) => id)).toEqual([]);
  });

  it('have none for epochs that a short run did not reach', () => {
    const short = run(4);
    expect(quantityOf('epoch19.trainLoss').reproduced(short)).toBeNull();
    expect(quantityOf('epoch20.batch0.accuracy').reproduced(short)).toBeNull();
    expect(quantityOf('last.trainLoss').reproduced(short)).toBe(short.history.epochs[3]!.trainLoss);
  });

  it('have none for the validation of a run without one', () => {
    const whole = run(20);
    whole.metrics.validation = null;
    whole.history.epochs.forEach((epoch) =>
      Object.assign(epoch, { validationLoss: null, validationAccuracy: null }),
    );
    expect(quantityOf('best.validationAccuracy').reproduced(whole)).toBeNull();
    expect(quantityOf('last.gap').reproduced(whole)).toBeNull();
    expect(quantityOf('epoch20.trainAccuracy').interval(whole)).toBeNull();
  });

  it('give Figure 2 what the text and the log say about single epochs', () => {
    const points = reportedPoints();
    expect(points.slice(0, 2)).toEqual([
      { epoch: 1, measure: 'trainLoss', value: 1.3, about: true },
      { epoch: 1, measure: 'validationLoss', value: 1.2, about: true },
    ]);
    expect(new Set(points.map(({ epoch }) => epoch))).toEqual(new Set([1, 18, 19, 20]));
  });

  it('name what they do not know', () => {
    expect(() => quantityOf('test.acuracy')).toThrow('There is no reported number "test.acuracy"');
  });
});

describe('numberIn', () => {
  it.each([
    ['93.81%', 'percent', 0.9381],
    ['2,493,514', 'count', 2_493_514],
    ['22.4 秒', 'seconds', 22.4],
    ['5 分 35 秒', 'seconds', 335],
    ['5 min 35 s', 'seconds', 335],
    ['3.72 个百分点', 'points', 3.72],
    ['0.7%', 'points', 0.7],
    ['2868 张图像', 'imagesPerSecond', 2868],
    ['0.000000', 'rate', 0],
    ['9.5MB', 'megabytes', 9.5],
    ['1e-4', 'setting', 0.0001],
    ['256', 'setting', 256],
  ] as const)('%s of kind %s is %d', (text, kind, value) => {
    expect(numberIn(text, kind)).toBeCloseTo(value, 10);
  });

  it('finds none where there is none', () => {
    expect(numberIn('约', 'percent')).toBeNaN();
  });
});

describe('formats', () => {
  it('write values as precisely as the report does', () => {
    expect(decimalsIn('93.0%')).toBe(1);
    expect(decimalsIn('5 分 35 秒')).toBe(0);
    expect(formatValue(0.93712, 'percent', 'zh', 2)).toBe('93.71%');
    expect(formatValue(2_493_514, 'count', 'en', 0)).toBe('2,493,514');
    expect(formatValue(3.7, 'points', 'en', 2)).toBe('3.70 points');
    expect(formatValue(-2.7, 'points', 'en', 1)).toBe('−2.7 points');
    expect(formatValue(1e-4, 'setting', 'en', 0)).toBe('1e-4');
    expect(formatValue(0.1, 'setting', 'en', 1)).toBe('0.1');
  });

  it('write durations in two units', () => {
    expect(formatSeconds(14.52, 'en')).toBe('14.5 s');
    expect(formatSeconds(335, 'zh')).toBe('5 分 35 秒');
    expect(formatSeconds(8399.7, 'en')).toBe('2 h 20 min');
    expect(formatSeconds(3599.6, 'en')).toBe('1 h 0 min');
  });

  it('write differences with their sign, and ratios of times', () => {
    expect(formatDifference(0.9385, 0.9372, 'percent', 'en', 2)).toBe('+0.13 points');
    expect(formatDifference(0.6389, 0.639, 'loss', 'zh', 4)).toBe('−0.0001');
    expect(formatDifference(0.63901, 0.639, 'loss', 'zh', 4)).toBe('0');
    expect(formatDifference(8400, 335, 'seconds', 'en', 1)).toBe('×25');
    expect(formatDifference(502, 335, 'seconds', 'en', 1)).toBe('×1.50');
  });
});
