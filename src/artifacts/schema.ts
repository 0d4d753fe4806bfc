/**
 * The contract between training and site: the content of the JSON files of `public/models/`.
 *
 * Everything is checked when it is written and when it is read. The parse functions take what `JSON.parse` gives and
 * know nothing of files or addresses, so that Node, the site's build and the browser share them.
 */
import { z } from 'zod';
import { CLASS_COUNT } from '../data/dataset.ts';
import { dataSchema, departureSchema, recipeSchema } from '../training/recipe-schema.ts';
import { ArtifactError } from './integrity.ts';

/** The version of each kind of file; a reader refuses any other. */
export const VERSIONS = {
  metrics: 2,
  ensemble: 2,
  index: 2,
  history: 1,
  confusion: 1,
  drawings: 1,
  pytorch: 1,
  testReads: 1,
  lessons: 1,
  ablation: 1,
} as const;

/** An id names a folder below `public/models/` and is part of addresses: lower-case letters, digits, hyphens. */
export const ID_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const id = z.string().regex(ID_PATTERN, 'must be lower-case letters, digits and single hyphens');
export const fraction = z.number().min(0).max(1);
export const count = z.int().nonnegative();
const label = count.max(CLASS_COUNT - 1);
export const loss = z.number().nonnegative();
const seconds = z.number().nonnegative();
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal');
const timestamp = z.iso.datetime();

const judged = z.strictObject({ loss, accuracy: fraction, images: z.int().positive() });

const score = z.strictObject({ precision: fraction, recall: fraction, f1: fraction, support: count });

const commit = z.strictObject({
  /** Full hash, or null outside of a git checkout. */
  commit: z.string().nullable(),
  /** Whether files that take part in training differed from that commit; null outside of a git checkout. */
  dirty: z.boolean().nullable(),
});

const positive = z.int().positive();

/** What eight bits change against the published half precision, on the validation images. */
const eightBit = z.strictObject({
  flips: count,
  images: positive,
  accuracy: fraction,
  accuracyFloat16: fraction,
  /** Probabilities of the first test images, ten each: a backend must find them before it is trusted. */
  known: z.array(fraction).readonly(),
});

/** `metrics.json`: what was trained, on what, and what came out. Computed from the published (float16) weights. */
export const metricsSchema = z.strictObject({
  schemaVersion: z.literal(VERSIONS.metrics),
  id,
  preset: z.string(),
  /** How it differs from its preset: not at all, by its seed alone, or in its settings or members. */
  variation: z.enum(['none', 'seed', 'settings']),
  /** Where it departs from the report's recipe; empty only for that recipe, every setting of it, run to its end. */
  departures: z.array(departureSchema).readonly(),
  data: dataSchema,
  /** The recipe as it was run. */
  recipe: recipeSchema,
  seeds: z.record(z.string(), z.int().nonnegative()),
  backend: z.strictObject({ name: z.string(), device: z.string() }),
  machine: z.strictObject({ cpu: z.string(), cores: z.int().positive(), platform: z.string() }),
  versions: z.record(z.string(), z.string()),
  source: commit,
  /** Every start of the process: a run that was interrupted has several. */
  sessions: z
    .array(
      z.strictObject({
        startedAt: timestamp,
        fromStep: count,
        /** The revision of the backend's kernels; absent before it was recorded, and where the backend has none. */
        kernels: count.optional(),
        ...commit.shape,
      }),
    )
    .min(1),
  finishedAt: timestamp,
  parameterCount: z.int().positive(),
  epochs: z.int().positive(),
  /** The epoch whose weights are published, counted from 1. */
  bestEpoch: z.int().positive(),
  /** Of the published weights; null for a run that trains on all 60,000 images. */
  validation: judged.nullable(),
  /**
   * The same with each validation image varied once, as the training images are every time: what a validation gives
   * that treats both alike. Absent where nothing is varied, and in runs from before it was measured.
   */
  variedValidation: judged.optional(),
  /** Of the published weights; the loss is the label-smoothed cross-entropy. */
  test: z.strictObject({ loss, accuracy: fraction, correct: count, images: z.int().positive() }),
  report: z.strictObject({
    classes: z.array(score).length(CLASS_COUNT),
    macro: score,
    weighted: score,
  }),
  time: z.strictObject({
    /** The whole training, validation included, pauses left out. */
    seconds,
    secondsPerEpoch: seconds,
    /** Training images per second, validation's time left out. */
    imagesPerSecond: z.number().nonnegative(),
  }),
  /** How often the test set was put through a model of this run. */
  testSetReads: z.int().positive(),
  /** What publishing in half precision changes on the test set. */
  float16: z.strictObject({ flips: count, accuracyFloat32: fraction, accuracyFloat16: fraction }),
  /** The network with kernels in eight bits, for slow connections; absent where there is none. */
  eightBit: eightBit.optional(),
  /** The published runs that this one learned from, with the SHA-256 of their weights; absent where there were none. */
  sources: z.record(z.string(), z.string()).optional(),
  /** The other files of the folder, by name. */
  files: z.record(z.string(), z.strictObject({ bytes: count, sha256 })),
});

