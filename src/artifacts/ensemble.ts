/**
 * Ensembles, published networks whose probabilities are averaged: `metrics.json`, `confusion.json`, `predictions.bin` and the cards of a
 * folder without a network.
 */
import { z } from 'zod';
import { type ReadFile, readConfusion, readPredictions, readUnverified } from './run.ts';
import { type Confusion, metricsSchema, parser, VERSIONS } from './schema.ts';

/** `metrics.json` of an ensemble; what it shares with that of a network means the same. */
const ensembleSchema = metricsSchema
  .pick({
    id: true,
    preset: true,
    variation: true,
    data: true,
    backend: true,
    machine: true,
    versions: true,
    source: true,
    finishedAt: true,
    parameterCount: true,
    validation: true,
    test: true,
    report: true,
    testSetReads: true,
    files: true,
  })
  .extend({
    schemaVersion: z.literal(VERSIONS.ensemble),
    kind: z.literal('ensemble'),
    /** The networks, with the SHA-256 of their weights. */
    members: z.array(z.strictObject({ id: z.string(), weights: z.string() })).min(1),
    /** Whether each also predicted the mirrored image. */
    flips: z.boolean(),
    /** Pixels by which each also predicted the image moved up, down, left and right. */
    shift: z.int().positive().optional(),
    /** In which the members were trained. */
    trainingSeconds: z.number().nonnegative(),
  });

export type EnsembleMetrics = z.infer<typeof ensembleSchema>;

export interface EnsembleRun {
  metrics: EnsembleMetrics;
  confusion: Confusion;
  /** [test images × 10], row by row. */
  predictions: Float32Array;
}

/** Whether the content of a `metrics.json` is that of an ensemble. */
export function isEnsemble(content: unknown): boolean {
  return (content as { kind?: unknown } | null)?.kind === 'ensemble';
}

export const parseEnsemble = parser(ensembleSchema, 'metrics.json');

/** Figures, confusions and predictions. @throws ArtifactError which names the file and the reason */
export async function readEnsemble(id: string, read: ReadFile): Promise<EnsembleRun> {
  const metrics = parseEnsemble(id, await readUnverified(id, 'metrics.json', read));
  return {
    metrics,
    confusion: await readConfusion(metrics, read),
    predictions: await readPredictions(metrics, read),
  };
}
