import { describe, expect, it } from 'vitest';
import { calibrate } from '../../src/evaluation/calibration.ts';

describe('calibration', () => {
  it('counts a certain answer in the last bin', () => {
    expect(calibrate([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0]).bins).toEqual([
      { low: 0.9, high: 1, images: 1, confidence: 1, accuracy: 1 },
    ]);
  });
});
