import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/node/errors.ts';
import { loadFashionMnist } from '../../../src/data/node/fashion-mnist.ts';
import { folderSource } from '../../../src/data/node/dataset-sources.ts';
import { localFashionMnist } from '../local.ts';

const dataset = await localFashionMnist();

describe('loadFashionMnist', () => {
  it('says what is missing when no source has it', async () => {
    const reporter = { progress: () => undefined, problem: () => undefined };
    const nowhere = folderSource('an empty place', `${tmpdir()}/no-such-folder`);
    const load = loadFashionMnist({ sources: [nowhere], reporter });
    await expect(load).rejects.toThrow(UserError);
    await expect(load).rejects.toThrow(
      /missing: t10k-labels-idx1-ubyte, train-labels-idx1-ubyte, t10k-images/,
    );
  });

  it.runIf(dataset)('gives the dataset as it is published', () => {
    const { train, test } = dataset!;
    expect([train.count, train.images.length]).toEqual([60_000, 60_000 * 784]);
    expect([test.count, test.images.length]).toEqual([10_000, 10_000 * 784]);
    // The first labels of either part are well known: an ankle boot, then a T-shirt; an ankle boot, then a pullover.
    expect([...train.labels.subarray(0, 3), ...test.labels.subarray(0, 3)]).toEqual([9, 0, 0, 9, 2, 1]);
    for (const [{ labels }, each] of [
      [train, 6000],
      [test, 1000],
    ] as const) {
      const counts = Array<number>(10).fill(0);
      for (const label of labels) counts[label]!++;
      expect(counts).toEqual(Array(10).fill(each));
    }
  });

  it.runIf(dataset)('has the mean and deviation by which the network normalises', () => {
    const { images } = dataset!.train;
    let sum = 0;
    let squares = 0;
    for (const value of images) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / images.length / 255;
    expect(mean).toBeCloseTo(0.286, 4);
    expect(Math.sqrt(squares / images.length / 255 ** 2 - mean ** 2)).toBeCloseTo(0.353, 4);
  });
});
