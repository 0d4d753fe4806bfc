import { expect, it } from 'vitest';
import { pValue } from '../../src/i18n/format.ts';

it.each([
  [0.00042, 'p < 0.001'],
  [0.0234, 'p = 0.023'],
  [0.05, 'p = 0.05'],
  [0.36, 'p = 0.36'],
  [0.9999, 'p = 1'],
])('writes p = %f as %s', (p, text) => {
  expect(pValue(p)).toBe(text);
});
