import { z } from 'zod';
import { CLASS_COUNT } from './dataset.ts';
import data from './reported.json' with { type: 'json' };

/**
 * Every number of the report, once, with the places where it occurs. `reported.json` is read while the site is built;
 * code for the browser should be handed the numbers it needs rather than import this module.
 */

/** Where the report says something. */
const place = z.strictObject({
  /** Number of the section, "7.2", or of the chapter for text before its first section. */
  section: z.string().regex(/^[1-9](\.[1-9])?$/),
  /** The report's own words. */
  quote: z.string().min(1),
  /** Which of the numbers in the quote it is, counted from 0; several if it occurs there more than once. */
  at: z.union([z.int().nonnegative(), z.array(z.int().nonnegative()).min(1)]).optional(),
});

const unit = z.enum([
  /** No unit: losses, learning rates and other pure numbers. */
  '1',
  /** A share from 0 to 1, printed as such or in per cent. */
  'fraction',
  /** Percentage points, the difference of two shares; the report prints some with a per cent sign. */
  'points',
  /** One side of a ratio. */
  'parts',
  's',
  'min',
  'MB',
  'GB',
  'images/s',
  'images',
  'classes',
  'pixels',
  'layers',
  'channels',
  'features',
  'parameters',
  'epochs',
  'batches',
]);

const figure = z.strictObject({
  /** In `unit`; shares are fractions as in the artifacts, 0.9372 and not 93.72. */
  value: z.number(),
  unit,
  /** Whether the report itself calls it approximate, 约. */
  approximate: z.literal(true).optional(),
  places: z.array(place).min(1),
});

/** A statement that is not a quantity: a name or a version. */
const fact = z.strictObject({ value: z.string().min(1), places: z.array(place).min(1) });

const scores = { precision: figure, recall: figure, f1: figure, support: figure };
const label = z
  .int()
  .min(0)
  .max(CLASS_COUNT - 1);

const epochEnd = {
  epoch: z.int().positive(),
  validationLoss: figure,
  validationAccuracy: figure,
  learningRate: figure,
};

const fullEpoch = z.strictObject({
  ...epochEnd,
  seconds: figure,
  /** The batch's number within the epoch from 0, and its own loss and accuracy. */
  batches: z.array(z.strictObject({ batch: figure, loss: figure, accuracy: figure })),
  /** Running means over the epoch's batches. */
  trainLoss: figure,
  trainAccuracy: figure,
});

/** Approximate ends of a curve, after the first epoch and after the last. */
const curve = z.strictObject({ start: figure, end: figure });

const reportedSchema = z.strictObject({
  title: z.string(),
  author: z.string(),

  classes: figure,
  /** Both sides of an image. */
  imageSize: figure,
  images: figure,
  trainImages: figure,
  testImages: figure,
  trainShare: figure,
  validationShare: figure,
  distribution: z
    .array(z.strictObject({ label, name: z.string(), train: figure, test: figure }))
    .length(CLASS_COUNT),

  blocks: z.array(
    z.strictObject({
      convolutions: figure,
      kernelSize: figure,
      channels: figure,
      poolSize: figure,
      dropout: figure,
    }),
  ),
  dense: z.array(z.strictObject({ inputs: figure, outputs: figure, dropout: figure.nullable() })),
  totalParameters: figure,
  trainableParameters: figure,
  modelSize: figure,

  gpu: fact,
  cudaVersion: fact,
  gpuMemory: figure,
  framework: fact,
  optimizer: fact,
  learningRate: figure,
  weightDecay: figure,
  labelSmoothing: figure,
  maxLearningRate: figure,
  batchSize: figure,
  epochs: figure,
  mixedPrecision: fact,

  batchesPerEpoch: figure,
  bestEpoch: figure,
  /** The log in figure 1: the end of epoch 18, then epochs 19 and 20. */
  log: z.tuple([z.strictObject(epochEnd), fullEpoch, fullEpoch]),
  totalTime: figure,
  totalTimeInWords: z.strictObject({ minutes: figure, seconds: figure }),
  testAccuracy: figure,
  testLoss: figure,

  curves: z.strictObject({
    trainLoss: curve,
    validationLoss: curve,
    trainAccuracy: curve,
    validationAccuracy: curve,
  }),
  trainValidationGap: figure,
  warmupEpochs: figure,
  decayEpochs: figure,

  baselineAccuracy: figure,
  leadOverBaseline: figure,
  classificationReport: z.strictObject({
    classes: z.array(z.strictObject({ label, name: z.string(), ...scores })).length(CLASS_COUNT),
    macro: z.strictObject({ name: z.string(), ...scores }),
    weighted: z.strictObject({ name: z.string(), ...scores }),
  }),

  gpuMemoryAllocated: figure,
  gpuMemoryReserved: figure,
  epochTime: figure,
  imagesPerSecond: figure,
  trainTestGap: figure,
  fluctuatingBatches: figure,
});

export type Figure = z.infer<typeof figure>;
export type Fact = z.infer<typeof fact>;

const parsed = reportedSchema.parse(data);
const [, best, last] = parsed.log;

/**
 * The report's numbers, `reported.testAccuracy.value`. What it summarises from its log is kept once, in `log`,
 * and has a name here as well.
 */
export const reported = {
  ...parsed,
  bestValidationAccuracy: best.validationAccuracy,
  finalTrainLoss: last.trainLoss,
  finalTrainAccuracy: last.trainAccuracy,
  finalValidationLoss: last.validationLoss,
  finalValidationAccuracy: last.validationAccuracy,
};

/** Numbers as the report writes them; a digit behind a letter belongs to a name (F1, FP16). */
const NUMBER = /(?<![A-Za-z\d.,])\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?%?/g;

/** The numbers in a text of the report, in order, each as printed and with its position. */
export const numbersIn = (text: string): { printed: string; index: number }[] =>
  Array.from(text.matchAll(NUMBER), (match) => ({ printed: match[0], index: match.index }));

/** A figure as the report prints it where it first occurs, with its digits: "93.80%", "2,493,514", "0.000000". */
export function asPrinted({ places }: Figure): string {
  const { quote, at = 0 } = places[0]!;
  return numbersIn(quote)[[at].flat()[0]!]!.printed;
}
