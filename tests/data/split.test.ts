import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { splitTraining } from '../../src/data/split.ts';

describe('splitTraining', () => {
  const { train, validation } = splitTraining();

  it('parts 60,000 into 48,000 and 12,000, each id once', () => {
    expect([train.length, validation.length]).toEqual([48_000, 12_000]);
    const all = Uint32Array.from([...train, ...validation]).sort();
    expect(all.every((id, i) => id === i)).toBe(true);
  });

  it('is the same for ever', () => {
    const hash = createHash('sha256').update(validation.toSorted().join(',')).digest('hex');
    expect(hash).toBe('2dec365d83866267c571ef6a6cea587878fd21bc0e88b9e5d90bb9029a891bea');
    expect([...validation.slice(0, 5)]).toEqual([40258, 52193, 33510, 11880, 51500]);
  });
});
