import { expect, test } from 'vitest';
import { compareClasses, total } from '../../../../../src/components/demos/client/finetune/class-changes.ts';

test('what a class has gained and what it has lost, and all of them', () => {
  const truth = Uint8Array.of(0, 0, 0, 1, 1);
  const before = Uint8Array.of(0, 1, 1, 1, 0);
  const after = Uint8Array.of(1, 0, 0, 1, 0);
  const changes = compareClasses(truth, before, after, 3);
  expect(changes).toEqual([
    { label: 0, count: 3, before: 1, after: 2, gained: 2, lost: 1 },
    { label: 1, count: 2, before: 1, after: 1, gained: 0, lost: 0 },
    { label: 2, count: 0, before: 0, after: 0, gained: 0, lost: 0 },
  ]);
  expect(total(changes)).toEqual({ count: 5, before: 2, after: 3, gained: 2, lost: 1 });
});
