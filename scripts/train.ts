/**
 * Trains a network by one of the recipes and publishes what the site shows. `npm run train -- --help` explains the
 * flags.
 */
import { join } from 'node:path';
import { presets } from '../src/model/presets.ts';
import { CliError, runMain } from './lib/cli.ts';
import { ensureWritableFolder, removeIfEmpty } from './lib/files.ts';
import { takeLock } from './lib/lock.ts';
import { checkReplaceable, places, shown } from './lib/places.ts';
import { checkId, defaultId, makePlan } from './lib/plan.ts';
import { checkNothingLost, checkSamePlan, loadRecord } from './lib/record.ts';
import { parseTrainOptions, trainHelp, type TrainOptions } from './lib/train-options.ts';
import { runTraining, type TrainingRun } from './lib/training-run.ts';

async function main(): Promise<number> {
  const options = parseTrainOptions(process.argv.slice(2), Object.keys(presets));
  if (options.help) {
    console.log(trainHelp(Object.entries(presets).map(([name, { label }]) => ({ name, label }))));
    return 0;
  }
  const releases = new Map<string, () => void>();
  const lock = (folders: readonly string[]): void => {
    for (const folder of folders) {
      if (releases.has(folder)) continue;
      ensureWritableFolder(folder);
      releases.set(folder, takeLock(join(folder, 'lock')));
    }
  };
  try {
    return await runTraining(prepare(options, lock));
  } finally {
    for (const [folder, release] of releases) {
      release();
      removeIfEmpty(folder);
    }
  }
}

/**
 * The run that the flags mean: a new one, or one that goes on.
 * @param lock takes folders for this run
 * @throws CliError when they mean none; nothing is changed then
 */
function prepare(options: TrainOptions, lock: (folders: readonly string[]) => void): TrainingRun {
  const fresh = makePlan(options);
  const first = places(options.output ?? defaultId(fresh), options.stateDir);
  if (!options.resume) {
    checkId(fresh, first);
    if (options.publish) checkReplaceable(first.output);
    lock(first.locked);
    if (!options.restart) checkNothingLost(first.state);
    return { options, plan: fresh, place: first, record: null };
  }
  lock(first.locked);
  const record = loadRecord(first.state);
  if (!record) {
    throw new CliError(
      `There is no checkpoint in ${shown(first.state)} to go on from; leave --resume out to start a run.`,
    );
  }
  const plan = makePlan(options, record.plan);
  checkSamePlan(first.state, record.plan, plan);
  const place = places(options.output ?? record.output, first.state);
  checkId(plan, place);
  if (options.publish) checkReplaceable(place.output);
  lock(place.locked);
  return { options, plan, place, record };
}

await runMain(main);
