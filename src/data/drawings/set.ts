/**
 * Sets of drawings to teach networks with and to judge them by, a JSON file each. Drawings are kept as what the pad was told, action by action
 * (`src/drawing/strokes.ts`), and rasterised where they are used.
 */
import { z } from 'zod';
import { CLASS_COUNT } from '../classes.ts';

/** Version of the files; a reader refuses any other. */
export const DRAWINGS_VERSION = 1;

/**
 * `teaching` is what networks are taught with, by other hands than the rest; `development` serves to try things out;
 * `last-look` is for finished models, never to choose or to tune.
 */
export const DRAWING_SETS = ['teaching', 'development', 'last-look'] as const;

/** How a garment is drawn: first what its surface is, then what is peculiar about it. */
export const STYLES = [
  /** Lines alone, black between them. */
  'outline',
  /** One even grey. */
  'filled',
  /** Several greys. */
  'shaded',
  /** Single strokes that leave black between them. */
  'hatched',
  /** The outline does not close. */
  'gaps',
  /** No pen wider than 6 pixels of the pad. */
  'thin',
  /** The main pen is at least 36 pixels wide. */
  'thick',
  /** By ten degrees or more. */
  'turned',
  /** Its middle is far from the pad's. */
  'off-centre',
  /** Its longer side is less than half of the pad's. */
  'small',
] as const;

/** A drawing's middle may lie in a corner of the pad, and a pointer may leave it while it is held. */
const coordinate = z.int().min(-140).max(700);
const ink = z.int().min(0).max(255);

/** What brush and eraser do; x, y, diameter; x, y, diameter; … in whole pixels of the pad. */
const stroke = z.strictObject({
  kind: z.literal('stroke'),
  ink,
  points: z
    .array(coordinate)
    .min(3)
    .refine(
      (points) =>
        points.length % 3 === 0 && points.every((value, i) => i % 3 !== 2 || (value >= 2 && value <= 140)),
      'must be triples of x, y and a diameter from 2 to 140, what the pad offers',
    ),
  mirror: z.literal(true).optional(),
  closed: z.literal(true).optional(),
});

const fill = z.strictObject({ kind: z.literal('fill'), ink, x: coordinate, y: coordinate });

const drawing = z
  .strictObject({
    /** What it is, for people: `boot-laced`, `star`; unique among all sets. */
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    /** Its class; null for what is no garment. */
    class: z
      .int()
      .min(0)
      .max(CLASS_COUNT - 1)
      .nullable(),
    hand: z.enum(['neat', 'sloppy']),
    styles: z
      .array(z.enum(STYLES))
      .min(1)
      .refine((styles) => new Set(styles).size === styles.length, 'must name each style once'),
    /** A silhouette that nobody could tell from another class's; so marked before any network saw it. */
    ambiguous: z.literal(true).optional(),
    actions: z.array(z.discriminatedUnion('kind', [stroke, fill])).min(1),
  })
  .refine((value) => value.class !== null || !value.ambiguous, 'what is no garment cannot be ambiguous');

const drawingSet = z
  .strictObject({
    schemaVersion: z.literal(DRAWINGS_VERSION),
    set: z.enum(DRAWING_SETS),
    drawings: z.array(drawing).min(1),
  })
  .refine(
    ({ drawings }) => new Set(drawings.map(({ id }) => id)).size === drawings.length,
    'each id must stand for one drawing',
  );

export type DrawingSetName = (typeof DRAWING_SETS)[number];
export type DrawingStyle = (typeof STYLES)[number];
export type CommittedDrawing = z.infer<typeof drawing>;
export type DrawingSet = z.infer<typeof drawingSet>;

/**
 * The content of a set's file, checked.
 *
 * @param value what `JSON.parse` made of it
 * @throws {Error} naming the set and each field that is wrong, also for a file of another version
 */
export function parseDrawingSet(name: DrawingSetName, value: unknown): DrawingSet {
  const result = drawingSet.safeParse(value);
  if (result.success && result.data.set === name) return result.data;
  const reason = result.success
    ? `it holds the set "${result.data.set}"`
    : `\n${z.prettifyError(result.error)}`;
  throw new Error(`The drawings ${name}.json are not what this version reads: ${reason}`);
}

/** The text of a set's file: a line a drawing, so that a change of one is a change of one line. */
export function writeDrawingSet(set: DrawingSet): string {
  const lines = set.drawings.map((each) => `    ${JSON.stringify(each)}`);
  return `{
  "schemaVersion": ${set.schemaVersion},
  "set": "${set.set}",
  "drawings": [
${lines.join(',\n')}
  ]
}
`;
}
