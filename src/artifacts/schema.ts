/**
 * The contract between training and site: what stands in the JSON files of `public/models/`.
 *
 * Everything is checked when it is written and when it is read. The parse functions take what `JSON.parse` gives and
 * know nothing of files or addresses, so that Node, the site's build and the browser share them.
 */
import { z } from 'zod';
import { CLASS_COUNT } from '../data/classes.ts';
import { ArtifactError } from './errors.ts';

/** The version of all files described here; a reader refuses any other. */
export const SCHEMA_VERSION = 1;

/** An id names a folder below `public/models/` and stands in addresses: lower-case letters, digits, hyphens. */
export const ID_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const id = z.string().regex(ID_PATTERN, 'must be lower-case letters, digits and single hyphens');
export const fraction = z.number().min(0).max(1);
const count = z.int().nonnegative();
export const loss = z.number().nonnegative();
const seconds = z.number().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal');
const version = z.literal(SCHEMA_VERSION);
const timestamp = z.iso.datetime();

const judged = z.strictObject({ loss, accuracy: fraction, images: z.int().positive() });

const score = z.strictObject({ precision: fraction, recall: fraction, f1: fraction, support: count });

const commit = z.strictObject({
  /** Full hash, or null outside of a git checkout. */
  commit: z.string().nullable(),
  /** Whether files that take part in training differed from that commit; null outside of a git checkout. */
  dirty: z.boolean().nullable(),
});

const name = z.string().min(1);
const positive = z.int().positive();

/** The layer list (`src/network/architecture.ts`), as a run keeps it. */
const layer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('conv'), name, filters: positive }),
  z.strictObject({ type: z.literal('batchNorm'), name }),
  z.strictObject({ type: z.literal('relu') }),
  z.strictObject({ type: z.literal('maxPool') }),
  z.strictObject({ type: z.literal('dropout'), name, rate: z.number().min(0).lt(1) }),
  z.strictObject({ type: z.literal('squeezeExcite'), name, units: positive }),
  z.strictObject({ type: z.literal('flatten') }),
  z.strictObject({ type: z.literal('dense'), name, units: positive }),
]);

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
  schemaVersion: version,
  id,
  preset: z.string(),
  label: z.string(),
  /** True only for the report's recipe, every setting of it, run to its end. */
  fullRecipe: z.boolean(),
  /** What departs from the report's recipe, in one line; null for the full recipe. */
  deviation: z.string().nullable(),
  /** What it was trained on and is judged by; synthetic images only try the machinery. */
  data: z.enum(['fashion-mnist', 'synthetic']),
  /** The recipe as it was run, every setting (`src/training/recipe.ts`), the network's layers among them. */
  recipe: z.looseObject({
    architecture: z.strictObject({
      inputShape: z.tuple([positive, positive, positive]).readonly(),
      layers: z.array(layer).min(1).readonly(),
    }),
    epochs: positive,
    batchSize: positive,
    labelSmoothing: fraction,
    limit: positive.nullable(),
  }),
  seeds: z.record(z.string(), z.int().nonnegative()),
  backend: z.strictObject({ name: z.string(), device: z.string() }),
  machine: z.strictObject({ cpu: z.string(), cores: z.int().positive(), platform: z.string() }),
  versions: z.record(z.string(), z.string()),
  source: commit,
  /** Every start of the process: a run that was interrupted has several. */
  sessions: z.array(z.strictObject({ startedAt: timestamp, fromStep: count, ...commit.shape })).min(1),
  finishedAt: timestamp,
  parameterCount: z.int().positive(),
  epochs: z.int().positive(),
  /** The epoch whose weights are published, counted from 1. */
  bestEpoch: z.int().positive(),
  /** Of the published weights; null for a run that trains on all 60,000 images. */
  validation: judged.nullable(),
  /**
   * The same with each validation image varied once, as the training images are every time: what a validation gives
   * that is told to treat them alike. Absent where nothing is varied, and in runs from before it was measured.
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

/** An epoch of a training. */
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
export const historySchema = z.strictObject({
  schemaVersion: version,
  stepsPerEpoch: z.int().positive(),
  epochs: z.array(epochSchema).min(1),
  /** Every fiftieth batch, as in the report's log; `batch` counts from 0 within its epoch. */
  batches: z.array(z.strictObject({ epoch: z.int().positive(), batch: count, loss, accuracy: fraction })),
});

/** `confusion.json`: the test images by true and by predicted class. */
export const confusionSchema = z
  .strictObject({
    schemaVersion: version,
    /** Rows are true classes, columns predicted ones. */
    matrix: z.array(z.array(count).length(CLASS_COUNT)).length(CLASS_COUNT),
    /** Each cell off the diagonal that is not empty, with the ids (0 to 9,999) of its test images, ascending. */
    cells: z.array(
      z.strictObject({
        true: z
          .int()
          .min(0)
          .max(CLASS_COUNT - 1),
        predicted: z
          .int()
          .min(0)
          .max(CLASS_COUNT - 1),
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

const entry = metricsSchema.pick({ id: true, preset: true, label: true, fullRecipe: true, deviation: true });

/** `index.json`: what is published, sorted by id. */
export const indexSchema = z.strictObject({
  schemaVersion: version,
  /** The networks. */
  models: z.array(z.strictObject({ ...entry.shape, testAccuracy: fraction, finishedAt: timestamp })),
  /** Those that answer together (`ensemble.ts`); absent where there are none. */
  ensembles: z
    .array(z.strictObject({ id, label: z.string(), testAccuracy: fraction, finishedAt: timestamp }))
    .optional(),
});

export type Metrics = z.infer<typeof metricsSchema>;
export type EightBit = z.infer<typeof eightBit>;
export type History = z.infer<typeof historySchema>;
export type Confusion = z.infer<typeof confusionSchema>;
export type Index = z.infer<typeof indexSchema>;

/** The content of `metrics.json` of run `id`. @throws ArtifactError which names file and reason. */
export function parseMetrics(id: string, content: unknown): Metrics {
  const metrics = parse(metricsSchema, 'metrics.json', id, content);
  if (metrics.id !== id) throw new ArtifactError('metrics.json', id, `it describes the run "${metrics.id}"`);
  return metrics;
}

/** The content of `history.json` of run `id`. @throws ArtifactError which names file and reason. */
export function parseHistory(id: string, content: unknown): History {
  return parse(historySchema, 'history.json', id, content);
}

/** The content of `confusion.json` of run `id`. @throws ArtifactError which names file and reason. */
export function parseConfusion(id: string, content: unknown): Confusion {
  return parse(confusionSchema, 'confusion.json', id, content);
}

/** The content of `public/models/index.json`. @throws ArtifactError which names file and reason. */
export function parseIndex(content: unknown): Index {
  return parse(indexSchema, 'index.json', 'models', content);
}

/** The content of a JSON file, checked. @throws ArtifactError which names file and reason */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  file: string,
  id: string,
  content: unknown,
): z.infer<Schema> {
  const found = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (found === undefined) throw new ArtifactError(file, id, 'it has no schemaVersion');
  if (found !== SCHEMA_VERSION) {
    throw new ArtifactError(
      file,
      id,
      `schemaVersion ${JSON.stringify(found)}, this site reads ${SCHEMA_VERSION}`,
    );
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new ArtifactError(file, id, `${issue.path.join('.') || 'the file'}: ${issue.message}`);
}
