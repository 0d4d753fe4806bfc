import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { CLASS_COUNT, IMAGE_PIXELS, IMAGE_SIZE, SHIRT } from '../dataset.ts';
import {
  type DataFileEntry,
  type DataManifest,
  MANIFEST_VERSION,
  manifestSchema,
  type SheetEntry,
  type SheetSet,
} from '../manifest.ts';
import type { Split } from '../split.ts';
import { layOut, type SheetLayout, sheetSize } from '../sprites.ts';
import type { FashionMnist, LabelledImages } from './fashion-mnist.ts';

/** Images of each class in the sample for fine-tuning and similar images, and among them those shown as examples. */
const SAMPLE_PER_CLASS = 200;
const EXAMPLES_PER_CLASS = 50;
/** Validation images of each class that lessons learn from. Settings are chosen on the images behind these. */
export const TAUGHT_PER_CLASS = 100;

/** The layouts, chosen to be wider than high, as screens are. */
const LAYOUT = {
  test: { perSheet: 1000, columns: 40 },
  means: { perSheet: CLASS_COUNT, columns: CLASS_COUNT },
  examples: { perSheet: EXAMPLES_PER_CLASS, columns: 10 },
  sample: { perSheet: SAMPLE_PER_CLASS, columns: 20 },
};

type Labelled = Pick<LabelledImages, 'images' | 'labels'>;

/** The drawings that lessons teach and are measured on, as images. */
export type LessonDrawings = Readonly<
  Record<'drawings' | 'unseenDrawings' | 'hats' | 'unseenHats', Labelled>
>;

/** All that lessons teach and are measured on but for the test sample; photographs with their ids. */
export function lessonSets({ train, test }: FashionMnist, split: Split, drawn: LessonDrawings) {
  const take = ({ images, labels }: LabelledImages, ids: Uint16Array) => ({
    images: gather(images, ids),
    labels: Uint8Array.from(ids, (id) => labels[id]!),
    ids,
  });
  const shirts = Uint16Array.from(test.labels.keys().filter((id) => test.labels[id] === SHIRT));
  return {
    sample: take(train, sampleByClass(split.train, train.labels, SAMPLE_PER_CLASS)),
    validation: take(train, sampleByClass(split.validation, train.labels, TAUGHT_PER_CLASS)),
    shirts: take(test, shirts),
    ...drawn,
  };
}

/** What is published: the manifest and the files it names. */
export interface PublishedData {
  manifest: DataManifest;
  /** Bytes of each file by name, `index.json` among them. */
  files: Map<string, Uint8Array>;
}

