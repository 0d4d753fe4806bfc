import { expect, it, test } from 'vitest';
import { InputError } from '../../../src/components/demos/failures.ts';
import {
  DEFAULTS,
  planLesson,
  replayCount,
  type Choices,
} from '../../../src/components/demos/lesson-plan.ts';
import { SHIRT } from '../../../src/data/dataset.ts';

/** Twenty images of each class, two bytes large: their class and their number. */
const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 10);
const sample = {
  labels,
  images: Uint8Array.from({ length: 400 }, (_, i) => (i % 2 ? i >> 1 : labels[i >> 1]!)),
};
const SIZE = 2;
const drawing = (label: number) => ({ label, pixels: Uint8Array.of(label, 250) });

const plan = (choices: Partial<Choices>, drawn: number[] = []) => {
  const task = choices.task ?? 'hand';
  return planLesson({ task, ...DEFAULTS[task], ...choices }, drawn.map(drawing), sample, SIZE);
};

const countsOf = (some: Uint8Array) =>
  Array.from({ length: 10 }, (_, label) => some.filter((each) => each === label).length);

test('your hand: the drawings first, then as many images of all classes in turn', () => {
  const { lesson, own } = plan({ replay: 0.5 }, [3, 3, 8, 1, 9]);
  expect(own).toBe(5);
  expect([...lesson.labels.subarray(0, 5)]).toEqual([3, 3, 8, 1, 9]);
  expect(lesson.images[1]).toBe(250);
  expect(Math.max(...countsOf(lesson.labels.subarray(5)))).toBe(1);
  expect(lesson.labels.length).toBe(10);
  expect(lesson.augmentation).not.toBeNull();
});

test('the hard class: so many shirts, and no further shirt among what is replayed', () => {
  const { lesson, own } = plan({ task: 'shirt', perClass: 6, replay: 0.75 });
  expect(own).toBe(6);
  expect(countsOf(lesson.labels)[SHIRT]).toBe(6);
  expect(countsOf(lesson.labels.subarray(6))).toEqual([2, 2, 2, 2, 2, 2, 0, 2, 2, 2]);
});

test('from scratch: so many of each class, once each', () => {
  const { lesson, own } = plan({ task: 'scratch', perClass: 4, replay: 0 });
  expect(own).toBe(40);
  expect(lesson).toMatchObject({ fresh: true, mode: 'all' });
  expect(countsOf(lesson.labels)).toEqual(Array<number>(10).fill(4));
  const numbers = lesson.images.filter((_, i) => i % SIZE);
  expect(new Set(numbers).size).toBe(40);
});

test('the share that is replayed is of all images', () => {
  expect(replayCount(10, 0.5)).toBe(10);
  expect(replayCount(10, 0.75)).toBe(30);
  expect(replayCount(10, 0)).toBe(0);
  expect(replayCount(10, 1)).toBe(190);
});

it.each([
  ['noDrawings', {}, []],
  ['tooFew', {}, [3]],
  ['tooFew', { replay: 0 }, [3]],
  ['oneClass', { replay: 0 }, [3, 3, 3]],
  ['oneClass', { task: 'shirt', replay: 0 }, []],
  ['badEpochs', { epochs: 0 }, [1, 2]],
  ['badEpochs', { epochs: 1.5 }, [1, 2]],
  ['badLearningRate', { learningRate: 0 }, [1, 2]],
  ['badLearningRate', { learningRate: NaN }, [1, 2]],
  ['badBatch', { batchSize: 1 }, [1, 2]],
] as const)('%s is said before it begins: %j with drawings of %j', (key, choices, drawn) => {
  const failure = (() => {
    try {
      return plan(choices, [...drawn]);
    } catch (error) {
      return error;
    }
  })();
  expect(failure).toBeInstanceOf(InputError);
  expect(failure).toMatchObject({ key });
});
