import { z } from 'zod';
import { CLASS_COUNT } from './classes.ts';
import { IMAGE_SIZE } from './images.ts';

/**
 * `public/data/index.json`: what the site has of the dataset, written by `npm run data`. All pictures are sheets of
 * 28×28 images in grey, row by row without gaps, in lossless WebP: the pixels are the dataset's own.
 */
export const MANIFEST_VERSION = 1;

const count = z.int().positive();

const file = z.strictObject({
  /** Name beside the manifest. */
  file: z.string().regex(/^[a-z0-9-]+\.(webp|bin)$/),
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const sheets = z
  .strictObject({
    /** Images in all: number k is the (k mod perSheet)th of sheet ⌊k / perSheet⌋. */
    count,
    perSheet: count,
    /** Images in a row of a sheet; `perSheet` is a multiple of it. */
    columns: count,
    sheets: z.array(file),
  })
  .refine((value) => value.count === value.perSheet * value.sheets.length, 'sheets must hold count images')
  .refine((value) => value.perSheet % value.columns === 0, 'rows must be full');

/** One byte an image, the class. */
const labels = file;

/** One little-endian uint16 an image: its position in the training files, from 0. */
const ids = file;

export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(MANIFEST_VERSION),
  imageSize: z.literal(IMAGE_SIZE),
  /** Images of each class, as counted. */
  classes: z.strictObject({
    train: z.array(count).length(CLASS_COUNT),
    test: z.array(count).length(CLASS_COUNT),
  }),
  /** The 10,000 test images; number k is the test image of id k. */
  test: z.strictObject({ images: sheets, labels }),
  /** The rounded mean of each class's 6,000 training images; number k is class k. */
  means: z.strictObject({ images: sheets }),
  /** Training images to look at, a sheet a class: the first of the sample's. */
  examples: z.strictObject({ images: sheets, ids }),
  /** Training images to learn from and to compare with, as many of each class, a sheet a class; none of validation's. */
  sample: z.strictObject({ images: sheets, labels, ids }),
});

export type DataManifest = z.infer<typeof manifestSchema>;
export type DataFileEntry = z.infer<typeof file>;
export type SheetSet = z.infer<typeof sheets>;

/** All files that stand beside a manifest. */
export const filesOf = ({ test, means, examples, sample }: DataManifest): DataFileEntry[] => [
  ...[test, means, examples, sample].flatMap(({ images }) => images.sheets),
  test.labels,
  examples.ids,
  sample.labels,
  sample.ids,
];

/**
 * The manifest, checked.
 *
 * @param value what `JSON.parse` made of `index.json`
 * @throws {Error} naming the file and each field that is wrong, also for a manifest of another version
 */
export function parseManifest(value: unknown): DataManifest {
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`public/data/index.json is not what this version reads:\n${z.prettifyError(result.error)}`);
}
