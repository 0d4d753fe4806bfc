import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isMemoryError, MemoryError, sharedArray } from '../../src/node/memory.ts';
import { activate } from '../../src/engines/node/onnxruntime.ts';

const failureOf = (attempt: () => unknown): unknown => {
  try {
    return attempt();
  } catch (error) {
    return error;
  }
};

/** As on a machine that has but this much left. */
const leave = (bytes: number): void => {
  vi.spyOn(process, 'availableMemory').mockReturnValue(bytes);
};
afterEach(() => vi.restoreAllMocks());

describe('sharedArray', () => {
  it('gives zeros that threads share', () => {
    const array = sharedArray(5);
    expect([...array]).toEqual([0, 0, 0, 0, 0]);
    expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('refuses more than the machine has', () => {
    const failure = failureOf(() => sharedArray(2 ** 45));
    expect(failure).toBeInstanceOf(MemoryError);
    expect((failure as Error).message).toBe('131072.0 GiB more are not available');
  });

  it.runIf(process.platform === 'linux')('refuses more than the machine has left', () => {
    leave(1000);
    expect(sharedArray(250)).toHaveLength(250);
    expect(() => sharedArray(251)).toThrow(MemoryError);
  });
});

it.runIf(process.platform === 'linux')('a network that does not fit fails in words', async () => {
  await activate(1);
  const filter = tf.zeros<tf.Rank.R4>([3, 3, 3, 40]);
  const convolve = (): tf.Tensor => tf.conv2d(tf.zeros<tf.Rank.R4>([3, 11, 13, 3]), filter, 1, 'same');
  leave(10_000);
  expect(isMemoryError(failureOf(() => tf.tidy(convolve)))).toBe(true);
  vi.restoreAllMocks();
  expect(tf.tidy(() => convolve().shape)).toEqual([3, 11, 13, 40]);
});

describe('isMemoryError', () => {
  it.each([
    ['an array that is too long', () => new Float32Array(2 ** 45)],
    ['a buffer that is too large', () => new ArrayBuffer(2 ** 52)],
    [
      'ONNX Runtime',
      () => {
        throw new Error('Failed to allocate memory for requested buffer of size 1');
      },
    ],
  ])('knows what %s says', (_, attempt) => {
    expect(isMemoryError(failureOf(attempt))).toBe(true);
  });

  it('takes nothing else for it', () => {
    expect(isMemoryError(failureOf(() => 'a'.repeat(-1)))).toBe(false);
    expect(isMemoryError(new Error('a loss that is not finite'))).toBe(false);
  });
});
