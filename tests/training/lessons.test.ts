import { describe, expect, it, test } from 'vitest';
import { CLASS_COUNT, SHIRT } from '../../src/data/dataset.ts';
import {
  type Choices,
  countImages,
  faultOf,
  LESSON_NAMES,
  LESSONS,
  type LessonName,
  planLesson,
  replayCount,
  runsOf,
  type SetName,
} from '../../src/training/lessons.ts';

/** As many images of each class, two bytes large: their class and their number. */
const photographs = (perClass: number) => ({
  labels: Uint8Array.from({ length: 10 * perClass }, (_, i) => i % 10),
  images: Uint8Array.from({ length: 20 * perClass }, (_, i) => (i % 2 ? i >> 1 : (i >> 1) % 10)),
});
const hats = (first: number) => ({
  labels: Uint8Array.of(10, 10),
  images: Uint8Array.of(10, first, 10, first + 1),
});
const sets = {
  sample: photographs(20),
  validation: photographs(12),
  shirts: { labels: Uint8Array.of(SHIRT), images: Uint8Array.of(SHIRT, 0) },
  drawings: photographs(2),
  unseenDrawings: photographs(1),
  hats: hats(0),
  unseenHats: hats(5),
};
const counts = Object.fromEntries(
  Object.entries(sets).map(([name, { labels }]) => [name, labels.length]),
) as Record<SetName, number>;

const choicesFor = (task: LessonName, changes: Partial<Choices> = {}): Choices => ({
  task,
  ...LESSONS[task].settings,
  perClass: 6,
  ...(task === 'class' && { className: 'Hat' }),
  ...changes,
});
const drawing = (label: number, mark = 250) => ({ label, pixels: Uint8Array.of(label, mark) });
const plan = (task: LessonName, changes: Partial<Choices> = {}, drawn = [drawing(10, 0), drawing(10, 1)]) =>
  planLesson(choicesFor(task, changes), drawn, sets);
const perClass = (labels: Uint8Array) =>
  Array.from({ length: 11 }, (_, label) => labels.filter((each) => each === label).length);

test('drawings: those of the site and of the reader, then photographs of all classes in turn', () => {
  const { lesson, own, measured } = plan('drawings', { replay: 0.5 }, [drawing(3), drawing(10)]);
  expect(own).toBe(21);
  expect([lesson.labels[20], lesson.images[41]]).toEqual([3, 250]);
  expect(Math.max(...perClass(lesson.labels.subarray(21)))).toBe(3);
  expect(lesson.labels.length).toBe(42);
  expect(measured).toBe(sets.unseenDrawings);
  expect(lesson.augmentation).not.toBeNull();
});

test('a class of its own: an eleventh output, and drawings of that class alone', () => {
  const { lesson, own, measured } = plan('class', { replay: 0.5 }, [drawing(3), drawing(10, 0), drawing(10)]);
  expect(own).toBe(120);
  expect(perClass(lesson.labels.subarray(0, 120))[10]).toBe(120);
  expect(perClass(lesson.labels.subarray(120))[10]).toBe(0);
  expect(lesson.outputs).toBe(11);
  expect(measured).toBe(sets.unseenHats);
});

test('a class whose drawings are all of the reader is measured on these', () => {
  const { measured } = plan('class', {}, [drawing(10, 77), drawing(10, 78)]);
  expect(measured).toEqual({ labels: Uint8Array.of(10, 10), images: Uint8Array.of(10, 77, 10, 78) });
});

test('the trade: so many shirts, and no further shirt among what is replayed', () => {
  const { lesson, own } = plan('trade', { replay: 0.75 });
  expect(own).toBe(6);
  expect(perClass(lesson.labels)[SHIRT]).toBe(6);
  expect(perClass(lesson.labels.subarray(6)).slice(0, 10)).toEqual([2, 2, 2, 2, 2, 2, 0, 2, 2, 2]);
});

test('forgetting: without replay, then with it', () => {
  const [without, replaying] = runsOf(choicesFor('forget'));
  expect([without!.replay, replaying!.replay]).toEqual([0, LESSONS.forget.settings.replay]);
  expect(runsOf(choicesFor('trade'))).toHaveLength(1);
});

