/** Published runs and ensembles computed again from their weights, and compared figure by figure. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { greatest, maxIndex, sum } from 'd3';
import { cardFiles } from '../artifacts/card.ts';
import { type EnsembleMetrics, isEnsemble, readEnsemble } from '../artifacts/ensemble.ts';
import {
  type ReadFile,
  readRun,
  readUnverified,
  readVerified,
  readWeights,
  type Run,
  verifyFiles,
} from '../artifacts/run.ts';
import type { EightBit, Metrics } from '../artifacts/schema.ts';
import { countParameters } from '../network/architecture.ts';
import { oneCycle } from '../network/one-cycle.ts';
import { UserError } from '../node/errors.ts';
import { folderReader } from '../node/files.ts';
import { departures } from '../training/recipe.ts';
import { comparePredictions, type Row, same } from './compared-figures.ts';
import { loadDataset, splitOf } from './dataset.ts';
import { measureEightBit } from './eight-bit.ts';
import { evaluateEnsemble, readMembers } from './ensemble.ts';
import { evaluate } from './evaluation.ts';
import { MODEL_FILES } from './publish.ts';
import { variedImages } from './recipe-augmentation.ts';
import type { RunFolders } from './run-folders.ts';

/** Learning rates are written in full. */
const LEARNING_RATE_TOLERANCE = 1e-12;

/** What was published, whole and undamaged. */
export interface Verifiable {
  metrics: Metrics | EnsembleMetrics;
  /**
   * Computes the figures on the active backend.
   * @param allowedImages by how many images a count may differ
   */
  recompute: (allowedImages: number) => Promise<Row[]>;
}

/** @throws ArtifactError when a file is broken; UserError when a member of an ensemble is missing or was replaced */
export async function readVerifiable({ id, output }: RunFolders): Promise<Verifiable> {
  const read = folderReader(output);
  return isEnsemble(await readUnverified(id, 'metrics.json', read))
    ? verifiableEnsemble(id, output, read)
    : verifiableRun(id, read);
}

async function verifiableRun(id: string, read: ReadFile): Promise<Verifiable> {
  const run = await readRun(id, read);
  const { metrics, history } = run;
  await verifyFiles(metrics, read);
  const { architecture, labelSmoothing, limit } = metrics.recipe;
  const weights = await readWeights(architecture, metrics, read);
  const small = metrics.eightBit && (await readWeights(architecture, metrics, read, MODEL_FILES.uint8.model));
  const card = await compareCard(metrics, read);
  return {
    metrics,
    async recompute(allowedImages) {
      const data = await loadDataset(metrics.data);
      const split = splitOf(data, limit).validation;
      const varied = metrics.variedValidation && variedImages(data.train, split, metrics.recipe);
      const test = await evaluate(architecture, weights, data.test, labelSmoothing);
      const validation = metrics.validation
        ? await evaluate(architecture, weights, data.train, labelSmoothing, split)
        : null;
      const variedValidation = varied ? await evaluate(architecture, weights, varied, labelSmoothing) : null;
      const eightBit =
        small && (await measureEightBit(architecture, weights, small, data, split, labelSmoothing));
      const evaluations = { test, validation, variedValidation };
      return [
        ...comparePredictions(run, evaluations, data.test.labels, allowedImages),
        ...(eightBit ? [compareEightBit(metrics.eightBit!, eightBit, allowedImages)] : []),
        same('Parameters', metrics.parameterCount, countParameters(architecture)),
        same('Epochs', metrics.epochs, history.epochs.length),
        same('Best epoch', metrics.bestEpoch, bestEpoch(history.epochs)),
        compareLearningRates(run),
        same(
          'Seconds',
          metrics.time.seconds.toFixed(1),
          sum(history.epochs, ({ seconds }) => seconds).toFixed(1),
        ),
        same(
          'Departures from the report’s recipe',
          bySetting(metrics.departures),
          bySetting(departures(metrics.recipe, metrics.data)),
        ),
        card,
      ];
    },
  };
}

async function verifiableEnsemble(id: string, output: string, read: ReadFile): Promise<Verifiable> {
  const run = await readEnsemble(id, read);
  const { metrics } = run;
  const card = await compareCard(metrics, read);
  // The members lie beside it, or on the site.
  const beside = metrics.members.map((member) => join(dirname(output), member.id));
  const members = await readMembers(
    metrics.members.map((member, i) => (existsSync(beside[i]!) ? beside[i]! : member.id)),
  );
  const replaced = metrics.members.find(({ weights }, i) => weights !== members[i]!.hash);
  if (replaced) {
    throw new UserError(
      `The network "${replaced.id}" is not the one that "${id}" was made of; make the ensemble again.`,
    );
  }
  const parameters = sum(members, (member) => countParameters(member.metrics.recipe.architecture));
  return {
    metrics,
    async recompute(allowedImages) {
      const data = await loadDataset(metrics.data);
      const evaluations = await evaluateEnsemble(members, metrics, data);
      return [
        ...comparePredictions(run, evaluations, data.test.labels, allowedImages),
        same('Parameters', metrics.parameterCount, parameters),
        card,
      ];
    },
  };
}

async function compareCard(metrics: Metrics | EnsembleMetrics, read: ReadFile): Promise<Row> {
  const cards = Object.entries(await cardFiles(metrics));
  const equal = cards.map(async ([name, card]) => {
    // An older run has none in another language.
    const published = name in metrics.files ? await readVerified(metrics, name, read) : new ArrayBuffer();
    return Buffer.from(published).equals(card);
  });
  return same('Model cards', (await Promise.all(equal)).every(Boolean), true);
}

function compareEightBit(was: EightBit, now: EightBit, allowedImages: number): Row {
  const correct = ({ accuracy, images }: EightBit): number => Math.round(accuracy * images);
  const shown = (figures: EightBit): string =>
    `${correct(figures)}/${figures.images}, ${figures.flips} predicted differently`;
  return {
    figure: 'In eight bits, validation',
    published: shown(was),
    recomputed: shown(now),
    agrees:
      now.images === was.images &&
      Math.abs(correct(now) - correct(was)) <= allowedImages &&
      Math.abs(now.flips - was.flips) <= 2 * allowedImages &&
      now.known.every((p, i) => Math.abs(p - was.known[i]!) <= (allowedImages ? 1e-3 : 1e-5)),
  };
}

/** Against the recipe's schedule. */
function compareLearningRates({ metrics, history }: Run): Row {
  const { epochs, schedule } = metrics.recipe;
  const rates = history.epochs.map(({ epoch, learningRate }) => ({
    was: learningRate,
    now: oneCycle(schedule, epoch * history.stepsPerEpoch, epochs * history.stepsPerEpoch).learningRate,
  }));
  const { was, now } = greatest(rates, ({ was, now }) => Math.abs(was - now))!;
  return {
    figure: 'Learning rates',
    published: was.toFixed(6),
    recomputed: now.toFixed(6),
    agrees: Math.abs(was - now) <= LEARNING_RATE_TOLERANCE,
  };
}

/** Whichever order the recipe had when it was run. */
const bySetting = (list: Metrics['departures']): unknown =>
  list.toSorted((a, b) => (a.setting < b.setting ? -1 : 1));

/** The first of the highest validation accuracy; without validation the last. */
function bestEpoch(epochs: Run['history']['epochs']): number {
  const best = maxIndex(epochs, ({ validationAccuracy }) => validationAccuracy);
  return best < 0 ? epochs.length : best + 1;
}
