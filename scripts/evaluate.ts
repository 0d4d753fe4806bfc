/**
 * Recomputes every figure of a published run from its published weights and prints the differences.
 * `npm run evaluate -- --help` explains the flags.
 */
import '../src/node/tune-allocator.ts';
import { labelText } from '../src/artifacts/recipe-text.ts';
import { type BackendChoice, BACKENDS, NODE_BACKENDS } from '../src/engines/backends.ts';
import { type ActiveBackend, activateBackend, BackendError } from '../src/engines/node/choose.ts';
import { alignColumns } from '../src/node/terminal.ts';
import { findPublished } from '../src/runs/run-folders.ts';
import { readVerifiable } from '../src/runs/verification.ts';
import { backendFlags, onlyRun, runCommand } from './cli/command.ts';

/** By how many images a set may differ on another backend than the run's. */
const ALLOWED_IMAGES = 3;

const about = `Recomputes every figure of a published run from its weights, on the validation and the test images.

  npm run evaluate -- baseline           a run of public/models
  npm run evaluate -- ./runs/test        a run in another folder`;

const notes = `On the backend, its kernels and the processor that made the run every count must be the same; elsewhere, where sums
are rounded differently, the predictions for up to ${ALLOWED_IMAGES} images of a set may differ. Times, the curves of the training,
and what the weights gave before they were rounded to half precision cannot be recomputed and are left out.

Exit codes: 0 every figure agrees, 1 some differ, 2 wrong input or a broken file.`;

const flags = backendFlags('the one that made the run where this machine has it, else the fastest.');

await runCommand({ name: 'evaluate', about, flags, notes, takesNames: true }, async (options, names) => {
  const { metrics, recompute } = await readVerifiable(findPublished(onlyRun('evaluate', names)));
  const backend = await activate(metrics.backend.name, options);
  const kernels = 'sessions' in metrics ? metrics.sessions.at(-1)!.kernels : undefined;
  const home =
    backend.name === metrics.backend.name &&
    backend.device === metrics.backend.device &&
    kernels === BACKENDS[backend.name].kernels;
  const elsewhere = home ? '' : `, where up to ${ALLOWED_IMAGES} images may differ`;
  console.log(`Run "${metrics.id}": ${labelText(metrics)}, made on ${where(metrics.backend)}`);
  console.log(`Recomputed on ${where(backend)}${elsewhere}\n`);

  const rows = await recompute(home ? 0 : ALLOWED_IMAGES);
  const cells = rows.map(({ figure, published, recomputed, agrees }) => [
    ...[figure, published, recomputed],
    agrees ? 'agrees' : 'DIFFERS',
  ]);
  console.log(alignColumns([['Figure', 'published', 'recomputed'], ...cells], '<>>').join('\n'));
  const wrong = rows.filter(({ agrees }) => !agrees).length;
  console.log(wrong ? `\n${wrong} of ${rows.length} figures differ.` : `\nAll ${rows.length} figures agree.`);
  return wrong ? 1 : 0;
});

function where({ name, device }: { name: string; device: string }): string {
  return `${name} (${device})`;
}

/** The backend that is named, else the run's own, else the best there is. */
async function activate(
  runs: string,
  { backend: named, threads }: { backend?: BackendChoice; threads?: number },
): Promise<ActiveBackend> {
  const own = NODE_BACKENDS.find((name) => name === runs);
  if (named !== undefined || own === undefined) return activateBackend(named ?? 'auto', { threads });
  try {
    return await activateBackend(own, { threads });
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return activateBackend('auto', { threads });
  }
}
