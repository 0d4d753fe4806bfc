/** What the three tasks train on, and what is wrong with a choice. Pure. */
import { CLASS_COUNT, SHIRT } from '../../data/dataset.ts';
import { fittingBatchSize, type Lesson, type Mode } from '../../training/fine-tuning.ts';
import { presets } from '../../training/presets.ts';
import { deriveSeed, shuffle } from '../../math/random.ts';
import type { LabelledDrawing } from './client/drawing-storage.ts';
import { InputError } from './failures.ts';

export const TASKS = ['hand', 'shirt', 'scratch'] as const;
export type TaskName = (typeof TASKS)[number];

/** Decides which images are taken, and order, dropout and augmentation. */
const SEED = 1;
/** A learning rate above the recipe's own peak is likely to be too high. */
export const HIGH_LEARNING_RATE = 0.02;

export interface Choices {
  readonly task: TaskName;
  readonly mode: Mode;
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly augment: boolean;
  /** Share of the images that the network knows already; below 1. */
  readonly replay: number;
  /** Training images of each class that is to be learned. */
  readonly perClass: number;
}

/** What each task begins with. */
export const DEFAULTS: Readonly<Record<TaskName, Omit<Choices, 'task'>>> = {
  hand: {
    mode: 'head',
    epochs: 8,
    learningRate: 1e-3,
    batchSize: 16,
    augment: true,
    replay: 0.5,
    perClass: 50,
  },
  shirt: {
    mode: 'head',
    epochs: 6,
    learningRate: 1e-3,
    batchSize: 32,
    augment: false,
    replay: 0.75,
    perClass: 100,
  },
  scratch: {
    mode: 'all',
    epochs: 5,
    learningRate: 3e-3,
    batchSize: 32,
    augment: false,
    replay: 0,
    perClass: 20,
  },
};

/** Images with their classes. */
export interface LabelledImages {
  /** Bytes, one image after another. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

export interface Plan {
  readonly lesson: Lesson;
  /** How many of the lesson's images are to be learned; the others are replayed. */
  readonly own: number;
}

/**
 * The images of a task, those to be learned first, and how they are learned.
 * @param sample training images @param size bytes of an image
 * @throws InputError
 */
export function planLesson(
  choices: Choices,
  drawings: readonly LabelledDrawing[],
  sample: LabelledImages,
  size: number,
): Plan {
  const { task, mode, epochs, learningRate, batchSize, augment } = choices;
  if (!(Number.isInteger(epochs) && epochs >= 1 && epochs <= 1000)) throw new InputError('badEpochs');
  if (!(learningRate > 0 && Number.isFinite(learningRate))) throw new InputError('badLearningRate');
  if (!(Number.isInteger(batchSize) && batchSize >= 2)) throw new InputError('badBatch');
  const shuffled = [...shuffle(sample.labels.length, deriveSeed(SEED, 'sample'))];
  const ofSample = (id: number): LabelledDrawing => ({
    label: sample.labels[id]!,
    pixels: sample.images.subarray(id * size, (id + 1) * size),
  });
  const taken = task === 'hand' ? [] : firstOfEach(shuffled, sample.labels, task, choices.perClass);
  const own = task === 'hand' ? [...drawings] : taken.map(ofSample);
  if (!own.length) throw new InputError('noDrawings');
  const isTaken = new Set(taken);
  // The classes that the task is not about are shown again, in turn, so that the network does not forget them.
  const others = shuffled.filter(
    (id) => !isTaken.has(id) && (task !== 'shirt' || sample.labels[id] !== SHIRT),
  );
  const replayed = inTurn(others, sample.labels)
    .slice(0, replayCount(own.length, choices.replay))
    .map(ofSample);
  const all = [...own, ...replayed];
  if (all.length < 2 || (task === 'hand' && own.length < 2)) throw new InputError('tooFew');
  if (new Set(all.map(({ label }) => label)).size < 2) throw new InputError('oneClass');
  const images = new Uint8Array(all.length * size);
  all.forEach(({ pixels }, i) => images.set(pixels, i * size));
  const labels = Uint8Array.from(all, ({ label }) => label);
  return {
    own: own.length,
    lesson: {
      mode,
      images,
      labels,
      epochs,
      batchSize: fittingBatchSize({ mode, labels, batchSize }),
      learningRate,
      augmentation: augment ? presets['augment']!.recipe.augmentation! : null,
      fresh: task === 'scratch',
      seed: SEED,
    },
  };
}

/** How many images to add so that they make up this share of all. */
export const replayCount = (own: number, part: number): number =>
  Math.round((own * Math.min(part, 0.95)) / (1 - Math.min(part, 0.95)));

/** The first `perClass` images of each class that the task is about. */
function firstOfEach(ids: readonly number[], labels: Uint8Array, task: TaskName, perClass: number): number[] {
  const counts = new Array<number>(CLASS_COUNT).fill(0);
  return ids.filter((id) => {
    const label = labels[id]!;
    return (task === 'scratch' || label === SHIRT) && counts[label]!++ < perClass;
  });
}

/** The same images in another order: one of each class, then the next of each. */
function inTurn(ids: readonly number[], labels: Uint8Array): number[] {
  const counts = new Array<number>(CLASS_COUNT).fill(0);
  const rounds = new Map(ids.map((id) => [id, counts[labels[id]!]!++]));
  return [...ids].sort((a, b) => rounds.get(a)! - rounds.get(b)!);
}
