import { describe, expect, it } from 'vitest';
import {
  ALL_RESULTS,
  MAIN_RESULTS,
  onCpu,
  resultRow,
  withoutCounterpart,
} from '../../src/site/result-table.ts';
import { quantities } from '../../src/site/quantities.ts';
import { readRuns } from '../../src/site/runs.ts';
import { isFullRecipe } from '../../src/training/recipe.ts';
import { report as t } from '../../src/i18n/report.ts';

const seeds = (await readRuns('public')).filter(({ metrics }) => isFullRecipe(metrics));
const baseline = seeds.find(({ id }) => id === 'baseline');

/** Numbers of the report that are no results of it, or stand in another table or figure. */
const ELSEWHERE = [
  // Table 2 has those of the classes, Figures 1 and 2 the log and the curves.
  ...[/^class\d\./, /^first\./, /^last\./, /^epoch1[89]\./, /\.batch\d+\./, /\.learningRate$/],
  // Derived from what is in the table, and the recipe, which is the same.
  ...[/^test\.(aboveBaseline|gap)$/, /^recipe\./, /^schedule\./, /^model\.trainable$/, /^epoch20\.seconds$/],
];

describe('the table of all results', () => {
  const ids = ALL_RESULTS.flat().map(([id]) => id as string);

  it('has every result of the report once, or it stands elsewhere', () => {
    expect(new Set(ids).size).toBe(ids.length);
    const left = Object.keys(quantities).filter(
      (id) => !ids.includes(id) && !ELSEWHERE.some((pattern) => pattern.test(id)),
    );
    expect(left).toEqual([]);
    for (const id of ids) expect(ELSEWHERE.some((pattern) => pattern.test(id))).toBe(false);
  });

  it('has a name for each in both languages', () => {
    for (const [id] of [...MAIN_RESULTS, ...ALL_RESULTS.flat()]) {
      expect(t('zh', id)).not.toBe(t('en', id));
    }
  });

  it('has a value for each in the report’s run', () => {
    for (const result of ALL_RESULTS.flat()) {
      expect(resultRow(result, baseline!, [baseline!], 'en').reproduced).not.toBe('–');
    }
  });
});

describe('a row', () => {
  it('has the interval of the difference of a share, and says whether chance would do as much', () => {
    const row = resultRow(['test.accuracy', 2], baseline!, seeds, 'en');
    expect(row).toEqual({
      file: 'metrics.json',
      reported: '93.72%',
      reproduced: `${(100 * baseline!.metrics.test.accuracy).toFixed(2)}%`,
      difference: expect.stringMatching(/^[+−]\d\.\d\d points$/) as string,
      interval: expect.stringMatching(/^[+−]\d\.\d\d … [+−]\d\.\d\d points$/) as string,
      spread: expect.stringMatching(/^\d\d\.\d\d–\d\d\.\d\d%$/) as string,
      mark: expect.stringMatching(/^(noise|apart)$/) as string,
    });
    expect(row.mark === 'noise').toBe(row.interval[0] === '−' && row.interval.includes('… +'));
  });

  it('is the same, within noise or apart', () => {
    const markOf = (id: string, decimals: number, run = baseline!, of = [run]) =>
      resultRow([id, decimals], run, of, 'en').mark;
    expect(markOf('model.parameters', 0)).toBe('same');
    expect(markOf('epoch20.trainAccuracy', 2)).toBe('apart');
    const near = structuredClone(baseline!);
    Object.assign(near.metrics.test, { accuracy: 0.9422, correct: 9422, loss: 0.63 });
    // 93.72 and 94.22 % of 10,000 images each: p is about 0.14.
    expect(markOf('test.accuracy', 2, near)).toBe('noise');
    Object.assign(near.metrics.test, { accuracy: 0.9528, correct: 9528 });
    expect(markOf('test.accuracy', 2, near)).toBe('apart');
    // Two seeds, whose losses lie on both sides of the report's.
    expect(markOf('test.loss', 4, near, [near])).toBe('apart');
    expect(markOf('test.loss', 4, near, [near, baseline!])).toBe('noise');
    expect(markOf('epoch19.batch0.accuracy', 1)).toBeNull();
  });

  it('has a dash where the run has no such value, and no interval for what is no share', () => {
    const whole = structuredClone(baseline!);
    whole.metrics.validation = null;
    expect(resultRow(['best.validationAccuracy', 2], whole, [whole], 'zh')).toMatchObject({
      ...{ reproduced: '–', difference: '–', interval: '', mark: null },
    });
    expect(resultRow(['test.loss', 4], whole, [whole], 'zh')).toMatchObject({
      interval: '',
    });
    expect(resultRow(['best.epoch', 0], whole, [whole], 'zh').difference).toMatch(/^(0|[+−]\d+)$/);
  });
});

const run = (name: string) => ({ backend: { name, device: 'a device' } });

describe('what has no counterpart', () => {
  it('says that there was no GPU of runs on a CPU alone', () => {
    for (const name of ['onnxruntime', 'tensorflow', 'wasm', 'cpu']) {
      expect(onCpu(run(name))).toBe(true);
      expect(withoutCounterpart(run(name)).filter(({ reason }) => reason === 'noGpu')).toHaveLength(3);
    }
    for (const name of ['webgpu', 'tensorflow-gpu', 'synthetic']) {
      expect(onCpu(run(name))).toBe(false);
      const reasons = withoutCounterpart(run(name)).map(({ reason }) => reason);
      expect(reasons).toEqual(['float32Only', 'notRecorded', 'notRecorded', 'notRecorded']);
    }
  });

  it('takes what the report has from reported.json', () => {
    const found = withoutCounterpart(run('onnxruntime')).map(({ name, reported }) => [name, reported]);
    expect(Object.fromEntries(found)).toEqual({
      mixedPrecision: 'FP16',
      gpuAllocated: '0.28 GB',
      gpuReserved: '0.47 GB',
      cudnnBenchmark: null,
    });
  });

  it('has a reason in both languages', () => {
    for (const { reason } of [
      ...withoutCounterpart(run('onnxruntime')),
      ...withoutCounterpart(run('webgpu')),
    ]) {
      expect(t('zh', reason)).not.toBe(t('en', reason));
    }
  });
});
