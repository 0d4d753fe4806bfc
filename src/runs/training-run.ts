/** One run of the trainer, from its first step or its checkpoint to the published folder. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { departuresText, labelText } from '../artifacts/recipe-text.ts';
import { CLASS_COUNT } from '../data/dataset.ts';
import classes from '../i18n/en/classes.ts';
import type { FashionMnist } from '../data/node/fashion-mnist.ts';
import { SPLIT_SEED } from '../data/split.ts';
import type { BackendChoice } from '../engines/backends.ts';
import { type ActiveBackend, activateBackend } from '../engines/node/choose.ts';
import { countParameters } from '../network/architecture.ts';
import { initialise } from '../network/initialise.ts';
import { Network } from '../network/network.ts';
import { departures, trainedArchitecture } from '../training/recipe.ts';
import { Trainer, type TrainerOptions, type TrainingData, type TrainingSplit } from '../training/trainer.ts';
import { augmentOf, variedImages } from './recipe-augmentation.ts';
import { messageOf, UserError } from '../node/errors.ts';
import { loadDataset, splitOf } from './dataset.ts';
import { ensureWritableFolder } from '../node/files.ts';
import { backendLines, reportLines, RunLog } from './run-log.ts';
import { percent } from '../node/terminal.ts';
import { commit, machine } from './provenance.ts';
import { MODELS, type RunFolders, ROOT, shown } from './run-folders.ts';
import { type Plan, variation } from './plan.ts';
import { evaluate, type Evaluation } from './evaluation.ts';
import {
  encodeLayersModel,
  jsonBytes,
  makeHistory,
  makeMetrics,
  placeFolder,
  PUBLISHED_FORM,
  publishedFiles,
  updateIndex,
} from './publish.ts';
import { FORMAT, type RunRecord, saveRecord, versionDrift } from './checkpoint.ts';
import { checkSameSources, readSources, type Source, teach, weightHashes } from './parent-runs.ts';
import { noteTestReads } from './test-reads.ts';
import { EXIT_CODES, interruptedLine, type Signal, trainToEnd } from './train-loop.ts';
import type { TrainOptions } from './train-options.ts';

/** As published, and in float32. */
const TEST_READS = 2;

/** A kill may cost ten minutes; a step and the writing itself need some of them. */
const CHECKPOINT_SECONDS = 570;

export interface TrainingRun {
  options: TrainOptions;
  plan: Plan;
  place: RunFolders;
  /** The checkpoint to go on from; null for a new run. */
  record: RunRecord | null;
}

/** What stays the same between the checkpoints of a session. */
type Head = Omit<RunRecord, 'logLength' | 'trainer'>;

/** A run in the middle of its work. */
interface Session {
  head: Head;
  trainer: Trainer;
  log: RunLog;
  data: FashionMnist;
  split: TrainingSplit;
  place: RunFolders;
  /** The signal that asked the run to end, if one did. */
  stopped: () => Signal | null;
}

/** The run was asked to end where it has no step to finish: all that it has to go on from is in its checkpoint. */
class Interrupted extends Error {
  override name = 'Interrupted';
  readonly signal: Signal;

  constructor(signal: Signal) {
    super(signal);
    this.signal = signal;
  }
}

