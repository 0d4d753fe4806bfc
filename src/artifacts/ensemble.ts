/**
 * Published networks that answer together: `metrics.json`, `confusion.json`, `predictions.bin` and `card.md` of a
 * folder that holds no network of its own.
 */
import { z } from 'zod';
import { commitText, datasetText, LICENCE, LIMITS, placeText, resultTables } from './card-parts.ts';
import { ArtifactError } from './errors.ts';
import { type ReadFile, readConfusion, readPredictions, readUnverified } from './run.ts';
import { type Confusion, metricsSchema, parse } from './schema.ts';

/** `metrics.json` of an ensemble; what it shares with that of a network means the same. */
export const ensembleSchema = metricsSchema
  .pick({
    schemaVersion: true,
    id: true,
    preset: true,
    label: true,
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
    kind: z.literal('ensemble'),
    /** The networks, with the SHA-256 of their weights. */
    members: z.array(z.strictObject({ id: z.string(), weights: z.string() })).min(1),
    /** Whether each was asked a second time about the mirrored image. */
    flips: z.boolean(),
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

/** The content of `metrics.json` of an ensemble. @throws ArtifactError which names file and reason */
export function parseEnsemble(id: string, content: unknown): EnsembleMetrics {
  const metrics = parse(ensembleSchema, 'metrics.json', id, content);
  if (metrics.id !== id)
    throw new ArtifactError('metrics.json', id, `it describes the ensemble "${metrics.id}"`);
  return metrics;
}

/** Figures, confusions and predictions. @throws ArtifactError which names the file and the reason */
export async function readEnsemble(id: string, read: ReadFile): Promise<EnsembleRun> {
  const metrics = parseEnsemble(id, await readUnverified(id, 'metrics.json', read));
  return {
    metrics,
    confusion: await readConfusion(metrics, read),
    predictions: await readPredictions(metrics, read),
  };
}

/** What a stranger must know of it; Markdown. */
export function ensembleCard(metrics: EnsembleMetrics): string {
  const { id, label, members, flips, testSetReads, trainingSeconds, backend, source } = metrics;
  const one = members.length === 1;
  return `# Model card: ${id}

${label}: the mean of the probabilities that ${one ? 'one network gives' : `${members.length} networks give`} for an image${flips ? ' and for its mirror image' : ''}.
Nothing was trained for it.

## Data

${datasetText(metrics)} The test images were put through
a network ${testSetReads} ${testSetReads === 1 ? 'time' : 'times'} for it; nothing was chosen or tuned by them.

## Networks

${members.map((member) => `- ${member.id}`).join('\n')}

${metrics.parameterCount.toLocaleString('en')} parameters in all, trained in ${(trainingSeconds / 60).toFixed(1)} minutes; how, ${one ? 'its own card says' : 'their own cards say'}.
The mean was computed ${placeText(backend)}, from commit
${commitText(source)}.

## Results

${resultTables(metrics)}

## Use and limits

There is no model.json of its own: put an image${flips ? ' and its mirror image' : ''} through the ${one ? 'network named above, as its own card says' : 'networks named above, as their own cards say'},
and take the mean of the probabilities. ${LIMITS}

## Licence

${LICENCE}
`;
}
