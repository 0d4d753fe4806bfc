/** `pytorch.json`: the course of a run's recipe in PyTorch itself, a second implementation to set beside it. */
import { z } from 'zod';
import { ArtifactError } from './errors.ts';
import { type ReadFile, readUnverified } from './run.ts';
import { epochSchema, fraction, loss, type Metrics, parse, VERSIONS } from './schema.ts';

/** Written after the run, by `npm run train:pytorch -- --publish`; the run's `metrics.json` does not name it. */
export const COURSE_FILE = 'pytorch.json';

const courseSchema = z.strictObject({
  schemaVersion: z.literal(VERSIONS.pytorch),
  /** The run whose recipe it is. */
  id: z.string(),
  /** Its version, as PyTorch says it. */
  torch: z.string().min(1),
  device: z.string().min(1),
  /** Whether it was trained in float16 where PyTorch thinks it safe, as the report's network was. */
  mixedPrecision: z.boolean(),
  /** PyTorch draws other weights, orders and dropout from it than this project does. */
  seed: z.int().nonnegative(),
  /** As in `history.json`, which has them of the run. */
  epochs: z
    .array(
      epochSchema.omit({ trainSeconds: true }).extend({ validationLoss: loss, validationAccuracy: fraction }),
    )
    .min(1),
});

export type Course = z.infer<typeof courseSchema>;

/** The content of `pytorch.json` of run `id`. @throws ArtifactError which names file and reason */
export const parseCourse = (id: string, content: unknown): Course =>
  parse(courseSchema, COURSE_FILE, id, content);

/**
 * The course of a run's recipe in PyTorch; null where nobody has trained it there.
 * @throws ArtifactError which names the reason, also where the run has another number of epochs
 */
export async function readCourse(
  { id, epochs }: Pick<Metrics, 'id' | 'epochs'>,
  read: ReadFile,
): Promise<Course | null> {
  if (!(await read(COURSE_FILE))) return null;
  const course = parseCourse(id, await readUnverified(id, COURSE_FILE, read));
  if (course.epochs.length !== epochs) {
    throw new ArtifactError(
      COURSE_FILE,
      id,
      `it has ${course.epochs.length} epochs and the run ${epochs}; run "npm run train:pytorch -- ${id} --publish" again`,
    );
  }
  return course;
}