/** @returns the exit code. @throws UserError with a sentence for the user */
export async function runTraining({ options, plan, place, record }: TrainingRun): Promise<number> {
  if (record?.publishedAt && record.publishedAt === publishedAt(place)) {
    console.log(`This run is finished and published in ${shown(place.output)}; there is nothing left to do.`);
    return 0;
  }
  if (options.publish) ensureWritableFolder(dirname(place.output));
  const { recipe } = plan;
  // One that goes on has its first weights behind it, but may need its teachers.
  const sources = await readSources(record ? { ...plan, recipe: { ...recipe, from: undefined } } : plan);
  if (record) checkSameSources(place.state, record.sources ?? {}, sources);
  const backend = await activate(options, record, place);
  const data = await loadDataset(plan.data);
  const split = splitOf(data, recipe.limit, recipe.allImages);
  const { architecture, seed } = recipe;
  const first = recipe.from === undefined ? undefined : sources.get(recipe.from)?.weights;
  const network = new Network(trainedArchitecture(recipe), first ?? initialise(architecture, seed));
  const teachers = recipe.distillation && new Float32Array(data.train.count * CLASS_COUNT);
  const trainer = makeTrainer({
    network,
    recipe,
    data: { ...data.train, ...(teachers && { teachers }) },
    split,
    augment: await augmentOf(recipe),
  });
  if (record) trainer.restore(record.trainer);

  const head = makeHead({ options, plan, place, record }, backend, trainer.step, weightHashes(sources));
  const log = new RunLog(join(place.state, 'train.log'), record?.logLength ?? 0);
  const signals = listen();
  const session = { head, trainer, log, data, split, place, stopped: signals.received };
  try {
    log.lines(
      record ? resumeLines(record, backend, trainer) : titleLines(head, backend, trainer, split, place),
    );
    // In place of the checkpoint that --restart discards, so that its steps do not go on under this run's log.
    if (!record) await save(session);
    if (teachers) teachers.set(await lessons(session, sources));
    const signal = await trainToEnd({
      trainer,
      log,
      save: () => save(session),
      checkpointSeconds: options.checkpointSeconds ?? CHECKPOINT_SECONDS,
      stopped: signals.received,
      lost: backend.lost,
    });
    if (signal) return EXIT_CODES[signal];
    if (options.publish) await publish(session);
    else log.print('Not published, and the test set not read; publish with --resume.');
    return recipe.targetAccuracy === undefined || trainer.reached ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    log.print(interruptedLine(trainer));
    return EXIT_CODES[error.signal];
  } finally {
    signals.stop();
    log.close();
    trainer.dispose();
    network.dispose();
  }
}

