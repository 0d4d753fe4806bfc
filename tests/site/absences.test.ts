import { describe, expect, it } from 'vitest';
import { absences, onCpu } from '../../src/site/absences.ts';
import { report as t } from '../../src/i18n/report.ts';

const run = (name: string) => ({ backend: { name, device: 'a device' } });

describe('what has no counterpart', () => {
  it('says that there was no GPU of runs on a CPU alone', () => {
    for (const name of ['onnxruntime', 'tensorflow', 'wasm', 'cpu']) {
      expect(onCpu(run(name))).toBe(true);
      expect(absences(run(name)).filter(({ reason }) => reason === 'noGpu')).toHaveLength(3);
    }
    for (const name of ['webgpu', 'tensorflow-gpu', 'synthetic']) {
      expect(onCpu(run(name))).toBe(false);
      const reasons = absences(run(name)).map(({ reason }) => reason);
      expect(reasons).toEqual(['float32Only', 'notRecorded', 'notRecorded', 'notRecorded']);
    }
  });

  it('takes what the report has from reported.json', () => {
    const found = absences(run('onnxruntime')).map(({ name, reported }) => [name, reported]);
    expect(Object.fromEntries(found)).toEqual({
      mixedPrecision: 'FP16',
      gpuAllocated: '0.28 GB',
      gpuReserved: '0.47 GB',
      cudnnBenchmark: null,
    });
  });

  it('has a reason in both languages', () => {
    for (const { reason } of [...absences(run('onnxruntime')), ...absences(run('webgpu'))]) {
      expect(t('zh', reason)).not.toBe(t('en', reason));
    }
  });
});
