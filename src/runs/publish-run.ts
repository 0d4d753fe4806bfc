/** Publishes a finished training run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SPLIT_SEED } from '../data/split.ts';
import { sum } from 'd3';
import { type History, type Metrics, parseHistory, parseMetrics, VERSIONS } from '../artifacts/schema.ts';
import { classes } from '../i18n/en/site.ts';
import { countParameters, type Weights } from '../network/architecture.ts';
import { placeFolder, shown } from '../node/files.ts';
import { countCorrect } from '../evaluation/metrics.ts';
import { percent } from '../node/terminal.ts';
import { departures } from '../training/recipe.ts';
import type { TrainingData, TrainingState } from '../training/trainer.ts';
import { evaluate, type Evaluation, testFigures, validationFigures } from './evaluation.ts';
import { variation } from './plan.ts';
import { encodeLayersModel, jsonBytes, publishedFiles, updateIndex } from './publish.ts';
import { variedImages } from './recipe-augmentation.ts';
import { MODELS } from './run-folders.ts';
import { LOGGED_BATCHES, lossLine, reportLines } from './run-log.ts';
import { saveSession, type Session, showShare } from './session.ts';
import { noteTestReads } from './test-reads.ts';

/** As published, and in float32. */
const TEST_READS = 2;

/** Evaluates the best epoch's weights as they are published, writes the artifacts and lists the run. */
export async function publishRun(session: Session): Promise<void> {
  const { head, trainer, log, data, split, place } = session;
  const { plan, sessions } = head;
  const { architecture, labelSmoothing } = plan.recipe;
  const state = await trainer.state();
  const { best } = state;
  if (!best) throw new Error('A finished run has a best epoch.');
  const trainedLog = log.length;

  const { files: model, published } = encodeLayersModel(architecture, best.weights, 'float16');
  const measure = (
    name: string,
    weights: Weights,
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
  await saveSession(session, trainedLog);
  const test = await measure('test set, float16', published, data.test);
  const float32 = await measure('test set, float32', best.weights, data.test);

  const seconds = sum(state.epochs, (epoch) => epoch.seconds);
  const trainSeconds = sum(state.epochs, (epoch) => epoch.trainSeconds);
  const { commit, dirty } = sessions[0]!;
  const metrics = parseMetrics(place.id, {
    schemaVersion: VERSIONS.metrics,
    id: place.id,
    ...plan,
    variation: variation(plan),
    departures: departures(plan.recipe, plan.data),
    seeds: { split: SPLIT_SEED, run: plan.recipe.seed },
    backend: head.backend,
    machine: head.machine,
    versions: head.versions,
    source: { commit, dirty },
    sessions,
    finishedAt: new Date().toISOString(),
    parameterCount: countParameters(architecture),
    epochs: state.epochs.length,
    bestEpoch: best.epoch,
    validation: validation && validationFigures(validation),
    ...(variedValidation && { variedValidation: validationFigures(variedValidation) }),
    ...testFigures(test, data.test.labels),
    time: {
      seconds,
      secondsPerEpoch: seconds / state.epochs.length,
      imagesPerSecond: (split.train.length * state.epochs.length) / trainSeconds,
    },
    testSetReads: head.testSetReads,
    float16: {
      flips: test.images - countCorrect(test.predicted, float32.predicted),
      accuracyFloat32: float32.accuracy,
      accuracyFloat16: test.accuracy,
    },
    ...(head.sources && { sources: head.sources }),
    files: {},
  } satisfies Metrics);
  log.lines([
    ...(validation
      ? [`Best validation accuracy: ${percent(validation.accuracy, 2)} (epoch ${best.epoch})`]
      : []),
    lossLine('Test', test.loss, test.accuracy),
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
  await saveSession(session, trainedLog);
  log.print(`\nPublished in ${shown(place.output)}.`);
  if (place.onSite) updateIndex();
}

function makeHistory(id: string, { epochs, batches }: TrainingState, stepsPerEpoch: number): History {
  return parseHistory(id, {
    schemaVersion: VERSIONS.history,
    stepsPerEpoch,
    epochs,
    batches: batches
      .map((figures, step) => ({
        epoch: Math.floor(step / stepsPerEpoch) + 1,
        batch: step % stepsPerEpoch,
        ...figures,
      }))
      .filter(({ batch }) => batch % LOGGED_BATCHES === 0),
  });
}
