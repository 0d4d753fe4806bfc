/**
 * Sets of drawings for teaching and evaluating networks, one JSON file each. Drawings are kept as actions on the pad
 * (`src/drawing/strokes.ts`) and rasterised where they are used.
 */
import { z } from 'zod';
import { CLASS_COUNT } from '../dataset.ts';

/** Version of the files; a reader refuses any other. */
export const DRAWINGS_VERSION = 1;

/**
 * `teaching` is for training, drawn by other people than the rest; `development` for trying things out; `last-look` for
 * finished models, never for choosing or tuning them; `hats`, an eleventh class, are taught in one hand and measured in
 * the other. Since `sketch` knows icons, it has been looked at with `last-look` three times: after the first time it was
 * trained again, with more kinds of other things, because it left too few of them unanswered; after the second, because
 * it took icons of shoes for boots.
 */
export const DRAWING_SETS = ['teaching', 'development', 'last-look', 'hats'] as const;

/** How a garment is drawn: first its surface, then its peculiarities. */
export const STYLES = [
  /** Only lines, black between them. */
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

/** A drawing may be centred in a corner of the pad, and a pressed pointer may leave the pad. */
const coordinate = z.int().min(-140).max(700);
const ink = z.int().min(0).max(255);

/** Brush and eraser: x, y, diameter; x, y, diameter; … in whole pixels of the pad. */
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
    /** A name for people: `boot-laced`, `star`; unique among all sets. */
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    /** Its class; null if it is not a garment. */
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
    /** The silhouette could as well be another class's; marked before any network saw it. */
    ambiguous: z.literal(true).optional(),
    actions: z.array(z.discriminatedUnion('kind', [stroke, fill])).min(1),
  })
  .refine((value) => value.class !== null || !value.ambiguous, 'only a garment can be ambiguous');

const drawingSet = z
  .strictObject({
    schemaVersion: z.literal(DRAWINGS_VERSION),
    set: z.enum(DRAWING_SETS),
    drawings: z.array(drawing).min(1),
  })
  .refine(
    ({ drawings }) => new Set(drawings.map(({ id }) => id)).size === drawings.length,
    'each id must occur once',
  );

export type DrawingSetName = (typeof DRAWING_SETS)[number];
export type CommittedDrawing = z.infer<typeof drawing>;
type DrawingSet = z.infer<typeof drawingSet>;

/**
 * The content of a set's file, checked.
 *
 * @param value what `JSON.parse` made of it
 * @throws {Error} that names the set and each wrong field, also for a file of another version
 */
export function parseDrawingSet(name: DrawingSetName, value: unknown): DrawingSet {
  const result = drawingSet.safeParse(value);
  if (result.success && result.data.set === name) return result.data;
  const reason = result.success
    ? `it holds the set "${result.data.set}"`
    : `\n${z.prettifyError(result.error)}`;
  throw new Error(`The drawings ${name}.json are not what this version reads: ${reason}`);
}
