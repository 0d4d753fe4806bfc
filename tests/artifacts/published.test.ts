/** What is committed below `public/models/`: whether its figures hang together, whoever wrote them. */
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderReader } from '../../src/node/files.ts';
import { makeIndex } from '../../src/runs/publish.ts';
import { cardFiles } from '../../src/artifacts/card.ts';
import { readPyTorchRun } from '../../src/artifacts/pytorch-run.ts';
import { readEnsemble } from '../../src/artifacts/ensemble.ts';
import { readRun, readWeightsHash, verifyFiles, type Run } from '../../src/artifacts/run.ts';
import { type Index, parseIndex } from '../../src/artifacts/schema.ts';
import { countTestReads, parseTestReads } from '../../src/artifacts/test-reads.ts';
import { parseManifest } from '../../src/data/manifest.ts';
import { reported } from '../../src/data/reported.ts';
import { cropImage, placeOf } from '../../src/data/sprites.ts';
import { countParameters } from '../../src/network/architecture.ts';
import { classificationReport, confusionMatrix, predictedClasses } from '../../src/evaluation/metrics.ts';
import { oneCycle } from '../../src/network/one-cycle.ts';
import { departures, isFullRecipe } from '../../src/training/recipe.ts';

const MODELS = join('public', 'models');
const DATA = join('public', 'data');
const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));
const index: Index = parseIndex(json(MODELS, 'index.json'));
const labels = new Uint8Array(readFileSync(join(DATA, 'test-labels.bin')));

/** Matrix, report, accuracy, predictions and labels say the same. */
function hangTogether({
  metrics: { test, report },
  confusion: { matrix, cells },
  predictions,
}: Pick<Run, 'confusion' | 'predictions'> & { metrics: Pick<Run['metrics'], 'test' | 'report'> }): void {
  const predicted = predictedClasses(predictions, 10);
  expect(confusionMatrix(labels, predicted, 10)).toEqual(matrix);
  for (const row of matrix) expect(row.reduce((sum, count) => sum + count)).toBe(1000);
  for (const cell of cells) {
    for (const id of cell.ids) expect([labels[id], predicted[id]]).toEqual([cell.true, cell.predicted]);
  }
  const trace = matrix.reduce((sum, row, i) => sum + row[i]!, 0);
  expect(test).toMatchObject({ images: 10_000, correct: trace, accuracy: trace / 10_000 });
  const { classes, macro, weighted } = classificationReport(matrix);
  expect(report).toEqual({ classes, macro, weighted });
  for (const { precision, recall, f1 } of report.classes) {
    expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
  }
}

/** The cards say what the metrics say, in every language. */
async function expectCards(metrics: Parameters<typeof cardFiles>[0]): Promise<void> {
  const cards = Object.entries(await cardFiles(metrics));
  expect(cards.map(([name]) => name)).toEqual(['card.zh.md', 'card.md']);
  for (const [name, card] of cards) {
    expect(metrics.files).toHaveProperty([name]);
    expect(readFileSync(join(MODELS, metrics.id, name), 'utf8')).toBe(new TextDecoder().decode(card));
  }
}

describe.each(index.models.map(({ id }) => id))('the run %s', (id) => {
  const read = folderReader(join(MODELS, id));
  let run: Run;
  beforeAll(async () => {
    run = await readRun(id, read);
  });

  it('has the files that its metrics name', async () => {
    await verifyFiles(run.metrics, read);
    await expectCards(run.metrics);
  });

  it('hangs together', () => hangTogether(run));

  it('is of the recipe that it says', () => {
    const { metrics } = run;
    const { recipe, data } = metrics;
    const found = departures(recipe, data);
    expect(data).toBe('fashion-mnist');
    expect(metrics.departures).toHaveLength(found.length);
    expect(metrics.departures).toEqual(expect.arrayContaining(found));
    expect(metrics.parameterCount).toBe(countParameters(recipe.architecture));
    // Trained by code that can be read.
    for (const { commit, dirty } of metrics.sessions) {
      expect(commit).toMatch(/^[0-9a-f]{40}$/);
      expect(dirty).toBe(false);
    }
  });

  it('has the curves of that recipe, and the best epoch of them', () => {
    const { metrics, history } = run;
    const { recipe } = metrics;
    const steps = recipe.epochs * history.stepsPerEpoch;
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([...history.epochs.keys()].map((i) => i + 1));
    for (const { epoch, learningRate } of history.epochs) {
      const { learningRate: expected } = oneCycle(recipe.schedule, epoch * history.stepsPerEpoch, steps);
      expect(learningRate).toBeCloseTo(expected, 12);
    }
    const accuracies = history.epochs.map(({ validationAccuracy }) => validationAccuracy ?? 0);
    const best = recipe.allImages ? history.epochs.length : accuracies.indexOf(Math.max(...accuracies)) + 1;
    expect(metrics.bestEpoch).toBe(best);
    const seconds = history.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    expect(metrics.time.seconds).toBeCloseTo(seconds, 6);
    if (!metrics.validation) return;
    // Published in half precision, validated in training in single.
    expect(Math.abs(metrics.validation.accuracy - accuracies[best - 1]!)).toBeLessThanOrEqual(3 / 12_000);
  });

  it('has PyTorch’s course of the same schedule, if any', async () => {
    const course = await readPyTorchRun(run.metrics, read);
    course?.epochs.forEach(({ epoch, learningRate }, i) => {
      expect(epoch).toBe(i + 1);
      expect(learningRate).toBeCloseTo(run.history.epochs[i]!.learningRate, 9);
    });
  });

  it('loses next to nothing by its half precision', () => {
    const { float16, test } = run.metrics;
    expect(float16.accuracyFloat16).toBe(test.accuracy);
    expect(Math.abs(float16.accuracyFloat16 - float16.accuracyFloat32)).toBeLessThanOrEqual(0.0002 + 1e-9);
  });
});

