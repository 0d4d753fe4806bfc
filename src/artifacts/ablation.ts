/** `public/models/ablation.json`: what each change to training or asking brought, counted on the validation images. */
import { z } from 'zod';
import { CHANGE_IDS } from '../training/ablation.ts';
import { count, ID_PATTERN, metricsSchema, parser, VERSIONS } from './schema.ts';

/** Beside the index of the published runs. */
export const ABLATION_FILE = 'ablation.json';

const asked = z.strictObject({
  members: z.array(z.string().regex(ID_PATTERN)).min(1).readonly(),
  flips: z.boolean(),
  shift: z.int().positive().optional(),
});

const outcome = z
  .strictObject({
    before: asked,
    after: asked,
    /** Images that are classified correctly. */
    correctBefore: count,
    correctAfter: count,
    /** … by only one of the two. */
    onlyBefore: count,
    onlyAfter: count,
  })
  .refine(
    (o) => o.correctAfter - o.correctBefore === o.onlyAfter - o.onlyBefore,
    'its counts contradict each other',
  );

const schema = z.strictObject({
  schemaVersion: z.literal(VERSIONS.ablation),
  backend: metricsSchema.shape.backend,
  /** How many validation images there are. */
  images: z.int().positive(),
  /** SHA-256 of the weight files of each network that takes part. */
  weights: z.record(z.string(), z.string().min(1)),
  changes: z.record(z.enum(CHANGE_IDS), outcome),
});

export type AblationFigures = z.infer<typeof schema>;
export type ChangeOutcome = z.infer<typeof outcome>;

export const parseAblation = parser(schema, ABLATION_FILE);
