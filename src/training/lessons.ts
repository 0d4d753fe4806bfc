/**
 * The lessons of the teaching page: what each shows to which part of the network, and what it is measured on. The page
 * and `npm run evaluate:lessons` carry out the same plans. Pure.
 */
import { CLASS_COUNT, SHIRT } from '../data/dataset.ts';
import { deriveSeed, shuffle } from '../math/random.ts';
import { fittingBatchSize, type Lesson, type Mode } from './fine-tuning.ts';
import { presets } from './presets.ts';

/** Images with their classes. */
export interface LabelledImages {
  /** Bytes, one image after another. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** One image with its class. */
export interface LabelledImage {
  readonly label: number;
  /** 28×28 greys. */
  readonly pixels: Uint8Array;
}

/** The published sets of images that lessons use, by their names in the manifest. */
export type SetName =
  'sample' | 'validation' | 'shirts' | 'drawings' | 'unseenDrawings' | 'hats' | 'unseenHats';

export interface Settings {
  readonly mode: Mode;
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly augment: boolean;
  /** Share of the images that the network knows already; below 1. */
  readonly replay: number;
  /** Photographs of each class that is taught; only where the lesson teaches photographs. */
  readonly perClass: number;
}

interface LessonTable {
  /** What is shown to the network; null for the reader's drawings alone. */
  readonly teaches: SetName | null;
  /** What else is shown, so that the network does not forget it. */
  readonly replays: SetName;
  /** Images never taught on which the lesson is measured; null for the test sample, on which its cost is measured. */
  readonly measures: SetName | null;
  /** Whether the reader's drawings are taught. */
  readonly drawn: boolean;
  /** The one class that is taught; null for all. */
  readonly only: number | null;
  readonly fresh: boolean;
  /** A few images are shown several times an epoch, until they are about so many. */
  readonly showings: number;
  /** What it begins with; chosen on validation images and drawings that are not measured on (`evaluate:lessons`). */
  readonly settings: Settings;
}

const head = {
  mode: 'head',
  epochs: 12,
  learningRate: 3e-3,
  batchSize: 16,
  augment: true,
  replay: 0.5,
  perClass: 100,
} as const satisfies Settings;

/** In the order of the page. */
export const LESSONS = {
  drawings: {
    teaches: 'drawings',
    replays: 'validation',
    measures: 'unseenDrawings',
    drawn: true,
    only: null,
    fresh: false,
    showings: 0,
    settings: head,
  },
  class: {
    teaches: null,
    replays: 'validation',
    measures: 'unseenHats',
    drawn: true,
    only: CLASS_COUNT,
    fresh: false,
    showings: 120,
    settings: head,
  },
  trade: {
    teaches: 'validation',
    replays: 'validation',
    measures: 'shirts',
    drawn: false,
    only: SHIRT,
    fresh: false,
    showings: 0,
    settings: { ...head, epochs: 4, learningRate: 1e-3, batchSize: 32, augment: false, replay: 0.25 },
  },
  forget: {
    teaches: 'validation',
    replays: 'validation',
    measures: 'shirts',
    drawn: false,
    only: SHIRT,
    fresh: false,
    showings: 0,
    settings: { ...head, epochs: 6, augment: false, replay: 0.75 },
  },
  scratch: {
    teaches: 'sample',
    replays: 'sample',
    measures: null,
    drawn: false,
    only: null,
    fresh: true,
    showings: 0,
    settings: {
      mode: 'all',
      epochs: 4,
      learningRate: 5e-3,
      batchSize: 16,
      augment: false,
      replay: 0,
      perClass: 100,
    },
  },
} as const satisfies Record<string, LessonTable>;

export type LessonName = keyof typeof LESSONS;
export const LESSON_NAMES = Object.keys(LESSONS) as LessonName[];
export const isLesson = (name: string): name is LessonName => Object.hasOwn(LESSONS, name);
const tableOf = (name: LessonName): LessonTable => LESSONS[name];

export interface Choices extends Settings {
  readonly task: LessonName;
  /** What the reader calls the eleventh class; only in the lesson of it. */
  readonly className?: string;
  /** How often an epoch shows each image of the one class; only in the lesson of what it costs. */
  readonly weight?: number;
}

/** Decides which images are taken, and order, dropout and augmentation. */
const SEED = 1;
/** A learning rate above the recipe's own peak is likely to be too high. */
export const HIGH_LEARNING_RATE = 0.02;
/** Characters that the name of a class has at most. */
export const LONGEST_NAME = 24;

/** The runs of a lesson, one after another: forgetting is shown without replay, then with it. */
export const runsOf = (choices: Choices): Choices[] =>
  choices.task === 'forget' ? [{ ...choices, replay: 0 }, choices] : [choices];

/** The sets of images that a lesson needs. */
export function setsOf(task: LessonName): SetName[] {
  const { teaches, replays, measures } = tableOf(task);
  const all: (SetName | null)[] = [teaches, replays, measures, task === 'class' ? 'hats' : null];
  return [...new Set(all.filter((name) => name !== null))];
}

/** What stands in the way of a lesson; each is a sentence for the reader. */
export type LessonFault =
  | 'badEpochs'
  | 'badLearningRate'
  | 'badBatch'
  | 'badPerClass'
  | 'noName'
  | 'longName'
  | 'knownName'
  | 'noDrawings'
  | 'oneDrawing'
  | 'oneClass'
  | 'tooFew'
  | 'elevenClasses';

/** What is known of a lesson before any image is loaded. */
export interface Inputs {
  readonly choices: Choices;
  /** Classes of the reader's drawings. */
  readonly drawn: readonly number[];
  /** Sizes of the published sets, in which each class is there equally often. */
  readonly counts: Readonly<Record<SetName, number>>;
  /** Names that the ten classes have already. */
  readonly names: readonly string[];
  /** Outputs of the network that it begins with. */
  readonly outputs: number;
}

/** How many images a lesson shows, those to be learned so many times an epoch. */
export function countImages({ choices, drawn, counts }: Omit<Inputs, 'names' | 'outputs'>): {
  own: number;
  times: number;
  replayed: number;
} {
  const { teaches, replays, only, showings } = tableOf(choices.task);
  const ownDrawn = drawnOf(choices.task, drawn, (label) => label).length;
  const taken = teaches === replays ? choices.perClass * (only === null ? CLASS_COUNT : 1) : 0;
  const classes = only === SHIRT ? CLASS_COUNT - 1 : CLASS_COUNT;
  const pool = (counts[replays] * classes) / CLASS_COUNT - (only === null ? taken : 0);
  const own = (teaches === null ? 0 : taken || counts[teaches]) + ownDrawn;
  const shown = Math.max(1, Math.round(showings / (own || 1)));
  const replayed = Math.min(Math.max(0, pool), replayCount(own * shown, choices.replay));
  // The weight of a class is against the others: those are not more for it.
  const weight = choices.task === 'trade' ? (choices.weight ?? 1) : 1;
  return { own, times: shown * weight, replayed };
}

/** What stands in the way; null for nothing. */
export function faultOf({ choices, drawn, counts, names, outputs }: Inputs): LessonFault | null {
  const { task, epochs, learningRate, batchSize, perClass, className } = choices;
  const { teaches, replays } = tableOf(task);
  if (!(Number.isInteger(epochs) && epochs >= 1 && epochs <= 1000)) return 'badEpochs';
  if (!(learningRate > 0 && Number.isFinite(learningRate))) return 'badLearningRate';
  if (!(Number.isInteger(batchSize) && batchSize >= 2)) return 'badBatch';
  if (
    teaches === replays &&
    !(Number.isInteger(perClass) && perClass >= 1 && perClass <= perClassLimit(task, counts))
  )
    return 'badPerClass';
  if (outputs > CLASS_COUNT && task !== 'class') return 'elevenClasses';
  if (task === 'class') {
    const name = className?.trim() ?? '';
    const same = (other: string) => other.toLocaleLowerCase() === name.toLocaleLowerCase();
    if (!name) return 'noName';
    if ([...name].length > LONGEST_NAME) return 'longName';
    if (names.some(same)) return 'knownName';
    const own = drawnOf(task, drawn, (label) => label).length;
    if (own < 2) return own ? 'oneDrawing' : 'noDrawings';
  }
  const { own, replayed } = countImages({ choices, drawn, counts });
  if (own + replayed < 2) return 'tooFew';
  return tableOf(task).only !== null && !replayed ? 'oneClass' : null;
}

/** Photographs of each class that a lesson can teach at most. */
export const perClassLimit = (task: LessonName, counts: Inputs['counts']): number =>
  counts[tableOf(task).replays] / CLASS_COUNT;

export interface Plan {
  readonly lesson: Lesson;
  /** How many of the lesson's images are to be learned, repetitions included; the others are replayed. */
  readonly own: number;
  /** Images on which the lesson is measured; null for the test sample. */
  readonly measured: LabelledImages | null;
}

/**
 * The images of a lesson without a fault, those to be learned first, and how they are learned.
 * @param drawn the reader's drawings
 * @param sets those of {@link setsOf}
 * @param seed another one takes other images of a set, in another order
 */
export function planLesson(
  choices: Choices,
  drawn: readonly LabelledImage[],
  sets: Partial<Readonly<Record<SetName, LabelledImages>>>,
  seed = SEED,
): Plan {
  const { task, mode, epochs, learningRate, batchSize, augment } = choices;
  const { teaches, replays, measures, only, fresh } = tableOf(task);
  const set = (name: SetName) => imagesOf(sets[name]!);
  const counts = { [replays]: set(replays).length, ...(teaches && { [teaches]: set(teaches).length }) };
  const pool = set(replays);
  const order = [...shuffle(pool.length, deriveSeed(seed, 'sample'))].map((id) => pool[id]!);
  const taken = new Set(
    teaches === replays
      ? firstOfEach(order, choices.perClass).filter(({ label }) => only === null || label === only)
      : [],
  );
  const own = [
    ...(taken.size || teaches === null ? taken : set(teaches)),
    ...drawnOf(task, drawn, ({ label }) => label),
  ];
  // The classes that the lesson is not about are shown again, in turn, so that the network does not forget them.
  const others = inTurn(order.filter((image) => !taken.has(image) && image.label !== only));
  const { times, replayed } = countImages({
    choices,
    drawn: drawn.map(({ label }) => label),
    counts: counts as Inputs['counts'],
  });
  const shown = Array.from({ length: times }, () => own).flat();
  const { images, labels } = joined([...shown, ...others.slice(0, replayed)]);
  const measured = measures === null ? null : sets[measures]!;
  return {
    own: shown.length,
    // A class of the reader's own has no images but those that are taught.
    measured: task === 'class' && !own.some(isAmong(set('hats'))) ? joined(own) : measured,
    lesson: {
      mode,
      images,
      labels,
      epochs,
      batchSize: fittingBatchSize({ mode, labels, batchSize }),
      learningRate,
      augmentation: augment ? presets['augment']!.recipe.augmentation! : null,
      fresh,
      ...(task === 'class' && { outputs: CLASS_COUNT + 1 }),
      seed,
    },
  };
}

/** Those of the reader's drawings that a lesson is about. */
export function drawnOf<Drawn>(
  task: LessonName,
  drawn: readonly Drawn[],
  labelOf: (of: Drawn) => number,
): Drawn[] {
  if (!tableOf(task).drawn) return [];
  return drawn.filter((each) => (task === 'class') === (labelOf(each) === CLASS_COUNT));
}

/** How many images to add so that they make up this share of all. */
export const replayCount = (own: number, part: number): number =>
  Math.round((own * Math.min(part, 0.95)) / (1 - Math.min(part, 0.95)));

function imagesOf({ images, labels }: LabelledImages): LabelledImage[] {
  const size = images.length / labels.length;
  return Array.from(labels, (label, n) => ({ label, pixels: images.subarray(n * size, (n + 1) * size) }));
}

function joined(all: readonly LabelledImage[]): LabelledImages {
  const size = all[0]?.pixels.length ?? 0;
  const images = new Uint8Array(all.length * size);
  all.forEach(({ pixels }, n) => images.set(pixels, n * size));
  return { images, labels: Uint8Array.from(all, ({ label }) => label) };
}

const isAmong = (set: readonly LabelledImage[]) => {
  const known = new Set(set.map(({ pixels }) => pixels.join()));
  return ({ pixels }: LabelledImage): boolean => known.has(pixels.join());
};

/** The first `count` images of each class, in the same order. */
function firstOfEach(images: readonly LabelledImage[], count: number): LabelledImage[] {
  const rounds = roundsOf(images);
  return images.filter((image) => rounds.get(image)! < count);
}

/** The same images in another order: one of each class, then the next of each. */
function inTurn(images: readonly LabelledImage[]): LabelledImage[] {
  const rounds = roundsOf(images);
  return [...images].sort((a, b) => rounds.get(a)! - rounds.get(b)!);
}

/** How many images of its class come before each. */
function roundsOf(images: readonly LabelledImage[]): Map<LabelledImage, number> {
  const counts: Record<number, number> = {};
  return new Map(
    images.map((image) => {
      const round = counts[image.label] ?? 0;
      counts[image.label] = round + 1;
      return [image, round];
    }),
  );
}
