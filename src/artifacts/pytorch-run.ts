/** `pytorch.json`: a training by the recipe of a run in PyTorch itself, a second implementation to compare with. */
import { z } from 'zod';
import { ArtifactError } from './integrity.ts';
import { PYTORCH_FILE, type ReadFile, readUnverified } from './run.ts';
import { epochSchema, fraction, loss, type Metrics, parser, VERSIONS } from './schema.ts';

const pytorchSchema = z.strictObject({
  schemaVersion: z.literal(VERSIONS.pytorch),
  /** The run whose recipe it is. */
  id: z.string(),
  /** PyTorch's version, as it reports it. */
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

export type PyTorchRun = z.infer<typeof pytorchSchema>;

export const parsePyTorchRun = parser(pytorchSchema, PYTORCH_FILE);

/**
 * The training by the recipe of a run in PyTorch; null where there is none.
 * @throws ArtifactError which names the reason, also where the run has another number of epochs
 */
export async function readPyTorchRun(
  { id, epochs }: Pick<Metrics, 'id' | 'epochs'>,
  read: ReadFile,
): Promise<PyTorchRun | null> {
  if (!(await read(PYTORCH_FILE))) return null;
  const found = parsePyTorchRun(id, await readUnverified(id, PYTORCH_FILE, read));
  if (found.epochs.length !== epochs) {
    const remedy = `run "npm run train:pytorch -- ${id} --publish" again`;
    const reason = `it has ${found.epochs.length} epochs and the run ${epochs}; ${remedy}`;
    throw new ArtifactError(PYTORCH_FILE, id, reason);
  }
  return found;
}