async function activate(
  { backend: asked = 'auto', threads }: TrainOptions,
  record: RunRecord | null,
  place: RunFolders,
): Promise<ActiveBackend> {
  const saved = record?.backend.name as BackendChoice | undefined;
  if (saved && asked !== 'auto' && asked !== saved) {
    throw new UserError(
      `The checkpoint in ${shown(place.state)} was made on the backend "${saved}", not "${asked}"; leave --backend out to resume it, or start over with --restart.`,
    );
  }
  const before = record?.threads;
  if (before !== undefined && threads !== undefined && threads !== before) {
    throw new UserError(
      `The checkpoint in ${shown(place.state)} was made with --threads ${before}, not ${threads}, whose sums round otherwise; leave the flag out to resume it, or start over with --restart.`,
    );
  }
  return activateBackend(saved ?? asked, {
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

/** Shows how far a network's answers are, and lets signals in. @throws Interrupted */
async function showShare({ log, stopped }: Session, what: string, share: number): Promise<void> {
  log.progress(what, share, undefined);
  await turn();
  const signal = stopped();
  if (signal) throw new Interrupted(signal);
}

/** What the recipe's teachers say of the images that are trained on. */
function lessons(session: Session, sources: Map<string, Source>): Promise<Float32Array> {
  const { head, data, split, place } = session;
  const teachers = head.plan.recipe.distillation!.teachers.map((name) => sources.get(name)!);
  const { images, count } = data.train;
  return teach(teachers, images, count, split.train, head.backend.name, place.state, (teacher, share) =>
    showShare(session, `asking ${teacher}`, share),
  );
}

function makeHead(
  { plan, place, record }: TrainingRun,
  backend: ActiveBackend,
  fromStep: number,
  sources: Record<string, string>,
): Head {
  const session = { startedAt: new Date().toISOString(), fromStep, ...commit(ROOT) };
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

async function save({ head, trainer, log, place }: Session, logLength = log.length): Promise<void> {
  saveRecord(place.state, { ...head, logLength, trainer: await trainer.state() });
}

function titleLines(
  head: Head,
  backend: ActiveBackend,
  trainer: Trainer,
  split: TrainingSplit,
  place: RunFolders,
): string[] {
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
  const fewer = record.threads !== undefined && record.threads !== backend.threads;
  return [
    `Resumed after step ${trainer.step} of ${trainer.totalSteps}, ${new Date().toISOString()}`,
    ...(drift ? [`Versions differ from those the run began with, so its end may too: ${drift}`] : []),
    ...(fewer
      ? [
          `This machine has ${backend.threads} of the ${record.threads} threads the run began with, so its end may differ`,
        ]
      : []),
    '',
  ];
}

/** When the run that is published at this place was finished; null where there is none that can be read. */
function publishedAt({ output }: RunFolders): string | null {
  try {
    const metrics: unknown = JSON.parse(readFileSync(join(output, 'metrics.json'), 'utf8'));
    return String((metrics as { finishedAt?: unknown }).finishedAt);
  } catch {
    return null;
  }
}

/** Judges the best epoch's weights as they are published, writes the artifacts and lists the run. */
async function publish(session: Session): Promise<void> {
  const { head, trainer, log, data, split, place } = session;
  const { plan, sessions } = head;
  const { architecture, labelSmoothing } = plan.recipe;
  const state = await trainer.state();
  const { best } = state;
  if (!best) throw new Error('A finished run has a best epoch.');
  const trainedLog = log.length;

  const { files: model, published } = encodeLayersModel(architecture, best.weights, PUBLISHED_FORM);
  const measure = (
    name: string,
    weights: typeof published,
    part: TrainingData,
    indices?: ArrayLike<number>,
  ): Promise<Evaluation> =>
    evaluate(architecture, weights, part, labelSmoothing, indices, (share) =>
      showShare(session, name, share),
    );
  const validation = split.validation.length
    ? await measure('validation', published, data.train, split.validation)
    : null;
  const varied = validation && variedImages(data.train, split.validation, plan.recipe);
  const variedValidation = varied && (await measure('validation, varied', published, varied));
  // Counted and on disk before it is done, so that a crash cannot hide a read.
  head.testSetReads += TEST_READS;
  if (place.onSite) noteTestReads(MODELS, place.id, TEST_READS);
  await save(session, trainedLog);
  const test = await measure('test set, float16', published, data.test);
  const float32 = await measure('test set, float32', best.weights, data.test);

  const metrics = makeMetrics(
    {
      id: place.id,
      preset: plan.preset,
      variation: variation(plan),
      departures: departures(plan.recipe, plan.data),
      data: plan.data,
      recipe: plan.recipe,
      seeds: { split: SPLIT_SEED, run: plan.recipe.seed },
      backend: head.backend,
      machine: head.machine,
      versions: head.versions,
      sessions,
      testSetReads: head.testSetReads,
      ...(head.sources && { sources: head.sources }),
    },
    state,
    split.train.length,
    { validation, variedValidation, test, float32, labels: data.test.labels },
  );
  if (validation)
    log.line(`Best validation accuracy: ${percent(validation.accuracy, 2)} (epoch ${best.epoch})`);
  log.lines([
    `Test Loss: ${test.loss.toFixed(4)} | Test Acc: ${percent(test.accuracy, 2)}`,
    '',
    ...reportLines(
      metrics.report,
      classes.map(({ name }) => name),
    ),
  ]);

  const files = await publishedFiles(metrics, test, data.test.labels, {
    ...model,
    'history.json': jsonBytes(makeHistory(place.id, state, trainer.stepsPerEpoch)),
    'train.log': new Uint8Array(readFileSync(join(place.state, 'train.log'))),
  });
  placeFolder(place.output, files);
  head.publishedAt = metrics.finishedAt;
  await save(session, trainedLog);
  log.print(`\nPublished in ${shown(place.output)}.`);
  if (place.onSite) updateIndex();
}

/** Takes note of the first signal; a second one ends the process at once. */
function listen(): { received: () => Signal | null; stop: () => void } {
  let received: Signal | null = null;
  const names = Object.keys(EXIT_CODES) as Signal[];
  const stop = (): void => names.forEach((name) => process.off(name, note));
  const note = (signal: Signal): void => {
    received = signal;
    // Where the terminal or the pipe's other end is gone, the sentence is lost and the checkpoint is not.
    process.stderr.on('error', () => {});
    process.stderr.write('\nFinishing the step and writing a checkpoint; once more to stop at once.\n');
    stop();
  };
  names.forEach((name) => process.on(name, note));
  return { received: () => received, stop };
}