export const epochSchema = z.strictObject({
  epoch: z.int().positive(),
  /** Running means over the epoch's batches, in training mode. */
  trainLoss: loss,
  trainAccuracy: fraction,
  validationLoss: loss.nullable(),
  validationAccuracy: fraction.nullable(),
  /** As PyTorch prints it after the epoch: the schedule at step `stepsPerEpoch · epoch`. */
  learningRate: z.number().nonnegative(),
  /** Training and validation. */
  seconds,
  /** Training alone. */
  trainSeconds: seconds,
});

/** `history.json`: the curves. */
const historySchema = z.strictObject({
  schemaVersion: z.literal(VERSIONS.history),
  stepsPerEpoch: z.int().positive(),
  epochs: z.array(epochSchema).min(1),
  /** Every fiftieth batch, as in the report's log; `batch` counts from 0 within its epoch. */
  batches: z.array(z.strictObject({ epoch: z.int().positive(), batch: count, loss, accuracy: fraction })),
});

/** `confusion.json`: the test images by true and by predicted class. */
const confusionSchema = z
  .strictObject({
    schemaVersion: z.literal(VERSIONS.confusion),
    /** Rows are true classes, columns predicted ones. */
    matrix: z.array(z.array(count).length(CLASS_COUNT)).length(CLASS_COUNT),
    /** Each cell off the diagonal that is not empty, with the ids (0 to 9,999) of its test images, ascending. */
    cells: z.array(
      z.strictObject({
        true: label,
        predicted: label,
        ids: z.array(count).min(1),
      }),
    ),
  })
  .superRefine(({ matrix, cells }, context) => {
    const named = matrix.map((row) => row.map(() => 0));
    for (const { true: row, predicted: column, ids } of cells) named[row]![column]! += ids.length;
    matrix.forEach((row, i) =>
      row.forEach((images, j) => {
        if (i !== j && named[i]![j] !== images) {
          context.addIssue({
            code: 'custom',
            path: ['cells'],
            message: `cell ${i}→${j} counts ${images} images but names ${named[i]![j]}`,
          });
        }
      }),
    );
  });

const entry = metricsSchema
  .pick({ id: true, preset: true, variation: true, finishedAt: true })
  .extend({ testAccuracy: fraction });

/** `index.json`: what is published, sorted by id. */
const indexSchema = z.strictObject({
  schemaVersion: z.literal(VERSIONS.index),
  models: z.array(entry.extend(metricsSchema.pick({ departures: true }).shape)),
  /** Ensembles of them (`ensemble.ts`); absent where there are none. */
  ensembles: z.array(entry).optional(),
});

export type Metrics = z.infer<typeof metricsSchema>;
export type EightBit = z.infer<typeof eightBit>;
export type History = z.infer<typeof historySchema>;
export type Confusion = z.infer<typeof confusionSchema>;
export type Index = z.infer<typeof indexSchema>;

type FileSchema = z.ZodObject<{ schemaVersion: z.ZodLiteral<number> }>;

/**
 * Makes the parser of a JSON file of runs, which takes the id of the run and the content of the file. It throws an
 * ArtifactError with file and reason where the content is amiss or of another run.
 */
export const parser =
  <Schema extends FileSchema>(schema: Schema, file: string) =>
  (id: string, content: unknown): z.infer<Schema> => {
    const broken = (reason: string): ArtifactError => new ArtifactError(file, id, reason);
    const found = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
    const known = schema.shape.schemaVersion.value;
    if (found === undefined) throw broken('it has no schemaVersion');
    if (found !== known) {
      const remedy = Number(found) < known ? 'run "npm run migrate"' : 'update this project to read it';
      throw broken(`schemaVersion ${JSON.stringify(found)}, this version reads ${known}; ${remedy}`);
    }
    const result = schema.safeParse(content);
    if (!result.success) {
      const issue = result.error.issues[0]!;
      throw broken(`${issue.path.join('.') || 'the file'}: ${issue.message}`);
    }
    const named = (result.data as { id?: string }).id ?? id;
    if (named !== id) throw broken(`it describes the run "${named}"`);
    return result.data;
  };

export const parseMetrics = parser(metricsSchema, 'metrics.json');
export const parseHistory = parser(historySchema, 'history.json');
export const parseConfusion = parser(confusionSchema, 'confusion.json');

/** The content of `public/models/index.json`. @throws ArtifactError which names file and reason */
export const parseIndex = (content: unknown): Index => parser(indexSchema, 'index.json')('models', content);
