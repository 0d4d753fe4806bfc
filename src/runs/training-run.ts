/** Trains a network from its first step, or from its checkpoint, to its end; then publishes it. */
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { departuresText, labelText } from '../artifacts/recipe-text.ts';
import { CLASS_COUNT } from '../data/dataset.ts';
import { type BackendChoice, BACKENDS } from '../engines/backends.ts';
import { type ActiveBackend, activateBackend } from '../engines/node/choose.ts';
import { countParameters } from '../network/architecture.ts';
import { initialise } from '../network/initialise.ts';
import { Network } from '../network/network.ts';
import { messageOf, UserError } from '../node/errors.ts';
import { ensureWritableFolder, shown } from '../node/files.ts';
import { departures, trainedArchitecture } from '../training/recipe.ts';
import { Trainer, type TrainerOptions } from '../training/trainer.ts';
import { FORMAT, type RunRecord, versionDrift } from './checkpoint.ts';
import { loadDataset, splitOf } from './dataset.ts';
import { checkSameSources, readSources, type Source, teach, teacherOf, weightHashes } from './parent-runs.ts';
import { type Plan, variation } from './plan.ts';
import { commit, machine } from './provenance.ts';
import { publishRun } from './publish-run.ts';
import { progressFile, WATCH } from './progress-file.ts';
import { augmentOf } from './recipe-augmentation.ts';
import { readMetricsFile, type RunFolders, ROOT } from './run-folders.ts';
import { backendLines, RunLog } from './run-log.ts';
import { saveSession, type Session, showShare } from './session.ts';
import { EXIT_CODES, Interrupted, listenForSignals } from './signals.ts';
import { trainToEnd } from './train-loop.ts';
import type { TrainOptions } from './train-options.ts';

/** A kill may cost ten minutes; a step and the writing itself need some of them. */
const CHECKPOINT_SECONDS = 570;

export interface TrainingRun {
  options: TrainOptions;
  plan: Plan;
  place: RunFolders;
  /** The checkpoint to resume from; null for a new run. */
  record: RunRecord | null;
}

/** @returns the exit code. @throws UserError with a sentence for the user */
export async function runTraining({ options, plan, place, record }: TrainingRun): Promise<number> {
  if (record?.publishedAt && record.publishedAt === publishedAt(place)) {
    console.log(`This run is finished and published in ${shown(place.output)}; there is nothing left to do.`);
    return 0;
  }
  if (options.publish) ensureWritableFolder(dirname(place.output));
  const { recipe } = plan;
  // A resumed run does not need its first weights again, but may need its teachers.
  const sources = await readSources(record ? { ...plan, recipe: { ...recipe, from: undefined } } : plan);
  if (record) checkSameSources(place.state, record.sources ?? {}, sources);
  const backend = await activate(options, record, place);
  const data = await loadDataset(plan.data);
  const split = splitOf(data, recipe.limit, recipe.allImages);
  const { architecture, seed } = recipe;
  const first = recipe.from === undefined ? undefined : sources.get(recipe.from)?.weights;
  const network = new Network(trainedArchitecture(recipe), first ?? initialise(architecture, seed));
  const { distillation } = recipe;
  const parents = distillation?.teachers.map((name) => sources.get(name)!) ?? [];
  /** What the teachers predict once, where they do not predict each image as it is shown. */
  const teachers =
    distillation && !distillation.augmented ? new Float32Array(data.train.count * CLASS_COUNT) : undefined;
  const trainer = makeTrainer({
    network,
    recipe,
    data: { ...data.train, ...(teachers && { teachers }) },
    split,
    augment: await augmentOf(recipe),
    ...(distillation?.augmented && { teach: teacherOf(parents) }),
  });
  if (record) trainer.restore(record.trainer);

  const head = makeHead(
    { options, plan, place, record },
    backend,
    trainer.step,
    weightHashes(sources.values()),
  );
  const log = new RunLog(join(place.state, 'train.log'), record?.logLength ?? 0);
  const signals = listenForSignals();
  const session = { head, trainer, log, data, split, place, stopped: signals.received };
  try {
    log.lines(record ? resumeLines(record, backend, trainer) : titleLines(session, backend));
    // Replaces the checkpoint that --restart discards, or a later --resume would continue that one under this run's log.
    if (!record) await saveSession(session);
    const watch = progressFile(
      place.state,
      {
        ...{
          id: place.id,
          label: labelText({ preset: plan.preset, variation: variation(plan), seeds: { run: seed } }),
        },
        ...{
          epochs: recipe.epochs,
          stepsPerEpoch: trainer.stepsPerEpoch,
          backend: `${backend.name} (${backend.device})`,
        },
      },
      record !== null,
    );
    log.print(WATCH);
    if (teachers) teachers.set(await lessons(session, parents));
    await trainToEnd({
      trainer,
      watch,
      log,
      save: () => saveSession(session),
      checkpointSeconds: options.checkpointSeconds ?? CHECKPOINT_SECONDS,
      stopped: signals.received,
      lost: backend.lost,
    });
    if (options.publish) await publishRun(session);
    else log.print('Not published, and the test set not read; publish with --resume.');
    watch({ type: 'end', published: options.publish });
    return recipe.targetAccuracy === undefined || trainer.reached ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    log.print(`Interrupted after step ${trainer.step} of ${trainer.totalSteps}; continue with --resume.`);
    return EXIT_CODES[error.signal];
  } finally {
    signals.stop();
    log.close();
    trainer.dispose();
    network.dispose();
  }
}

