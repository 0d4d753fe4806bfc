import { describe, expect, it } from 'vitest';
import { batchRange, epochLog, type LogHistory } from '../../../src/components/charts/training-log.ts';

const history: LogHistory = {
  stepsPerEpoch: 188,
  epochs: [
    {
      epoch: 1,
      trainLoss: 1.3,
      trainAccuracy: 0.7,
      validationLoss: 1.2,
      validationAccuracy: 0.73,
      learningRate: 0.001,
      seconds: 20,
      trainSeconds: 18,
    },
    {
      epoch: 2,
      trainLoss: 0.64239,
      trainAccuracy: 0.94311,
      validationLoss: 0.64161,
      validationAccuracy: 0.93808,
      learningRate: 0.0001239,
      seconds: 22.44,
      trainSeconds: 20,
    },
    {
      epoch: 3,
      trainLoss: 0.6,
      trainAccuracy: 0.95,
      validationLoss: null,
      validationAccuracy: null,
      learningRate: 0,
      seconds: 21,
      trainSeconds: 20,
    },
  ],
  batches: [
    { epoch: 2, batch: 0, loss: 0.68712, accuracy: 0.9296875 },
    { epoch: 2, batch: 50, loss: 0.6594, accuracy: 0.9453125 },
  ],
};

describe('epochLog', () => {
  it("is written in the manner of the report's log", () => {
    expect(epochLog(history, 2, 'zh')).toBe(
      [
        'Epoch 2/3',
        '-----',
        '',
        'Batch 0/188 | Loss: 0.6871 | Acc: 93.0%',
        'Batch 50/188 | Loss: 0.6594 | Acc: 94.5%',
        '✓ 保存最佳模型, 验证准确率: 93.81%',
        '',
        'Epoch Summary:',
        'Time: 22.4s',
        'Train Loss: 0.6424 | Train Acc: 94.31%',
        'Val Loss: 0.6416 | Val Acc: 93.81%',
        'Learning Rate: 0.000124',
      ].join('\n'),
    );
  });

  it('says nothing of a validation that there was not', () => {
    const log = epochLog(history, 3, 'en');
    expect(log).not.toContain('Val');
    expect(log).not.toContain('Best model');
    expect(epochLog(history, 4, 'en')).toBe('');
  });
});

describe('batchRange', () => {
  it('spans the logged batches of an epoch', () => {
    expect(batchRange(history, 2, 'en')).toEqual({
      n: 2,
      low: '0.6594',
      high: '0.6871',
      accuracyLow: '93.0%',
      accuracyHigh: '94.5%',
    });
    expect(batchRange(history, 1, 'en')).toBeNull();
  });
});
