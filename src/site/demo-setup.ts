/** What the build hands to a demo's script, as JSON in the page: the published networks and images, and where they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { weightFiles } from '../artifacts/layers-model.ts';
import { CLASS_COUNT, KNOWN_IMAGES } from '../data/dataset.ts';
import type { ModelFiles, ModelSource } from '../engines/web/protocol.ts';
import type { DataManifest } from '../data/manifest.ts';
import { asset } from '../i18n/paths.ts';
import type { PublishedRun } from './runs.ts';
import type { ImageSet } from '../data/sprites.ts';
import type { SetName } from '../training/lessons.ts';
import { decodeSheets } from './image-sheets.ts';
import type { RejectionThreshold } from '../evaluation/rejection.ts';

export interface Setup {
  readonly models: readonly ModelSource[];
  /** The test images: to start a drawing from, and the first of them to evaluate a taught network on. */
  readonly test: ImageSet;
  /** A sample of the training images: to compare a drawing with, and to learn from. */
  readonly sample: ImageSet;
}

export interface DrawSetup extends Setup {
  /** From which probability on a model answers, by its id; only of models that were calibrated. */
  readonly thresholds: Readonly<Record<string, RejectionThreshold>>;
}

/** What the small pad in the report gets. */
export interface DrawHereSetup {
  readonly model: ModelSource;
  /** null where the model was not calibrated. */
  readonly threshold: RejectionThreshold | null;
}

export interface LessonSetup extends Setup {
  /** What lessons are taught and measured on beside the sample. */
  readonly sets: Readonly<Record<Exclude<SetName, 'sample'>, ImageSet>>;
  /** The drawings of an eleventh class, 28×28 bytes each, in base64: they are shown before anything is loaded. */
  readonly hats: string;
}

/** @param publicDir the folder that holds `models/` and `data/` */
export async function makeLessonSetup(
  publicDir: string,
  runs: readonly PublishedRun[],
  manifest: DataManifest,
): Promise<LessonSetup> {
  const sets = Object.entries(manifest.lessons).map(([name, set]) => [name, imageSet(set)]);
  const hats = await decodeSheets(publicDir, manifest.lessons.hats.images);
  return {
    ...makeSetup(publicDir, runs, manifest),
    sets: Object.fromEntries(sets) as LessonSetup['sets'],
    hats: Buffer.from(hats).toString('base64'),
  };
}

/** @param publicDir the folder that holds `models/` */
export function modelSource(publicDir: string, { id, metrics, predictions }: PublishedRun): ModelSource {
  const modelFiles = (topology: string, probabilities: ArrayLike<number>): ModelFiles => {
    const json: unknown = JSON.parse(readFileSync(join(publicDir, 'models', id, topology), 'utf8'));
    const needed = [topology, ...weightFiles(id, json)];
    return {
      topology,
      files: Object.fromEntries(needed.map((name) => [name, metrics.files[name]!])),
      // Half precision: five digits tell any two of them apart.
      known: Array.from({ length: KNOWN_IMAGES * CLASS_COUNT }, (_, i) =>
        Number(probabilities[i]!.toFixed(5)),
      ),
    };
  };
  return {
    id,
    architecture: metrics.recipe.architecture,
    url: asset(`/models/${id}/`),
    ...modelFiles('model.json', predictions),
    ...(metrics.eightBit && { light: modelFiles('model-8bit.json', metrics.eightBit.known) }),
  };
}

/** @param publicDir the folder that holds `models/` */
export function makeSetup(
  publicDir: string,
  runs: readonly PublishedRun[],
  { test, sample }: DataManifest,
): Setup {
  return {
    models: runs.map((run) => modelSource(publicDir, run)),
    test: imageSet(test),
    sample: imageSet(sample),
  };
}

/** A set of images as a page's script gets it. */
export const imageSet = ({ images, labels }: DataManifest['test']): ImageSet => ({
  sheets: images.sheets.map(({ file, pixels }) => ({ url: asset(`/data/${file}`), pixels })),
  labels: asset(`/data/${labels.file}`),
  count: images.count,
  perSheet: images.perSheet,
  columns: images.columns,
});
