/**
 * Trains a network by one of the recipes and publishes what the site shows. `npm run train -- --help` explains the
 * flags.
 */
import '../src/node/tune-allocator.ts';
import { join } from 'node:path';
import { ensembles } from '../src/training/presets.ts';
import { UserError } from '../src/node/errors.ts';
import { runCommand } from './cli/command.ts';
import { checkEnsembleId, planEnsemble, runEnsemble } from '../src/runs/ensemble.ts';
import { ensureWritableFolder, removeIfEmpty, shown } from '../src/node/files.ts';
import { takeLock } from '../src/runs/lock.ts';
import { checkReplaceable, runFolders } from '../src/runs/run-folders.ts';
import { checkId, defaultId, makePlan } from '../src/runs/plan.ts';
import { checkNothingLost, checkSamePlan, loadRecord } from '../src/runs/checkpoint.ts';
import { seedOptions, spreadLines } from '../src/runs/several-seeds.ts';
import { trainCommand, trainOptions } from './cli/train-options.ts';
import type { TrainOptions } from '../src/runs/train-options.ts';
import { runTraining, type TrainingRun } from '../src/runs/training-run.ts';

await runCommand(trainCommand, async (given) => {
  const options = trainOptions(given);
  using locks = new DisposableStack();
  const locked = new Set<string>();
  const lock = (folders: readonly string[]): void => {
    for (const folder of folders) {
      if (locked.has(folder)) continue;
      ensureWritableFolder(folder);
      const release = takeLock(join(folder, 'lock'));
      locked.add(folder);
      locks.defer(() => {
        release();
        removeIfEmpty(folder);
      });
    }
  };
  if (options.preset !== undefined && options.preset in ensembles) return await together(options, lock);
  if (options.members) throw new UserError('--members names those of an ensemble; choose one by --preset.');
  return options.seeds === undefined
    ? await runTraining(prepare(options, lock))
    : await severalSeeds(options, lock);
});

/** Evaluates an ensemble of published networks. */
async function together(options: TrainOptions, lock: (folders: readonly string[]) => void): Promise<number> {
  const ensemble = planEnsemble(options);
  const place = runFolders(options.output ?? ensemble.id, undefined);
  if (options.publish) {
    checkEnsembleId(ensemble, options.preset!, place);
    checkReplaceable(place.output, 'ensemble');
  }
  lock(place.locked);
  return runEnsemble(options, ensemble, place);
}

/** One run after another, then a table of them all. */
async function severalSeeds(
  options: TrainOptions,
  lock: (folders: readonly string[]) => void,
): Promise<number> {
  const outputs: string[] = [];
  let missed = 0;
  for (const own of seedOptions(options)) {
    const run = prepare(own, lock);
    const code = await runTraining(run);
    // A run that misses its target is published all the same; one that was interrupted is not.
    if (code > 1) return code;
    missed = Math.max(missed, code);
    outputs.push(run.place.output);
  }
  console.log((await spreadLines(outputs)).join('\n'));
  return missed;
}

/**
 * The run that the flags mean: a new one, or one that is resumed.
 * @param lock takes folders for this run
 * @throws UserError when they mean none; nothing is changed then
 */
function prepare(options: TrainOptions, lock: (folders: readonly string[]) => void): TrainingRun {
  const fresh = makePlan(options);
  const first = runFolders(options.output ?? defaultId(fresh), options.stateDir);
  if (!options.resume) {
    checkId(fresh, first);
    if (options.publish) checkReplaceable(first.output, 'network');
    lock(first.locked);
    if (!options.restart) checkNothingLost(first.state);
    return { options, plan: fresh, place: first, record: null };
  }
  lock(first.locked);
  const record = loadRecord(first.state);
  if (!record) {
    throw new UserError(
      `There is no checkpoint in ${shown(first.state)} to resume from; leave --resume out to start a run.`,
    );
  }
  const plan = makePlan(options, record.plan);
  checkSamePlan(first.state, record.plan, plan);
  const place = runFolders(options.output ?? record.output, first.state);
  checkId(plan, place);
  if (options.publish) checkReplaceable(place.output, 'network');
  lock(place.locked);
  return { options, plan, place, record };
}
