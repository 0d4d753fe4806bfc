/** `drawings.json`: how well a published network classifies drawings, and from which probability on the page answers. */
import { sum } from 'd3';
import { z } from 'zod';
import { ArtifactError } from './integrity.ts';
import { DRAWINGS_FILE, type ReadFile, readUnverified } from './run.ts';
import { count, type Metrics, parser, sha256, VERSIONS } from './schema.ts';
import { CLASS_COUNT } from '../data/dataset.ts';

const rejections = z
  .strictObject({
    images: z.int().positive(),
    /** For how many the network counts as unsure. */
    rejected: count,
  })
  .refine(({ images, rejected }) => rejected <= images, 'more rejected than there are');

const tally = z
  .strictObject({
    images: count,
    /** How many have their class as the first answer, and among the first three, sure or not. */
    top1: count,
    top3: count,
    rejected: count,
  })
  .refine(
    ({ images, top1, top3, rejected }) => top1 <= top3 && top3 <= images && rejected <= images,
    'counts that do not fit together',
  );

const drawingFiguresSchema = z
  .strictObject({
    schemaVersion: z.literal(VERSIONS.drawings),
    id: z.string(),
    /** SHA-256 of the published weight files that were evaluated, separated by spaces. */
    weights: z.string().min(1),
    /** The committed drawings (`src/data/drawings/`) that it was evaluated on. */
    set: z.strictObject({ name: z.literal('last-look'), sha256 }),
    backend: z.strictObject({ name: z.string(), device: z.string() }),
    /** An answer is given where the greatest probability reaches this (`src/evaluation/rejection.ts`). */
    criterion: z.strictObject({ least: z.number().min(0).max(1) }),
    /** On what the criterion was chosen: validation images, drawings made of them, and made-up other things. */
    calibration: z.strictObject({ photographs: rejections, drawings: rejections, others: rejections }),
    /** Unambiguous drawings, in all and by class, style and hand. */
    drawings: tally,
    classes: z.array(tally).length(CLASS_COUNT),
    styles: z.record(z.string(), tally),
    hands: z.strictObject({ neat: tally, sloppy: tally }),
    /** Ambiguous silhouettes. */
    ambiguous: tally,
    /** Drawings of no garment. */
    others: rejections,
    /** The test images, from the published probabilities. */
    test: rejections,
  })
  .refine(
    ({ drawings, classes, hands }) =>
      [classes, [hands.neat, hands.sloppy]].every(
        (parts) => sum(parts, ({ images }) => images) === drawings.images,
      ),
    { path: ['drawings'], message: 'its parts have another number of images' },
  );

export type Rejections = z.infer<typeof rejections>;
export type Tally = z.infer<typeof tally>;
export type DrawingFigures = z.infer<typeof drawingFiguresSchema>;

export const parseDrawingFigures = parser(drawingFiguresSchema, DRAWINGS_FILE);

/**
 * How well a run classifies drawings; null where it has not been evaluated on them.
 * @throws ArtifactError which names the reason, also where other weights were evaluated than are published
 */
export async function readDrawingFigures(
  { id, files }: Pick<Metrics, 'id' | 'files'>,
  read: ReadFile,
): Promise<DrawingFigures | null> {
  if (!(await read(DRAWINGS_FILE))) return null;
  const figures = parseDrawingFigures(id, await readUnverified(id, DRAWINGS_FILE, read));
  const published = new Set(Object.values(files).map(({ sha256 }) => sha256));
  if (!figures.weights.split(' ').every((hash) => published.has(hash))) {
    const reason = 'it is about other weights than are published; run "npm run evaluate:drawings" again';
    throw new ArtifactError(DRAWINGS_FILE, id, reason);
  }
  return figures;
}
