import { describe, expect, it } from 'vitest';
import { decodeFloat16, encodeFloat16, float16Value } from '../../src/artifacts/float16.ts';

const float16Bits = (value: number): number => encodeFloat16([value])[0]!;

describe('float16', () => {
  it('brings every half-precision value back', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = float16Value(bits);
      if (Number.isNaN(value)) expect(float16Bits(value) & 0x7fff).toBeGreaterThan(0x7c00);
      else if (float16Bits(value) !== bits) expect.fail(`0x${bits.toString(16)} comes back as another`);
    }
  });

  it('rounds to the nearest value, ties to even', () => {
    // Between each positive half and the next: below, at and above the middle.
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = [float16Value(bits), float16Value(bits + 1)];
      const middle = (low + high) / 2; // exact in float32, which has 13 bits more
      const step = (high - low) / 1024;
      const even = bits % 2 === 0 ? bits : bits + 1;
      if (float16Bits(middle) !== even) expect.fail(`the middle behind 0x${bits.toString(16)}`);
      if (float16Bits(middle - step) !== bits) expect.fail(`below the middle behind 0x${bits.toString(16)}`);
      if (float16Bits(middle + step) !== bits + 1)
        expect.fail(`above the middle behind 0x${bits.toString(16)}`);
      if (float16Bits(-middle) !== (even | 0x8000)) expect.fail(`negative, 0x${bits.toString(16)}`);
    }
  });

  it('has the limits of the standard', () => {
    expect(float16Bits(65504)).toBe(0x7bff);
    expect(float16Bits(65519.996)).toBe(0x7bff);
    expect(float16Bits(65520)).toBe(0x7c00);
    expect(float16Bits(-Infinity)).toBe(0xfc00);
    expect(float16Bits(-0)).toBe(0x8000);
    expect(float16Bits(2 ** -25)).toBe(0); // half of the smallest: a tie, to even
    expect(float16Bits(2 ** -25 * 1.0001)).toBe(1);
    expect(float16Bits(1e-30)).toBe(0);
  });

  it('converts arrays', () => {
    const bits = encodeFloat16([0, 1, -2, 0.1]);
    expect([...bits]).toEqual([0, 0x3c00, 0xc000, 0x2e66]);
    expect(decodeFloat16(bits)[3]).toBeCloseTo(0.1, 4);
  });
});
