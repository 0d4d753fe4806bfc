/** Carries out the lessons of the teaching page in Node, from the plans that the page has. */
import type { LessonOutcome } from '../artifacts/lessons.ts';
import { CLASS_COUNT, IMAGE_PIXELS } from '../data/dataset.ts';
import type { FashionMnist } from '../data/node/fashion-mnist.ts';
import { lessonSets, TAUGHT_PER_CLASS, sampleByClass } from '../data/node/published-data.ts';
import { splitTraining } from '../data/split.ts';
import { countCorrect, predictedClasses } from '../evaluation/metrics.ts';
import { gatherImages } from '../network/preprocess.ts';
import { FineTuning } from '../training/fine-tuning.ts';
import { type Choices, type LabelledImages, LESSONS, planLesson, type SetName } from '../training/lessons.ts';
import { loadDataset } from './dataset.ts';
import { lessonDrawings } from './drawing-evaluation.ts';
import type { Source } from './parent-runs.ts';

/** Test images on which the cost is measured, as on the page. */
export const SAMPLE = 500;

/** What lessons learn from and are measured on. */
export interface LessonMaterial {
  readonly sets: Readonly<Record<SetName, LabelledImages>>;
  readonly sample: LabelledImages;
}

/**
 * The images of the page; or, to choose settings by, others in place of those that are measured on: validation images
 * that no lesson is taught, and every fourth of the drawings that would be taught.
 */
export async function lessonMaterial(choosing: boolean): Promise<LessonMaterial> {
  const data = await loadDataset('fashion-mnist');
  const sets = lessonSets(data, splitTraining(), await lessonDrawings());
  const first = {
    images: data.test.images.subarray(0, SAMPLE * IMAGE_PIXELS),
    labels: data.test.labels.subarray(0, SAMPLE),
  };
  if (!choosing) return { sets, sample: first };
  const [drawings, unseenDrawings] = heldOut(sets.drawings);
  const [hats, unseenHats] = heldOut(sets.hats);
  const unseen = unseenPhotographs(data);
  return {
    sets: {
      ...sets,
      drawings,
      unseenDrawings,
      hats,
      unseenHats,
      shirts: pick(unseen, (label) => label === LESSONS.trade.only),
    },
    sample: pick(unseen, (_, i) => i % 10 === 0),
  };
}

/** Five hundred validation images of each class, behind those that lessons are taught. */
function unseenPhotographs(data: FashionMnist): LabelledImages {
  const last = TAUGHT_PER_CLASS + SAMPLE;
  const ids = sampleByClass(splitTraining().validation, data.train.labels, last).filter(
    (_, i) => i % last >= TAUGHT_PER_CLASS,
  );
  return {
    images: gatherImages(data.train.images, [...ids], IMAGE_PIXELS),
    labels: Uint8Array.from(ids, (id) => data.train.labels[id]!),
  };
}

function pick(
  { images, labels }: LabelledImages,
  wanted: (label: number, i: number) => boolean,
): LabelledImages {
  const chosen = [...labels.keys()].filter((i) => wanted(labels[i]!, i));
  return {
    images: gatherImages(images, chosen, IMAGE_PIXELS),
    labels: Uint8Array.from(chosen, (i) => labels[i]!),
  };
}

const heldOut = (set: LabelledImages) =>
  [false, true].map((out) => pick(set, (_, i) => (i % 4 === 1) === out)) as [LabelledImages, LabelledImages];

/** Carries out one run of a lesson. The network is evaluated after each epoch, since the page does so too. */
export async function carryOut(
  { metrics, weights }: Pick<Source, 'metrics' | 'weights'>,
  choices: Choices,
  { sets, sample }: LessonMaterial,
  seed: number,
): Promise<LessonOutcome> {
  const { images, labels } = sets.hats;
  const drawn =
    choices.task === 'class'
      ? [...labels].map((label, i) => ({
          label,
          pixels: images.subarray(i * IMAGE_PIXELS, (i + 1) * IMAGE_PIXELS),
        }))
      : [];
  const { lesson, measured } = planLesson(choices, drawn, sets, seed);
  const tuning = new FineTuning(metrics.recipe.architecture, weights, lesson);
  const started = performance.now();
  try {
    await tuning.prepare();
    const outputs = lesson.outputs ?? CLASS_COUNT;
    const points = async (set: LabelledImages) =>
      (100 * countCorrect(set.labels, predictedClasses(await tuning.probabilities(set.images), outputs))) /
      set.labels.length;
    const both = async () => {
      const onSample = await points(sample);
      return [measured ? await points(measured) : onSample, onSample] as const;
    };
    const [before, sampleBefore] = await both();
    let [after, sampleAfter] = [before, sampleBefore];
    while (!tuning.done) if ((await tuning.next()).type === 'epoch') [after, sampleAfter] = await both();
    return {
      seed,
      before,
      after,
      sampleBefore,
      sampleAfter,
      seconds: Math.round((performance.now() - started) / 100) / 10,
    };
  } finally {
    tuning.dispose();
  }
}
