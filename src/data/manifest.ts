import { z } from 'zod';
import { CLASS_COUNT, IMAGE_SIZE } from './dataset.ts';

/**
 * `public/data/index.json`: the part of the dataset that the site shows, written by `npm run data`. All pictures are
 * sheets of 28×28 grey images, row by row without gaps, in lossless WebP: the pixels are exactly the dataset's.
 */
export const MANIFEST_VERSION = 2;

const count = z.int().positive();

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const file = z.strictObject({
  /** Name beside the manifest. */
  file: z.string().regex(/^[a-z0-9-]+\.(webp|bin)$/),
  bytes: count,
  sha256,
});

const sheet = file.extend({
  /** SHA-256 of its pixels, one byte each, row by row: whoever decodes it can tell that they are the dataset's. */
  pixels: sha256,
});

const sheets = z
  .strictObject({
    /** Total number of images: number k is the (k mod perSheet)th of sheet ⌊k / perSheet⌋. */
    count,
    perSheet: count,
    /** Images in a row of a sheet; `perSheet` is a multiple of it. */
    columns: count,
    sheets: z.array(sheet),
  })
  .refine((value) => value.count === value.perSheet * value.sheets.length, 'sheets must hold count images')
  .refine((value) => value.perSheet % value.columns === 0, 'rows must be full');

/** One byte per image: its class. */
const labels = file;

/** One little-endian uint16 per image: its position in the training files, from 0. */
const ids = file;

/** Images with their classes. */
const images = z.strictObject({ images: sheets, labels });

export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(MANIFEST_VERSION),
  imageSize: z.literal(IMAGE_SIZE),
  /** Number of images per class. */
  classes: z.strictObject({
    train: z.array(count).length(CLASS_COUNT),
    test: z.array(count).length(CLASS_COUNT),
  }),
  /** The 10,000 test images; number k is the test image of id k. */
  test: z.strictObject({ images: sheets, labels }),
  /** The rounded mean of each class's 6,000 training images; number k is class k. */
  means: z.strictObject({ images: sheets }),
  /** Training images to look at, one sheet per class: the first of the sample's. */
  examples: z.strictObject({ images: sheets, ids }),
  /** Training images to learn from and to compare with, equally many per class, one sheet per class; none of them is used for validation. */
  sample: z.strictObject({ images: sheets, labels, ids }),
  /** What the lessons of the teaching page learn from beside the sample, and what they are measured on. */
  lessons: z.strictObject({
    /** Validation images: no published network was fitted on them. */
    validation: images.extend({ ids }),
    /** All test images of the hardest class. */
    shirts: images,
    /** Committed drawings, those to teach and others by other hands that no lesson is taught. */
    drawings: images,
    unseenDrawings: images,
    /** Drawings of an eleventh class, in the same way. */
    hats: images,
    unseenHats: images,
  }),
});

export type DataManifest = z.infer<typeof manifestSchema>;
export type DataFileEntry = z.infer<typeof file>;
export type SheetEntry = z.infer<typeof sheet>;
export type SheetSet = z.infer<typeof sheets>;

/** All files that a manifest describes. */
export const filesOf = ({ test, means, examples, sample, lessons }: DataManifest): DataFileEntry[] => [
  ...[test, means, examples, sample, ...Object.values(lessons)].flatMap(({ images }) => images.sheets),
  test.labels,
  examples.ids,
  sample.labels,
  sample.ids,
  ...Object.values(lessons).map((each) => each.labels),
  lessons.validation.ids,
];

/**
 * The manifest, checked.
 *
 * @param value what `JSON.parse` made of `index.json`
 * @throws {Error} that names the file and each wrong field, also for a manifest of another version
 */
export function parseManifest(value: unknown): DataManifest {
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`public/data/index.json is not what this version reads:\n${z.prettifyError(result.error)}`);
}
