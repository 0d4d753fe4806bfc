/** An ensemble, the mean of the probabilities of published networks, published like a run. */
import { dirname } from 'node:path';
import { sum } from 'd3';
import { type EnsembleMetrics, parseEnsemble } from '../artifacts/ensemble.ts';
import { labelText } from '../artifacts/recipe-text.ts';
import { VERSIONS } from '../artifacts/schema.ts';
import { CLASS_COUNT, IMAGE_SIZE } from '../data/dataset.ts';
import type { FashionMnist } from '../data/node/fashion-mnist.ts';
import { classCount } from '../network/architecture.ts';
import { seenAs, viewsOf } from '../training/image-geometry.ts';
import { type Ensemble, ensembles, type Views } from '../training/presets.ts';
import { reportRecipe } from '../training/recipe.ts';
import type { TrainingData } from '../training/trainer.ts';
import { activateBackend } from '../engines/node/choose.ts';
import { UserError } from '../node/errors.ts';
import { loadDataset, splitOf } from './dataset.ts';
import { ensureWritableFolder, placeFolder, shown } from '../node/files.ts';
import { percent } from '../node/terminal.ts';
import { commit, machine } from './provenance.ts';
import { MODELS, type RunFolders, runFolders, ROOT } from './run-folders.ts';
import { ownerOf } from './plan.ts';
import {
  type Evaluation,
  evaluateProbabilities,
  predict,
  testFigures,
  validationFigures,
} from './evaluation.ts';
import { publishedFiles, updateIndex } from './publish.ts';
import { readSource, type Source } from './parent-runs.ts';
import { lossLine } from './run-log.ts';
import { noteTestReads } from './test-reads.ts';
import type { TrainOptions } from './train-options.ts';

/** The members' smoothing; the loss of their mean is only comparable under the same. */
const { labelSmoothing } = reportRecipe;

/** Flags about training, which an ensemble does not do. */
const TRAINING_FLAGS = [
  ...(['epochs', 'limit', 'batch', 'seed', 'seeds', 'from', 'allImages', 'stopAt', 'stateDir'] as const),
  ...(['checkpointSeconds', 'data', 'resume', 'restart'] as const),
];

/**
 * The ensemble that the flags mean.
 * @throws UserError when one of them is about training
 */
export function planEnsemble(options: TrainOptions): Ensemble {
  const named = ensembles[options.preset!]!;
  const given = { ...options, resume: options.resume || undefined, restart: options.restart || undefined };
  const contradicts = TRAINING_FLAGS.find((name) => given[name] !== undefined);
  if (contradicts) {
    const flag = contradicts.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UserError(
      `The preset "${options.preset}" trains nothing, it averages published networks; leave --${flag} out.`,
    );
  }
  const { members = named.members, preset } = options;
  const unchanged = variationOf({ members }, preset!) === 'none';
  return { ...named, members, id: unchanged ? named.id : `${named.id}-variant` };
}

/** How an ensemble differs from the preset. */
const variationOf = ({ members }: Pick<Ensemble, 'members'>, preset: string): 'none' | 'settings' =>
  members.join() === ensembles[preset]!.members.join() ? 'none' : 'settings';

/** @throws UserError when the ensemble may not be published under this id. */
export function checkEnsembleId(ensemble: Ensemble, preset: string, { id, onSite }: RunFolders): void {
  const owner = ownerOf(id);
  if (onSite && owner !== undefined && (owner !== preset || variationOf(ensemble, preset) === 'settings')) {
    throw new UserError(
      `"${id}" is the id of the unchanged preset of that name, which this ensemble is not; choose another --output.`,
    );
  }
}

/** @throws UserError when a member is missing, is named twice, or knows other classes or images than the rest */
export async function readMembers(names: readonly string[]): Promise<Source[]> {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`"${twice}" is named twice among the members; name it once.`);
  const members = await Array.fromAsync(names, readSource);
  const [first, ...others] = members;
  if (!first) throw new UserError('An ensemble needs members: name published networks with --members.');
  const classes = ({ metrics }: Source): number => classCount(metrics.recipe.architecture);
  for (const other of others) {
    if (classes(other) !== classes(first)) {
      throw new UserError(
        `The members differ in classes: "${first.name}" knows ${classes(first)}, "${other.name}" ${classes(other)}; they cannot form an ensemble.`,
      );
    }
    if (other.metrics.data !== first.metrics.data) {
      throw new UserError(
        `The members differ in what they were trained on: "${first.name}" on ${first.metrics.data}, "${other.name}" on ${other.metrics.data}.`,
      );
    }
  }
  return members;
}

