import { expect, it } from 'vitest';
import { nearest } from '../../src/evaluation/nearest.ts';

it('nearest comes first, equals in their order', () => {
  const library = Uint8Array.from([0, 0, 10, 10, 200, 200, 11, 9, 0, 0]);
  expect(nearest(Uint8Array.from([10, 10]), library, 4)).toEqual([1, 3, 0, 4]);
  expect(nearest(Uint8Array.from([255, 255]), library, 1)).toEqual([2]);
});
