/**
 * Recomputes every figure of a published run from its published weights and prints the differences.
 * `npm run evaluate -- --help` explains the flags.
 */
import '../src/node/tune-allocator.ts';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type EnsembleRun, isEnsemble, readEnsemble } from '../src/artifacts/ensemble.ts';
import { labelText } from '../src/artifacts/recipe-text.ts';
import {
  type ReadFile,
  readRun,
  type Run,
  readUnverified,
  readVerified,
  readWeights,
} from '../src/artifacts/run.ts';
import type { Metrics } from '../src/artifacts/schema.ts';
import { type BackendChoice, NODE_BACKENDS } from '../src/engines/backends.ts';
import { type ActiveBackend, activateBackend, BackendError } from '../src/engines/node/choose.ts';
import { countParameters } from '../src/network/architecture.ts';
import { variedImages } from '../src/runs/recipe-augmentation.ts';
import { UserError } from '../src/node/errors.ts';
import { compareEnsemble, compareRun, type Row, table } from '../src/runs/verification.ts';
import { loadDataset, splitOf } from '../src/runs/dataset.ts';
import { EIGHT_BIT_FORM, measureEightBit } from '../src/runs/eight-bit.ts';
import { evaluateEnsemble, readMembers } from '../src/runs/ensemble.ts';
import { backendFlags, onlyRun, runCommand } from './cli/command.ts';
import { findPublished, type RunFolders } from '../src/runs/run-folders.ts';
import { folderReader } from '../src/node/files.ts';
import { evaluate } from '../src/runs/evaluation.ts';

/** By how many images a set may differ on another backend than the run's. */
const ALLOWED_IMAGES = 3;

const about = `Recomputes every figure of a published run from its weights, on the validation and the test images.

  npm run evaluate -- baseline           a run of public/models
  npm run evaluate -- ./runs/test        a run in another folder`;

const notes = `On the backend and the processor that made the run every count must be the same; elsewhere, where sums are rounded
differently, the predictions for up to ${ALLOWED_IMAGES} images of a set may differ. Times, the curves of the training, and what the
weights gave before they were rounded to half precision cannot be recomputed and are left out.

Exit codes: 0 every figure agrees, 1 some differ, 2 wrong input or a broken file.`;

const flags = backendFlags('the one that made the run where this machine has it, else the fastest.');
type Options = Parameters<typeof activateBackend>[1] & { backend?: BackendChoice };

await runCommand({ name: 'evaluate', about, flags, notes, takesNames: true }, async (options, names) => {
  const place = findPublished(onlyRun('evaluate', names));
  const read = folderReader(place.output);
  return isEnsemble(await readUnverified(place.id, 'metrics.json', read))
    ? verifyEnsemble(place, read, options)
    : verifyRun(place.id, read, options);
});

async function verifyRun(id: string, read: ReadFile, options: Options): Promise<number> {
  const run = await readRun(id, read);
  const { metrics } = run;
  for (const name of Object.keys(metrics.files)) await readVerified(metrics, name, read);
  const { architecture, labelSmoothing, limit } = metrics.recipe;
  const weights = await readWeights(architecture, metrics, read);
  const card = new TextDecoder().decode(await readVerified(metrics, 'card.md', read));

  const home = await begin(metrics, options);
  const data = await loadDataset(metrics.data);
  const { validation } = splitOf(data, limit);
  const varied = metrics.variedValidation && variedImages(data.train, validation, metrics.recipe);
  const recomputed = {
    test: await evaluate(architecture, weights, data.test, labelSmoothing),
    validation: metrics.validation
      ? await evaluate(architecture, weights, data.train, labelSmoothing, validation)
      : null,
    variedValidation: varied && (await evaluate(architecture, weights, varied, labelSmoothing)),
    eightBit: metrics.eightBit
      ? await measureEightBit(
          architecture,
          weights,
          await readWeights(architecture, metrics, read, EIGHT_BIT_FORM.model),
          data,
          validation,
          labelSmoothing,
        )
      : null,
    labels: data.test.labels,
    card,
  };
  return printRows(compareRun(run, recomputed, home ? 0 : ALLOWED_IMAGES));
}

/** The same for networks that answer together. */
async function verifyEnsemble({ id, output }: RunFolders, read: ReadFile, options: Options): Promise<number> {
  const run = await readEnsemble(id, read);
  const { metrics } = run;
  const card = new TextDecoder().decode(await readVerified(metrics, 'card.md', read));
  // They stand beside it, or on the site.
  const beside = ({ id }: { id: string }): string => join(dirname(output), id);
  const members = await readMembers(
    metrics.members.map((member) => (existsSync(beside(member)) ? beside(member) : member.id)),
  );
  const replaced = metrics.members.find(({ weights }, i) => weights !== members[i]!.hash);
  if (replaced) {
    throw new UserError(
      `The network "${replaced.id}" is not the one that "${id}" was made of; make the ensemble again.`,
    );
  }
  const home = await begin(metrics, options);
  const data = await loadDataset(metrics.data);
  const recomputed = {
    ...(await evaluateEnsemble(members, metrics.flips, data)),
    labels: data.test.labels,
    card,
  };
  const parameters = members.reduce(
    (sum, { metrics }) => sum + countParameters(metrics.recipe.architecture),
    0,
  );
  return printRows(compareEnsemble(run, recomputed, parameters, home ? 0 : ALLOWED_IMAGES));
}

/** Makes a backend the current one. @returns whether the figures were made on the same */
async function begin(metrics: Run['metrics'] | EnsembleRun['metrics'], options: Options): Promise<boolean> {
  const backend = await activate(metrics, options);
  const home = backend.name === metrics.backend.name && backend.device === metrics.backend.device;
  console.log(`Run "${metrics.id}": ${labelText(metrics)}, made on ${where(metrics.backend)}`);
  console.log(
    `Recomputed on ${where(backend)}${home ? '' : `, where up to ${ALLOWED_IMAGES} images may differ`}\n`,
  );
  return home;
}

/** Prints the figures. @returns the exit code */
function printRows(rows: readonly Row[]): number {
  console.log(table(rows).join('\n'));
  const wrong = rows.filter((row) => !row.agrees).length;
  console.log(wrong ? `\n${wrong} of ${rows.length} figures differ.` : `\nAll ${rows.length} figures agree.`);
  return wrong ? 1 : 0;
}

function where({ name, device }: { name: string; device: string }): string {
  return `${name} (${device})`;
}

/** The backend asked for, else the run's own, else the best there is. */
async function activate(
  { backend }: Pick<Metrics, 'backend'>,
  { backend: asked, threads }: Options,
): Promise<ActiveBackend> {
  const own = NODE_BACKENDS.find((name) => name === backend.name);
  if (asked !== undefined || own === undefined) return activateBackend(asked ?? 'auto', { threads });
  try {
    return await activateBackend(own, { threads });
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return activateBackend('auto', { threads });
  }
}