/** The mean of the members' probabilities for images in all of these views. */
export async function answerTogether(
  members: readonly Pick<Source, 'name' | 'metrics' | 'weights'>[],
  views: Views,
  data: TrainingData,
  indices: ArrayLike<number>,
): Promise<Evaluation> {
  const shown = viewsOf(views).map((view) => seenAs(data.images, IMAGE_SIZE, view));
  const terms = members.length * shown.length;
  const mean = new Float64Array(indices.length * CLASS_COUNT);
  for (const { metrics, weights } of members) {
    for (const pixels of shown) {
      const predicted = await predict(metrics.recipe.architecture, weights, pixels, indices);
      predicted.forEach((probability, i) => (mean[i]! += probability / terms));
    }
  }
  const labels = Uint8Array.from(indices, (index) => data.labels[index]!);
  return evaluateProbabilities(mean, labels, labelSmoothing);
}

/** The evaluation on the validation images; null if one of the members was trained on those. */
async function evaluateOnValidation(
  members: readonly Source[],
  views: Views,
  data: FashionMnist,
): Promise<Evaluation | null> {
  const unseen = members.every(({ metrics }) => metrics.validation);
  return unseen ? answerTogether(members, views, data.train, splitOf(data, null).validation) : null;
}

/** The evaluations on the validation images, if no member was trained on those, and on the test images. */
export async function evaluateEnsemble(
  members: readonly Source[],
  views: Views,
  data: FashionMnist,
): Promise<{ validation: Evaluation | null; test: Evaluation }> {
  const all = Uint32Array.from(data.test.labels.keys());
  return {
    validation: await evaluateOnValidation(members, views, data),
    test: await answerTogether(members, views, data.test, all),
  };
}

/** The site shows members beside their ensemble. @throws UserError when one of them is not on it */
function checkMembersOnSite(members: readonly Source[], { onSite, id }: RunFolders): void {
  const elsewhere = members.find(({ name }) => !runFolders(name).onSite);
  if (onSite && elsewhere) {
    throw new UserError(
      `"${elsewhere.name}" is not published on the site, so "${id}" cannot be either; choose an --output elsewhere, such as ./runs/${id}.`,
    );
  }
}

/** Evaluates on the validation images alone, so that members can be chosen. @returns the exit code */
async function tryOut(members: readonly Source[], views: Views, data: FashionMnist): Promise<number> {
  const validation = await evaluateOnValidation(members, views, data);
  if (!validation) {
    const seen = members.find(({ metrics }) => !metrics.validation)!;
    throw new UserError(
      `"${seen.name}" was trained on the validation images, so these images show nothing; choose other members.`,
    );
  }
  for (const { name, metrics } of members) {
    console.log(`  ${name.padEnd(24)} Val Acc: ${percent(metrics.validation!.accuracy, 2)}`);
  }
  console.log(lossLine('Val', validation.loss, validation.accuracy));
  console.log('Not published, and the test set not read.');
  return 0;
}

/** Evaluates an ensemble and publishes it. @returns the exit code. @throws UserError with a sentence for the user */
export async function runEnsemble(
  options: TrainOptions,
  ensemble: Ensemble,
  place: RunFolders,
): Promise<number> {
  const members = await readMembers(ensemble.members);
  if (options.publish) {
    checkMembersOnSite(members, place);
    ensureWritableFolder(dirname(place.output));
  }
  const { name, device, versions } = await activateBackend(options.backend ?? 'auto', {
    threads: options.threads,
  });
  const data = await loadDataset(members[0]!.metrics.data);
  if (!options.publish) return tryOut(members, ensemble, data);
  const testSetReads = members.length * viewsOf(ensemble).length;
  if (place.onSite) noteTestReads(MODELS, place.id, testSetReads);
  const { validation, test } = await evaluateEnsemble(members, ensemble, data);
  const metrics: EnsembleMetrics = parseEnsemble(place.id, {
    kind: 'ensemble',
    schemaVersion: VERSIONS.ensemble,
    id: place.id,
    preset: options.preset!,
    variation: variationOf(ensemble, options.preset!),
    data: members[0]!.metrics.data,
    members: members.map(({ metrics, hash }) => ({ id: metrics.id, weights: hash })),
    flips: ensemble.flips,
    shift: ensemble.shift,
    backend: { name, device },
    machine: machine(),
    versions,
    source: commit(ROOT),
    finishedAt: new Date().toISOString(),
    parameterCount: sum(members, (member) => member.metrics.parameterCount),
    validation: validation && validationFigures(validation),
    ...testFigures(test, data.test.labels),
    trainingSeconds: sum(members, (member) => member.metrics.time.seconds),
    testSetReads,
    files: {},
  } satisfies EnsembleMetrics);

  placeFolder(place.output, await publishedFiles(metrics, test, data.test.labels));
  console.log(labelText(metrics));
  for (const { metrics } of members) {
    console.log(`  ${metrics.id.padEnd(24)} Test Acc: ${percent(metrics.test.accuracy, 2)}`);
  }
  if (validation) console.log(`Validation accuracy: ${percent(validation.accuracy, 2)}`);
  console.log(lossLine('Test', test.loss, test.accuracy));
  console.log(`\nPublished in ${shown(place.output)}.`);
  if (place.onSite) updateIndex();
  return 0;
}
