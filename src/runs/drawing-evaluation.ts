/** Evaluates published networks on the committed drawings, each with a calibrated rejection threshold. */
import { range } from 'd3';
import type { DrawingFigures, Rejections, Tally } from '../artifacts/drawings.ts';
import { readPredictions } from '../artifacts/run.ts';
import { CLASS_COUNT, IMAGE_PIXELS } from '../data/dataset.ts';
import { type CommittedDrawing, STYLES } from '../data/drawings/set.ts';
import type { FashionMnist } from '../data/node/fashion-mnist.ts';
import type { LessonDrawings } from '../data/node/published-data.ts';
import { drawingAugment } from '../drawing/sketches/drawing-augmentation.ts';
import {
  calibrateThreshold,
  countRejected,
  isConfident,
  type RejectionThreshold,
} from '../evaluation/rejection.ts';
import { prepare } from '../drawing/preparation.ts';
import { countTop, predictedClasses } from '../evaluation/metrics.ts';
import { gatherImages } from '../network/preprocess.ts';
import { deriveSeed } from '../math/random.ts';
import { rasterise } from '../drawing/strokes.ts';
import { UserError } from '../node/errors.ts';
import { folderReader } from '../node/files.ts';
import { loadDataset, readDrawings, splitOf } from './dataset.ts';
import { predict } from './evaluation.ts';
import type { Source } from './parent-runs.ts';

/** Validation images on which the threshold is calibrated, and as many made-up images of each other kind. */
const CALIBRATION_IMAGES = 2_000;

/** Seed of the images made up for the calibration; fixed, so that the same network gets the same threshold. */
const CALIBRATION_SEED = 1;

/** Drawings as the network sees them. */
export interface RenderedDrawings {
  readonly drawings: readonly CommittedDrawing[];
  /** 28×28 bytes each, one after another. */
  readonly pixels: Uint8Array;
}

/** @throws UserError naming a drawing that has no ink */
export function renderDrawings(drawings: readonly CommittedDrawing[]): RenderedDrawings {
  const pixels = new Uint8Array(drawings.length * IMAGE_PIXELS);
  drawings.forEach(({ id, actions }, n) => {
    const image = prepare(rasterise(actions));
    if (!image) throw new UserError(`The drawing "${id}" is empty.`);
    pixels.set(image, n * IMAGE_PIXELS);
  });
  return { drawings, pixels };
}

/** The drawings that lessons teach and are measured on; the class of a hat is the one behind the ten. */
export async function lessonDrawings(): Promise<LessonDrawings> {
  const [taught, unseen, hats] = await Promise.all(
    (['teaching', 'development', 'hats'] as const).map(readDrawings),
  );
  const labelled = (
    drawings: readonly CommittedDrawing[],
    labelOf: (drawing: CommittedDrawing) => number,
  ) => ({
    images: renderDrawings(drawings).pixels,
    labels: Uint8Array.from(drawings, labelOf),
  });
  const garments = (drawings: readonly CommittedDrawing[]) =>
    labelled(
      drawings.filter((drawing) => drawing.class !== null && !drawing.ambiguous),
      (drawing) => drawing.class!,
    );
  const hatsOf = (hand: CommittedDrawing['hand']) =>
    labelled(
      hats!.filter((drawing) => drawing.hand === hand),
      () => CLASS_COUNT,
    );
  return {
    drawings: garments(taught!),
    unseenDrawings: garments(unseen!),
    hats: hatsOf('neat'),
    unseenHats: hatsOf('sloppy'),
  };
}

/** The predictions of a network, counted. */
export interface EvaluatedNetwork {
  source: Source;
  /** The figures of the artifact that follow from the predictions of the network. */
  figures: Omit<DrawingFigures, 'schemaVersion' | 'id' | 'weights' | 'set' | 'backend'>;
  /** The unambiguous drawings that it classifies wrongly or rejects. */
  missed: { drawing: CommittedDrawing; predicted: number; probability: number; rejected: boolean }[];
}

/** A network and the threshold that was calibrated for it. */
export interface CalibratedNetwork {
  source: Source;
  /** @param pixels 28×28 bytes each @returns probabilities [images × 10] */
  predictAll: (pixels: Uint8Array) => Promise<Float64Array>;
  criterion: RejectionThreshold;
  calibration: DrawingFigures['calibration'];
}

