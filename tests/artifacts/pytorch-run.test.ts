import { describe, expect, it } from 'vitest';
import { type PyTorchRun, parsePyTorchRun, readPyTorchRun } from '../../src/artifacts/pytorch-run.ts';
import { PYTORCH_FILE } from '../../src/artifacts/run.ts';
import { metrics } from './examples.ts';

const epoch = {
  ...{ epoch: 1, trainLoss: 1.2, trainAccuracy: 0.7, validationLoss: 0.8, validationAccuracy: 0.86 },
  ...{ learningRate: 0.001, seconds: 3 },
};
const course: PyTorchRun = {
  ...{ schemaVersion: 1, id: 'baseline', torch: '2.11.0', device: 'CPU', mixedPrecision: false, seed: 1 },
  epochs: [epoch],
};

describe('the course in PyTorch', () => {
  it('is read as it is', () => {
    expect(parsePyTorchRun('baseline', course)).toEqual(course);
  });

  it.each([
    ['of another run', { ...course, id: 'augment' }, 'it describes the run "augment"'],
    ['without epochs', { ...course, epochs: [] }, 'epochs'],
    ['with an accuracy above one', { ...course, epochs: [{ ...epoch, trainAccuracy: 94 }] }, 'trainAccuracy'],
    ['of another version', { ...course, schemaVersion: 2 }, 'schemaVersion 2'],
  ])('%s is refused', (_, content, reason) => {
    expect(() => parsePyTorchRun('baseline', content)).toThrow(reason);
  });

  it('is that of a run with as many epochs, or there is none', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(course)).buffer;
    const read = (name: string) => Promise.resolve(name === PYTORCH_FILE ? bytes : null);
    const run = { ...metrics(), epochs: 1 };
    expect(await readPyTorchRun(run, read)).toEqual(course);
    expect(await readPyTorchRun(run, () => Promise.resolve(null))).toBeNull();
    await expect(readPyTorchRun({ ...run, epochs: 20 }, read)).rejects.toThrow(
      'pytorch.json of "baseline": it has 1 epochs and the run 20; run "npm run train:pytorch -- baseline --publish" again',
    );
  });
});