async function activate(
  { backend: named = 'auto', threads }: TrainOptions,
  record: RunRecord | null,
  place: RunFolders,
): Promise<ActiveBackend> {
  const saved = record?.backend.name as BackendChoice | undefined;
  if (saved && named !== 'auto' && named !== saved) {
    throw new UserError(
      `The checkpoint in ${shown(place.state)} was made on the backend "${saved}", not "${named}"; leave --backend out to resume it, or start over with --restart.`,
    );
  }
  const before = record?.threads;
  if (before !== undefined && threads !== undefined && threads !== before) {
    throw new UserError(
      `The checkpoint in ${shown(place.state)} was made with --threads ${before}, not ${threads}, whose sums are rounded differently; leave the flag out to resume it, or start over with --restart.`,
    );
  }
  return activateBackend(saved ?? named, {
    threads: threads ?? (before && Math.min(before, availableParallelism())),
  });
}

function makeTrainer(options: TrainerOptions): Trainer {
  try {
    return new Trainer(options);
  } catch (error) {
    throw new UserError(messageOf(error));
  }
}

/** The predictions of the recipe's teachers for the training images. */
function lessons(session: Session, teachers: readonly Source[]): Promise<Float32Array> {
  const { head, data, split, place } = session;
  const { images, count } = data.train;
  return teach(teachers, images, count, split.train, head.backend.name, place.state, (teacher, share) =>
    showShare(session, `predictions of ${teacher}`, share),
  );
}

function makeHead(
  { plan, place, record }: TrainingRun,
  backend: ActiveBackend,
  fromStep: number,
  sources: Record<string, string>,
): Session['head'] {
  const { kernels } = BACKENDS[backend.name];
  const session = {
    ...{ startedAt: new Date().toISOString(), fromStep },
    ...(kernels !== undefined && { kernels }),
    ...commit(ROOT),
  };
  const output = place.onSite ? place.id : place.output;
  if (record) return { ...record, output, sessions: [...record.sessions, session] };
  const { name, device, threads, versions } = backend;
  return {
    format: FORMAT,
    plan,
    output,
    backend: { name, device },
    ...(threads !== undefined && { threads }),
    versions,
    machine: machine(),
    sessions: [session],
    testSetReads: 0,
    publishedAt: null,
    ...(Object.keys(sources).length > 0 && { sources }),
  };
}

function titleLines({ head, trainer, split, place }: Session, backend: ActiveBackend): string[] {
  const { plan, sessions } = head;
  const { architecture, epochs, batchSize, seed } = plan.recipe;
  const departs = departures(plan.recipe, plan.data);
  const replaced = publishedAt(place);
  return [
    labelText({ preset: plan.preset, variation: variation(plan), seeds: { run: seed } }),
    `Run "${place.id}", ${sessions[0]!.startedAt}`,
    ...(departs.length ? [`Departs from the report's recipe: ${departuresText(departs)}`] : []),
    ...(replaced ? [`Replaces the run finished on ${replaced} when it is finished itself`] : []),
    `Model parameters: ${countParameters(architecture).toLocaleString('en')}`,
    `Training images: ${split.train.length} | Validation images: ${split.validation.length}`,
    `Epochs: ${epochs} | Batch size: ${batchSize} | Steps: ${trainer.totalSteps} | Seed: ${seed}`,
    ...backendLines(backend),
    '',
    '-----',
    '',
  ];
}

function resumeLines(record: RunRecord, backend: ActiveBackend, trainer: Trainer): string[] {
  const drift = versionDrift(record.versions, backend.versions);
  const [before, now] = [record.sessions.at(-1)!.kernels, BACKENDS[backend.name].kernels];
  const fewer = record.threads !== undefined && record.threads !== backend.threads;
  return [
    `Resumed after step ${trainer.step} of ${trainer.totalSteps}, ${new Date().toISOString()}`,
    ...(drift ? [`Versions differ from those the run began with, so its result may differ: ${drift}`] : []),
    ...(before === now
      ? []
      : [
          `The kernels of ${backend.name} differ from the checkpoint's (revision ${before ?? 'not recorded'} → ${now}), so the result may differ`,
        ]),
    ...(fewer
      ? [
          `This machine has ${backend.threads} of the ${record.threads} threads the run began with, so its result may differ`,
        ]
      : []),
    '',
  ];
}

/** When the run that is published in this folder was finished; null where there is none that can be read. */
function publishedAt({ output }: RunFolders): string | null {
  const metrics = readMetricsFile(output) as { finishedAt?: unknown } | null;
  return metrics && String(metrics.finishedAt);
}