const ensembles = index.ensembles?.map(({ id }) => id) ?? [];
describe.skipIf(!ensembles.length).each(ensembles)('the ensemble %s', (id) => {
  const read = folderReader(join(MODELS, id));

  it('hangs together, and its members are those that are published', async () => {
    const ensemble = await readEnsemble(id, read);
    await verifyFiles(ensemble.metrics, read);
    hangTogether(ensemble);
    await expectCards(ensemble.metrics);
    for (const member of ensemble.metrics.members) {
      const own = folderReader(join(MODELS, member.id));
      const { metrics } = await readRun(member.id, own);
      expect(await readWeightsHash(metrics, own)).toBe(member.weights);
    }
  });
});

it('are listed as they are, and so is how often the test set was read', () => {
  expect(makeIndex(MODELS)).toEqual(index);
  const published = [...index.models, ...(index.ensembles ?? [])].map(
    ({ id }) => json(MODELS, id, 'metrics.json') as Run['metrics'],
  );
  expect(() => countTestReads(parseTestReads(json(MODELS, 'test-reads.json')), published)).not.toThrow();
});

describe('the report’s recipe', () => {
  const baseline = (): Promise<Run> => readRun('baseline', folderReader(join(MODELS, 'baseline')));

  it('was run in full, with the learning rates of the report’s log', async () => {
    const { metrics, history } = await baseline();
    expect(isFullRecipe(metrics)).toBe(true);
    expect(metrics).toMatchObject({ variation: 'none', parameterCount: 2_493_514, epochs: 20 });
    expect(metrics.validation!.images).toBe(12_000);
    expect(history.stepsPerEpoch).toBe(188);
    expect(history.epochs.slice(17).map(({ learningRate }) => learningRate.toFixed(6))).toEqual([
      '0.000493',
      '0.000124',
      '0.000000',
    ]);
    expect(Math.abs(metrics.test.accuracy - reported.testAccuracy.value)).toBeLessThanOrEqual(0.005 + 1e-9);
  });

  it('gives these figures', async () => {
    const { metrics } = await baseline();
    const { test, validation, report, float16, bestEpoch, eightBit } = metrics;
    const { flips, accuracy } = eightBit!;
    expect({ bestEpoch, validation, test, float16, eightBit: { flips, accuracy }, report }).toMatchSnapshot();
  });

  it('gives the published predictions in the stock package', async () => {
    const { predictions } = await baseline();
    const { modelTopology, weightsManifest } = json(MODELS, 'baseline', 'model.json') as {
      modelTopology: object;
      weightsManifest: tf.io.WeightsManifestConfig;
    };
    await tf.setBackend('cpu');
    const model = await tf.loadLayersModel({
      load: () =>
        Promise.resolve({
          modelTopology,
          weightSpecs: weightsManifest.flatMap((group) => group.weights),
          weightData: new Uint8Array(readFileSync(join(MODELS, 'baseline', 'weights.bin'))).buffer,
        }),
    });
    const ids = [0, 17, 5000, 9999];
    const images = await testImages(ids);
    const said = model.predict(tf.tensor4d(images, [ids.length, 28, 28, 1])) as tf.Tensor;
    const probabilities = await said.data();
    ids.forEach((id, i) => {
      for (let c = 0; c < 10; c++) {
        expect(Math.abs(probabilities[10 * i + c]! - predictions[10 * id + c]!)).toBeLessThan(1e-3);
      }
    });
    model.dispose();
    said.dispose();
  });

  it('costs little in eight bits', async () => {
    const { eightBit } = (await baseline()).metrics;
    expect(eightBit!.accuracyFloat16 - eightBit!.accuracy).toBeLessThanOrEqual(0.001);
  });
});

/** Test images in [0, 1], from the site's own sheets. */
async function testImages(ids: readonly number[]): Promise<Float32Array> {
  const { images: set } = parseManifest(json(DATA, 'index.json')).test;
  const images = new Float32Array(ids.length * 784);
  for (const [i, id] of ids.entries()) {
    const place = placeOf(id, set);
    const { data, info } = await sharp(join(DATA, set.sheets[place.sheet]!.file))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    images.set(
      Array.from(cropImage({ data, width: info.width }, place), (byte) => byte / 255),
      i * 784,
    );
  }
  return images;
}
