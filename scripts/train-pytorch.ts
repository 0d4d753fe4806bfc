/**
 * Trains the report's recipe in PyTorch, as a reference implementation for a published run.
 * `npm run train:pytorch -- --help` explains the flags.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTorch, trainInTorch } from '../bench/pytorch/python.ts';
import {
  checkpointOf,
  checkTorchRecipe,
  sideBySide,
  type TorchEpoch,
  type TorchJob,
  writeImages,
} from '../bench/pytorch/training.ts';
import { type PyTorchRun } from '../src/artifacts/pytorch-run.ts';
import { PYTORCH_FILE, readRun, type Run } from '../src/artifacts/run.ts';
import { VERSIONS } from '../src/artifacts/schema.ts';
import { UserError } from '../src/node/errors.ts';
import { folderReader, shown, writeAtomically } from '../src/node/files.ts';
import { batchLine, epochHeader, epochSummary, LOGGED_BATCHES } from '../src/runs/run-log.ts';
import { findPublished, ROOT } from '../src/runs/run-folders.ts';
import { jsonBytes } from '../src/runs/publish.ts';
import { reportRecipe } from '../src/training/recipe.ts';
import { runCommand, threadsFlag, toggle, whole } from './cli/command.ts';

const flags = {
  seed: whole(
    0,
    2 ** 32 - 1,
    "Seed of weights, batch order and dropout (default: the run's). PyTorch derives other numbers from it than this project does.",
  ),
  mixedPrecision: toggle('Use float16 where PyTorch considers it safe, as the report did; on a GPU only.'),
  threads: { ...threadsFlag, help: 'Threads on a CPU. Default: as many as PyTorch takes.' },
  publish: toggle(`Also write the result to the folder of the run, as ${PYTORCH_FILE}, for the site.`),
  restart: toggle(
    'Discard what an interrupted training has done; without it, the same command resumes after its last finished epoch.',
  ),
};

const about = `Trains a published run's recipe in PyTorch, with PyTorch's own layers, optimiser and schedule, on the same images, and
prints both results side by side. It needs a python3 with PyTorch, and uses a GPU where PyTorch has one. The
test set is not read.

  npm run train:pytorch                      the report's recipe, beside public/models/baseline
  npm run train:pytorch -- ./runs/small      another run of that recipe, on fewer images or for fewer epochs`;

const command = { name: 'train:pytorch', about, flags, takesNames: true };

await runCommand(command, async (options, [name = 'baseline', ...more]) => {
  if (more.length) throw new UserError('Name one run only: npm run train:pytorch -- baseline');
  const { seed, threads = null, mixedPrecision = false, restart } = options;
  const { id, output } = findPublished(name);
  const run = await readRun(id, folderReader(output));
  checkTorchRecipe(run.metrics);
  const python = findTorch();
  if (!python) {
    throw new UserError(
      'There is no python3 with PyTorch; install it (on Debian the package python3-torch) and try again.',
      1,
    );
  }
  const { epochs, batchSize } = run.metrics.recipe;
  const { labelSmoothing, schedule, optimiser } = reportRecipe;
  const settings = {
    ...{ epochs, batchSize, labelSmoothing, threads, mixedPrecision, loggedBatches: LOGGED_BATCHES },
    maxLearningRate: schedule.maxLearningRate,
    weightDecay: optimiser.weightDecay,
    seed: seed ?? run.metrics.seeds['run']!,
  };
  const variant = `${id}-seed-${settings.seed}${mixedPrecision ? '-mixed' : ''}`;
  const state = join(ROOT, '.cache', 'pytorch', variant);
  if (restart) rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const { limit } = run.metrics.recipe;
  // The number of threads may change from one session to the next.
  const checkpoint = checkpointOf(state, { ...settings, threads: null, limit });

  await using files = await mkdtempDisposable(join(tmpdir(), 'train-pytorch-'));
  const job: TorchJob = { ...settings, files: await writeImages(files.path, run.metrics), checkpoint };
  const jobFile = join(files.path, 'job.json');
  await writeFile(jobFile, jsonBytes(job));
  const result = await train(python, jobFile, run);
  if (typeof result === 'number') return result;
  const paths = [state, ...(options.publish ? [output] : [])].map((folder) => join(folder, PYTORCH_FILE));
  const content = jsonBytes({
    schemaVersion: VERSIONS.pytorch,
    id,
    mixedPrecision,
    seed: settings.seed,
    ...result,
  });
  for (const path of paths) writeAtomically(path, content);
  console.log(`\nWritten to ${paths.map(shown).join(' and ')}.`);
  return 0;
});

/** Trains, and prints both results. @returns PyTorch's, or the exit code of an interrupt */
async function train(
  python: string,
  jobFile: string,
  { metrics: { id, epochs: total }, history }: Run,
): Promise<Pick<PyTorchRun, 'torch' | 'device' | 'epochs'> | number> {
  const epochs: TorchEpoch[] = [];
  let version = { torch: '', device: '' };
  const interrupted = await trainInTorch(python, jobFile, (message) => {
    if ('torch' in message) {
      const { torch, device, epochsDone } = message;
      version = { torch, device };
      epochs.push(...epochsDone);
      console.log(`PyTorch ${torch} on ${device}, the recipe of "${id}"`);
      if (epochs.length) console.log(`Resuming after epoch ${epochs.length} of ${total}`);
      console.log();
    } else if ('batch' in message) {
      const { batch, batches, loss, accuracy } = message;
      if (batch === 0) console.log(epochHeader(epochs.length + 1, total).join('\n'));
      console.log(batchLine(batch, batches, loss, accuracy));
    } else {
      epochs.push(message);
      console.log(epochSummary(message).join('\n'));
    }
  });
  if (interrupted !== null) {
    console.log(`Interrupted after epoch ${epochs.length} of ${total}; the same command resumes from there.`);
    return interrupted;
  }
  const result = { ...version, epochs };
  console.log(sideBySide({ id, history }, result).join('\n'));
  return result;
}
