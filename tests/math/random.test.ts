import { describe, expect, test } from 'vitest';
import { Random, deriveSeed, hash32, shuffle } from '../../src/math/random.ts';

describe('hash32', () => {
  test('is what docs/architecture.md says, bit by bit', () => {
    // Computed apart, with whole numbers of any size.
    const reference = (seed: number, index: number): number => {
      const m = 1n << 32n;
      let x = ((BigInt(index) * 0x9e3779b9n) % m) ^ BigInt(seed);
      x ^= x >> 16n;
      x = (x * 0x7feb352dn) % m;
      x ^= x >> 15n;
      x = (x * 0x846ca68bn) % m;
      x ^= x >> 16n;
      return Number(x);
    };
    for (const seed of [0, 1, 0x80000000, 0xffffffff]) {
      for (const index of [0, 1, 2, 12_345_678, 0xffffffff]) {
        expect(hash32(seed, index)).toBe(reference(seed, index));
      }
    }
  });

  test('spreads evenly', () => {
    const buckets = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) buckets[hash32(7, i) >>> 28]!++;
    // Chi-squared with 15 degrees of freedom: 44.3 is passed once in 10,000.
    expect(buckets.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(44.3);
  });
});

test('derived seeds differ by every part of their path', () => {
  const seeds = [
    deriveSeed(1),
    deriveSeed(2),
    deriveSeed(1, 'dropout', 1, 'drop1'),
    deriveSeed(1, 'dropout', 1, 'drop2'),
    deriveSeed(1, 'dropout', 2, 'drop1'),
    deriveSeed(2, 'dropout', 1, 'drop1'),
    deriveSeed(1, 'order', 1, 'drop1'),
    deriveSeed(1, 1),
    deriveSeed(1, '1'),
    deriveSeed(1, 'ab', 'c'),
    deriveSeed(1, 'a', 'bc'),
  ];
  expect(new Set(seeds).size).toBe(seeds.length);
  expect(deriveSeed(1, 'dropout', 1, 'drop1')).toBe(seeds[2]);
});

describe('a generator', () => {
  test('goes on from where its state was taken', () => {
    const random = new Random(5);
    for (let i = 0; i < 10; i++) random.next();
    const state = JSON.parse(JSON.stringify(random.state())) as ReturnType<Random['state']>;
    const rest = Array.from({ length: 5 }, () => random.next());
    const resumed = new Random(state);
    expect(Array.from({ length: 5 }, () => resumed.next())).toEqual(rest);
  });

  test('gives numbers in its range', () => {
    const random = new Random(6);
    const uniform = Array.from({ length: 10_000 }, () => random.uniform());
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(uniform.reduce((sum, x) => sum + x, 0) / 10_000).toBeCloseTo(0.5, 1);
    expect(new Set(Array.from({ length: 200 }, () => random.below(5)))).toEqual(new Set([0, 1, 2, 3, 4]));
  });
});

describe('a shuffle', () => {
  test('has every number once, in another order for another seed', () => {
    const order = shuffle(1000, 1);
    expect(Array.from(order).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(shuffle(1000, 1)).toEqual(order);
    expect(shuffle(1000, 2)).not.toEqual(order);
  });

  test('favours no order', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const key = shuffle(3, seed).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Chi-squared with 5 degrees of freedom: 25.7 is passed once in 10,000.
    expect([...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(
      25.7,
    );
  });

  test('of nothing is nothing', () => {
    expect(shuffle(0, 1)).toHaveLength(0);
    expect(Array.from(shuffle(1, 1))).toEqual([0]);
  });
});
