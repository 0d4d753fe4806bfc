/** `public/models/lessons.json`: what came of each lesson of the teaching page, carried out with several seeds. */
import { z } from 'zod';
import { LESSON_NAMES, type LessonName } from '../training/lessons.ts';
import { count, metricsSchema, parser, VERSIONS } from './schema.ts';

/** Beside the index of the published runs. */
export const LESSONS_FILE = 'lessons.json';

const points = z.number().min(0).max(100);

const outcome = z.strictObject({
  seed: count,
  /** The lesson's own measure, in points: the share of the images it is measured on that the network gets right. */
  before: points,
  after: points,
  /** The same on the test sample. */
  sampleBefore: points,
  sampleAfter: points,
  /** From the first image to the last answer, the loading left out. */
  seconds: z.number().positive(),
});

const runs = z.strictObject({
  /** What the lesson began with; other settings lead elsewhere. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  outcomes: z.array(outcome).min(1),
});

const schema = z.strictObject({
  schemaVersion: z.literal(VERSIONS.lessons),
  /** The published run that lessons begin with, and the SHA-256 of its weight files. */
  run: z.string(),
  weights: z.string().min(1),
  backend: metricsSchema.shape.backend,
  /** How many test images the cost is measured on. */
  sample: z.int().positive(),
  /** The runs of each lesson, one after another: forgetting has two. */
  lessons: z.record(z.enum(LESSON_NAMES as [LessonName, ...LessonName[]]), z.array(runs).min(1)),
});

export type LessonFigures = z.infer<typeof schema>;
export type LessonOutcome = z.infer<typeof outcome>;

export const parseLessonFigures = parser(schema, LESSONS_FILE);