/** A sheet of images in grey as lossless WebP (13 % smaller than PNG here); the same pixels give the same bytes. */
export async function encodeSheet(images: Uint8Array, layout: SheetLayout): Promise<Uint8Array> {
  const { width, height } = sheetSize(layout);
  return sharp(layOut(images, layout), { raw: { width, height, channels: 1 } })
    .webp({ lossless: true, effort: 6 })
    .toBuffer();
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** How many images there are of each class. */
export function classCounts(labels: Uint8Array): number[] {
  const counts = new Array<number>(CLASS_COUNT).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

/** The mean image of each class, rounded: [10, 28, 28]. */
export function classMeans({ images, labels }: LabelledImages): Uint8Array {
  const sums = new Float64Array(CLASS_COUNT * IMAGE_PIXELS);
  const counts = classCounts(labels);
  labels.forEach((label, image) => {
    for (let pixel = 0; pixel < IMAGE_PIXELS; pixel++) {
      sums[label * IMAGE_PIXELS + pixel]! += images[image * IMAGE_PIXELS + pixel]!;
    }
  });
  return Uint8Array.from(sums, (sum, i) => Math.round(sum / counts[Math.floor(i / IMAGE_PIXELS)]!));
}

/** Ids of the first `perClass` images of each class in the given order, class after class. */
export function sampleByClass(order: Uint32Array, labels: Uint8Array, perClass: number): Uint16Array {
  return Uint16Array.from(
    Array.from({ length: CLASS_COUNT }, (_, label) => [
      ...order.filter((id) => labels[id] === label).subarray(0, perClass),
    ]).flat(),
  );
}

function gather(images: Uint8Array, ids: Uint16Array): Uint8Array {
  const gathered = new Uint8Array(ids.length * IMAGE_PIXELS);
  ids.forEach((id, i) =>
    gathered.set(images.subarray(id * IMAGE_PIXELS, (id + 1) * IMAGE_PIXELS), i * IMAGE_PIXELS),
  );
  return gathered;
}

/** Two bytes each, little-endian as on every machine that Node runs on. */
const bytesOf = (ids: Uint16Array): Uint8Array => new Uint8Array(ids.buffer);

/**
 * All that the site shows of the dataset. The same dataset and split give the same bytes each time.
 *
 * @param split the sample is drawn from its training side alone
 * @param drawn set beside set, in a manifest's order
 */
export async function publishData(
  { train, test }: FashionMnist,
  split: Split,
  drawn: LessonDrawings,
): Promise<PublishedData> {
  const files = new Map<string, Uint8Array>();

  function add(file: string, bytes: Uint8Array): DataFileEntry {
    files.set(file, bytes);
    return { file, bytes: bytes.length, sha256: hash(bytes) };
  }

  async function addSheets(
    name: string,
    images: Uint8Array,
    shape: Omit<SheetLayout, 'count'>,
  ): Promise<SheetSet> {
    const layout = { count: images.length / IMAGE_PIXELS, ...shape };
    const sheetBytes = layout.perSheet * IMAGE_PIXELS;
    const sheets: SheetEntry[] = [];
    for (let at = 0; at < images.length; at += sheetBytes) {
      const file = images.length > sheetBytes ? `${name}-${sheets.length}.webp` : `${name}.webp`;
      const onSheet = images.subarray(at, at + sheetBytes);
      const pixels = hash(layOut(onSheet, layout));
      sheets.push({ ...add(file, await encodeSheet(onSheet, layout)), pixels });
    }
    return { ...layout, sheets };
  }

  /** On one sheet, in rows of twenty where they are many. */
  async function addLesson(name: string, { images, labels }: Labelled) {
    const layout = { perSheet: labels.length, columns: Math.min(20, labels.length) };
    return {
      images: await addSheets(name, images, layout),
      labels: add(`${name}-labels.bin`, labels),
    };
  }

  const { sample, validation, ...others } = lessonSets({ train, test }, split, drawn);
  const examples = sampleByClass(split.train, train.labels, EXAMPLES_PER_CLASS);
  const manifest = manifestSchema.parse({
    schemaVersion: MANIFEST_VERSION,
    imageSize: IMAGE_SIZE,
    classes: { train: classCounts(train.labels), test: classCounts(test.labels) },
    test: {
      images: await addSheets('test', test.images, LAYOUT.test),
      labels: add('test-labels.bin', test.labels),
    },
    means: { images: await addSheets('means', classMeans(train), LAYOUT.means) },
    examples: {
      images: await addSheets('examples', gather(train.images, examples), LAYOUT.examples),
      ids: add('examples-ids.bin', bytesOf(examples)),
    },
    sample: {
      images: await addSheets('sample', sample.images, LAYOUT.sample),
      labels: add('sample-labels.bin', sample.labels),
      ids: add('sample-ids.bin', bytesOf(sample.ids)),
    },
    lessons: {
      validation: {
        ...(await addLesson('validation', validation)),
        ids: add('validation-ids.bin', bytesOf(validation.ids)),
      },
      shirts: await addLesson('shirts', others.shirts),
      drawings: await addLesson('drawings', others.drawings),
      unseenDrawings: await addLesson('drawings-unseen', others.unseenDrawings),
      hats: await addLesson('hats', others.hats),
      unseenHats: await addLesson('hats-unseen', others.unseenHats),
    },
  });
  files.set('index.json', new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`));
  return { manifest, files };
}