/** Calibrates a network on validation images, on drawings made of them and on made-up other things. */
export async function calibrate(source: Source): Promise<CalibratedNetwork> {
  const { metrics, weights } = source;
  const { architecture, limit, augmentation } = metrics.recipe;
  const isTaughtIcons = augmentation?.kind === 'drawings' && Boolean(augmentation.icons);
  const data = await loadDataset(metrics.data);
  const positions = Array.from(splitOf(data, limit).validation).slice(0, CALIBRATION_IMAGES);
  const predictAll = (pixels: Uint8Array): Promise<Float64Array> =>
    predict(architecture, weights, pixels, range(pixels.length / IMAGE_PIXELS));
  const photographs = await predictAll(gatherImages(data.train.images, positions, IMAGE_PIXELS));
  const drawings = await predictAll(calibrationImages(data, positions, 0, isTaughtIcons));
  const others = await predictAll(calibrationImages(data, positions, 1, isTaughtIcons));
  const criterion = calibrateThreshold([photographs, drawings], others, CLASS_COUNT);
  const count = (probabilities: Float64Array): Rejections => rejections(probabilities, criterion);
  const calibration = { photographs: count(photographs), drawings: count(drawings), others: count(others) };
  return { source, predictAll, criterion, calibration };
}

export const rejections = (
  probabilities: Float32Array | Float64Array,
  criterion: RejectionThreshold,
): Rejections => ({
  images: probabilities.length / CLASS_COUNT,
  rejected: countRejected(probabilities, CLASS_COUNT, criterion),
});

/** Calibrates a network and shows it the drawings. */
export async function evaluateDrawings(
  source: Source,
  rendered: RenderedDrawings,
): Promise<EvaluatedNetwork> {
  const { predictAll, criterion, calibration } = await calibrate(source);
  const predictions = await predictAll(rendered.pixels);
  const { missed, ...counts } = countAnswers(rendered.drawings, predictions, criterion);
  const figures = {
    criterion,
    calibration,
    ...counts,
    test: rejections(await readPredictions(source.metrics, folderReader(source.folder)), criterion),
  };
  return { source, figures, missed };
}

/** Images of the training set, each drawn as by hand (`none` 0) or something else in its place (1). */
function calibrationImages(
  { train }: FashionMnist,
  positions: readonly number[],
  none: 0 | 1,
  isTaughtIcons: boolean,
): Uint8Array {
  const pixels = gatherImages(train.images, positions, IMAGE_PIXELS);
  const labels = Uint8Array.from(positions, (position) => train.labels[position]!);
  // A network that was taught icons is asked about them too; for the others the images stay what they were.
  const augment = drawingAugment({ kind: 'drawings', clean: 0, none, icons: isTaughtIcons ? 0.4 : 0 });
  augment({ pixels, labels }, deriveSeed(CALIBRATION_SEED, 'criterion', none));
  return pixels;
}

/**
 * The counts of a set.
 * @param probabilities [drawings × 10], row by row
 */
export function countAnswers(
  drawings: readonly CommittedDrawing[],
  probabilities: Float64Array,
  criterion: RejectionThreshold,
): Pick<DrawingFigures, 'drawings' | 'classes' | 'styles' | 'hands' | 'ambiguous' | 'others'> &
  Pick<EvaluatedNetwork, 'missed'> {
  const rows = drawings.map((drawing, n) => ({
    drawing,
    row: probabilities.subarray(n * CLASS_COUNT, (n + 1) * CLASS_COUNT),
  }));
  const tally = (chosen: typeof rows): Tally => {
    const all = chosen.flatMap(({ row }) => [...row]);
    const labels = chosen.map(({ drawing }) => drawing.class!);
    return {
      images: chosen.length,
      top1: countTop(all, labels, CLASS_COUNT, 1),
      top3: countTop(all, labels, CLASS_COUNT, 3),
      rejected: countRejected(all, CLASS_COUNT, criterion),
    };
  };
  const clear = rows.filter(({ drawing }) => drawing.class !== null && !drawing.ambiguous);
  const others = rows.filter(({ drawing }) => drawing.class === null);
  const by = (belongs: (drawing: CommittedDrawing) => boolean): Tally =>
    tally(clear.filter(({ drawing }) => belongs(drawing)));
  return {
    drawings: tally(clear),
    classes: Array.from({ length: CLASS_COUNT }, (_, label) => by((drawing) => drawing.class === label)),
    styles: Object.fromEntries(STYLES.map((style) => [style, by(({ styles }) => styles.includes(style))])),
    hands: { neat: by(({ hand }) => hand === 'neat'), sloppy: by(({ hand }) => hand === 'sloppy') },
    ambiguous: tally(rows.filter(({ drawing }) => drawing.ambiguous)),
    others: {
      images: others.length,
      rejected: countRejected(
        others.flatMap(({ row }) => [...row]),
        CLASS_COUNT,
        criterion,
      ),
    },
    missed: clear.flatMap(({ drawing, row }) => {
      const [predicted] = predictedClasses(row, CLASS_COUNT);
      const rejected = !isConfident(row, criterion);
      if (predicted === drawing.class && !rejected) return [];
      return [{ drawing, predicted: predicted!, probability: row[predicted!]!, rejected }];
    }),
  };
}