test('from nothing: so many of each class, once each, measured on the test sample', () => {
  const { lesson, own, measured } = plan('scratch');
  expect(own).toBe(60);
  expect(lesson).toMatchObject({ fresh: true, mode: 'all' });
  expect(perClass(lesson.labels).slice(0, 10)).toEqual(Array<number>(10).fill(6));
  expect(new Set(lesson.images.filter((_, i) => i % 2)).size).toBe(60);
  expect(measured).toBeNull();
});

test('the share that is replayed is of all images', () => {
  expect(
    [
      [10, 0.5],
      [10, 0.75],
      [10, 0],
      [10, 1],
    ].map(([own, part]) => replayCount(own!, part!)),
  ).toEqual([10, 30, 0, 190]);
});

describe.each(LESSON_NAMES)('%s', (task) => {
  it.each([
    { replay: 0, perClass: 4 },
    { replay: 0.5, perClass: 12 },
    { replay: 0.9, perClass: 12 },
  ])('shows as many images as it announces: %j', (changes) => {
    const drawn = [3, 10, 10];
    const choices = choicesFor(task, changes);
    const { lesson, own } = planLesson(
      choices,
      drawn.map((label) => drawing(label)),
      sets,
    );
    const announced = countImages({ choices, drawn, counts });
    expect([announced.own * announced.times, announced.replayed]).toEqual([own, lesson.labels.length - own]);
  });

  it('has nothing in its way as it begins', () => {
    const drawn = [CLASS_COUNT, CLASS_COUNT];
    expect(
      faultOf({ choices: choicesFor(task), drawn, counts, names: ['Shirt'], outputs: CLASS_COUNT }),
    ).toBeNull();
  });
});

it.each([
  ['badEpochs', 'drawings', { epochs: 0 }],
  ['badEpochs', 'scratch', { epochs: 1.5 }],
  ['badLearningRate', 'forget', { learningRate: 0 }],
  ['badLearningRate', 'trade', { learningRate: NaN }],
  ['badBatch', 'class', { batchSize: 1 }],
  ['badPerClass', 'trade', { perClass: 13 }],
  ['badPerClass', 'scratch', { perClass: NaN }],
  ['oneClass', 'trade', { replay: 0 }],
  ['oneClass', 'class', { replay: 0 }],
  ['noName', 'class', { className: ' ' }],
  ['noName', 'class', { className: undefined }],
  ['longName', 'class', { className: 'x'.repeat(25) }],
  ['knownName', 'class', { className: ' shirt ' }],
] as const)('%s stands in the way of %s with %j', (fault, task, changes) => {
  const choices = choicesFor(task, changes as Partial<Choices>);
  expect(faultOf({ choices, drawn: [10, 10], counts, names: ['Shirt'], outputs: 10 })).toBe(fault);
});

it.each([
  ['noDrawings', 'class', [], 10],
  ['noDrawings', 'class', [3, 3], 10],
  ['oneDrawing', 'class', [10], 10],
  ['elevenClasses', 'drawings', [10, 10], 11],
  [null, 'class', [10, 10], 11],
] as const)(
  '%s stands in the way of %s with drawings of %j and %i outputs',
  (fault, task, drawn, outputs) => {
    expect(faultOf({ choices: choicesFor(task), drawn, counts, names: [], outputs })).toBe(fault);
  },
);

it('shows the class of the trade as often as it weighs, and the others as before', () => {
  const once = plan('trade');
  const thrice = plan('trade', { weight: 3 });
  const count = ({ lesson }: typeof once) => perClass(lesson.labels);
  expect(count(thrice)[SHIRT]).toBe(3 * count(once)[SHIRT]!);
  expect(count(thrice).with(SHIRT, 0)).toEqual(count(once).with(SHIRT, 0));
  expect(countImages({ choices: choicesFor('trade', { weight: 3 }), drawn: [], counts })).toMatchObject({
    own: 6,
    times: 3,
  });
  // A weight that is left from the trade is none of another lesson's.
  expect(plan('forget', { weight: 3 }).lesson.labels).toEqual(plan('forget').lesson.labels);
});
