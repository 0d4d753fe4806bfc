/** Teaching in the browser: the same as in Node, to be left and taken up again, to be taken along. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { writeLayersModel } from '../../src/artifacts/layers-model.ts';
import { readMetrics, readWeights } from '../../src/artifacts/run.ts';
import { planLesson, type Choices } from '../../src/training/lessons.ts';
import { cropImage, placeOf } from '../../src/data/sprites.ts';
import { parseManifest } from '../../src/data/manifest.ts';
import { activateWasm as activate } from '../../src/engines/node/tfjs.ts';
import { sha256 } from '../../src/math/arrays.ts';
import { initialise } from '../../src/network/initialise.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../../src/network/preprocess.ts';
import { FineTuning } from '../../src/training/fine-tuning.ts';
import { countCorrect, predictedClasses } from '../../src/evaluation/metrics.ts';
import { expectClean, useBrowser } from './browser.ts';
import { choose, data, keptStep, reach, said, train } from './lesson.ts';
import { drawLine } from './pad.ts';
import { primaryId } from './reference.ts';

const { open } = useBrowser();
/** The test images that the network is judged by here. */
const SAMPLE = 20;
const WAIT = { timeout: 60_000, interval: 100 };
/** For the software adapter. */
const SLOW = { timeout: 280_000 };

/** A run of a few seconds, and what it is in the page's own words. */
const SMALL: Choices = {
  task: 'trade',
  mode: 'head',
  epochs: 3,
  learningRate: 2e-3,
  batchSize: 8,
  augment: false,
  replay: 0.75,
  perClass: 5,
};
const small = {
  task: 'trade',
  mode: 'head',
  epochs: 3,
  rate: 2e-3,
  batch: 8,
  images: 5,
  replay: 0.75,
  augment: false,
} as const;

const address = (backend: string, sample = SAMPLE) =>
  `/en/finetune/?backend=${backend}&sample=${sample}` as const;

interface Images {
  images: Uint8Array;
  labels: Uint8Array;
}

/** The site's own images, as the page reads them. */
async function imagesOf(set: 'sample' | 'test' | 'validation' | 'shirts', count = Infinity): Promise<Images> {
  const folder = join(inject('dist'), 'data');
  const manifest = parseManifest(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')));
  const { images: layout, labels } = { ...manifest, ...manifest.lessons }[set];
  const number = Math.min(count, layout.count);
  const images = new Uint8Array(number * 784);
  const sheets = new Map<number, { data: Uint8Array; width: number }>();
  for (let id = 0; id < number; id++) {
    const place = placeOf(id, layout);
    if (!sheets.has(place.sheet)) {
      const file = join(folder, layout.sheets[place.sheet]!.file);
      const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      sheets.set(place.sheet, { data, width: info.width });
    }
    images.set(cropImage(sheets.get(place.sheet)!, place), id * 784);
  }
  return { images, labels: (await readFile(join(folder, labels.file))).subarray(0, number) };
}

/** The same lesson in Node. */
async function inNode(choices: Choices): Promise<{ losses: number[]; tuning: FineTuning }> {
  const id = await primaryId(inject('dist'));
  const read = async (name: string): Promise<ArrayBuffer> => {
    const bytes = await readFile(join(inject('dist'), 'models', id, name));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  };
  const metrics = await readMetrics(id, read);
  const { architecture } = metrics.recipe;
  const weights = await readWeights(architecture, metrics, read);
  const tuning = new FineTuning(architecture, weights, planLesson(choices, [], sets).lesson);
  await tuning.prepare();
  const losses: number[] = [];
  while (!tuning.done) {
    const event = await tuning.next();
    if (event.type === 'batch') losses.push(event.loss);
  }
  return { losses, tuning };
}

let sets: Record<'sample' | 'validation' | 'shirts', Images>;
let test: Images;
beforeAll(async () => {
  await activate();
  const [sample, validation, shirts] = await Promise.all([
    imagesOf('sample'),
    imagesOf('validation'),
    imagesOf('shirts', SAMPLE),
  ]);
  sets = { sample, validation, shirts };
  test = await imagesOf('test', SAMPLE);
});

/** Both files that the page offers. */
async function download(page: Page): Promise<{ json: Buffer; bin: Buffer }> {
  const files: Record<string, Buffer> = {};
  const both = new Promise<void>((resolve) => {
    page.on('download', (each) => {
      void each.path().then(async (path) => {
        files[each.suggestedFilename()] = await readFile(path);
        if (Object.keys(files).length === 2) resolve();
      });
    });
  });
  await page.getByTestId('ft-download').click();
  await both;
  return { json: files['model.json']!, bin: files['weights.bin']! };
}

/** What stock TensorFlow.js says of the first test images with these files. */
async function expectStock(files: { json: Buffer; bin: Buffer }, probabilities: Float64Array): Promise<void> {
  const { modelTopology, weightsManifest } = JSON.parse(files.json.toString()) as tf.io.ModelJSON;
  const stock = await loadLayersModel(
    tf.io.fromMemory({
      modelTopology: modelTopology as object,
      weightSpecs: weightsManifest[0]!.weights,
      weightData: Uint8Array.from(files.bin).buffer,
    }),
  );
  const count = probabilities.length / 10;
  const pixels = Float32Array.from(test.images.subarray(0, count * 784), (byte) => byte / 255);
  const images = tf.tensor4d(pixels, [count, 28, 28, 1]);
  const predicted = await (stock.predict(images) as tf.Tensor).data();
  probabilities.forEach((p, i) => expect(Math.abs(p - predicted[i]!)).toBeLessThan(1e-3));
  tf.dispose(images);
  stock.dispose();
}

const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });

const says = (place: Locator, sentence: string) =>
  vi.waitFor(async () => expect(await place.innerText()).toContain(sentence), WAIT);

describe('the head, on wasm', () => {
  it('learns what it learns in Node, and its weights are those of stock TensorFlow.js', async () => {
    const { losses, tuning } = await inNode(SMALL);
    const opened = await open(address('wasm'));
    const { page } = opened;
    await choose(page, small);
    expect(await train(page)).toBe('done');
    expect(await page.getByTestId('backend').getAttribute('data-backend')).toBe('wasm');
    expect(await data(page, 'ft-status', 'step')).toBe(losses.length);
    expect(await data(page, 'ft-status', 'epoch')).toBe(SMALL.epochs);
    expect(Math.abs((await data(page, 'ft-status', 'loss')) - losses.at(-1)!)).toBeLessThan(1e-3);
    const probabilities = await tuning.probabilities(test.images);
    const accuracy = countCorrect(test.labels, predictedClasses(probabilities, 10)) / SAMPLE;
    expect(await data(page, 'ft-after', 'accuracy')).toBeCloseTo(accuracy, 6);
    expect(await page.locator('#classes tbody tr').count()).toBe(11);
    expect(await page.getByTestId('ft-curves').locator('circle').count()).toBeGreaterThan(5);
    expect(await page.getByTestId('ft-speed').innerText()).toMatch(/^[\d.,]+ images\/s$/);
    expect(await page.getByTestId('ft-left').innerText()).toBe('0 s');
    for (const view of ['first', 'second', 'change']) {
      await page.locator(`[data-view=${view}]`).click();
      expect(await page.locator('[data-matrix] .cell').count()).toBe(100);
    }
    expect(await page.getByTestId('ft-gained').innerText()).not.toBe('');

    const { json, bin } = await download(page);
    await expectStock({ json, bin }, probabilities);

    const answer = page.getByTestId('ft-weights-message');
    const upload = (...files: ReturnType<typeof file>[]) =>
      page.getByTestId('ft-upload').setInputFiles(files);
    await upload(file('model.json', json), file('weights.bin', bin));
    await says(answer, 'Loaded model.json, weights.bin');
    await upload(file('weights.bin', bin));
    await says(answer, 'no model.json');
    await upload(file('model.json', json));
    await says(answer, 'names the file weights.bin');
    await upload(file('model.json', json), file('weights.bin', bin.subarray(0, 1000)));
    await says(answer, 'truncated or of another model');
    const narrower = json.toString().replaceAll('[2304,512]', '[2304,256]');
    await upload(file('model.json', Buffer.from(narrower)), file('weights.bin', bin));
    await says(answer, '"dense1/kernel" is of shape [2304, 256], the network');
    expectClean(opened);
    await opened.close();
  });

  it('pauses, is closed and goes on to the same end; tensors do not grow in number', async () => {
    const { losses } = await inNode(SMALL);
    const opened = await open(address('wasm'));
    const { page } = opened;
    await choose(page, small);
    await page.getByTestId('ft-step').click();
    await reach(page, 'paused');
    expect(await data(page, 'ft-status', 'step')).toBe(1);
    const tensors = await data(page, 'ft-status', 'tensors');
    await page.getByTestId('ft-step').click();
    await page.waitForSelector('[data-testid=ft-status][data-step="2"]', WAIT);
    await reach(page, 'paused');
    expect(await data(page, 'ft-status', 'tensors')).toBe(tensors);
    // Kept as soon as it rests.
    await vi.waitFor(async () => expect(await keptStep(page)).toBe(2), WAIT);
    await page.reload();
    await reach(page, 'paused');
    expect(await page.getByTestId('ft-start').innerText()).toBe('Continue');
    expect(await train(page)).toBe('done');
    expect(Math.abs((await data(page, 'ft-status', 'loss')) - losses.at(-1)!)).toBeLessThan(1e-3);
    expect(await data(page, 'ft-status', 'step')).toBe(losses.length);
    await page.getByTestId('ft-reset').click();
    await reach(page, 'idle');
    expect(await page.getByTestId('ft-after').getAttribute('data-accuracy')).toBeNull();
    expect(await keptStep(page)).toBeUndefined();
    expectClean(opened);
    await opened.close();
  });
});

/** Few images and steps: the software adapter needs seconds for one, and minutes on a busy machine. */
describe('on webgpu', () => {
  it('learns what it learns in Node, and stock TensorFlow.js knows it', { timeout: 600_000 }, async () => {
    const opened = await open(address('webgpu', 1));
    const { page } = opened;
    // A batch of two is normalised by its own difference, which blows up what rounding leaves: so one of four.
    const four = { ...SMALL, epochs: 2, perClass: 1, replay: 0.75, batchSize: 4 };
    await choose(page, { ...small, epochs: 2, images: 1, replay: 0.75, batch: 4 });
    for (const mode of ['head', 'all'] as const) {
      const { losses, tuning } = await inNode({ ...four, mode });
      const probabilities = await tuning.probabilities(test.images.subarray(0, 784));
      tuning.dispose();
      const expectLoss = async (step: number) =>
        expect(Math.abs((await data(page, 'ft-status', 'loss')) - losses[step - 1]!)).toBeLessThan(1e-3);
      await choose(page, { mode });
      await page.getByTestId('ft-step').click();
      await page.waitForSelector('[data-testid=ft-status][data-step="1"][data-state=paused]', SLOW);
      await expectLoss(1);
      await page.getByTestId('ft-start').click();
      await page.waitForSelector('[data-testid=ft-status][data-step="2"][data-state=done]', SLOW);
      await expectLoss(2);
      expect(await page.getByTestId('backend').getAttribute('data-backend')).toBe('webgpu');
      await expectStock(await download(page), probabilities);
      await page.getByTestId('ft-reset').click();
      await reach(page, 'idle');
    }
    expectClean(opened);
    await opened.close();
  });
});

describe('the whole network', () => {
  it('learns from scratch, on wasm as in Node', async () => {
    const scratch: Choices = {
      ...SMALL,
      task: 'scratch',
      mode: 'all',
      epochs: 1,
      perClass: 1,
      replay: 0,
      batchSize: 5,
    };
    const { losses, tuning } = await inNode(scratch);
    const opened = await open(address('wasm', 10));
    const { page } = opened;
    await choose(page, { ...small, task: 'scratch', mode: 'all', epochs: 1, images: 1, replay: 0, batch: 5 });
    expect(await page.getByTestId('ft-begins').innerText()).toBe('Begins with random weights.');
    expect(await train(page)).toBe('done');
    const { architecture, lesson } = tuning;
    const { bytes } = writeLayersModel(architecture, initialise(architecture, lesson.seed), {
      mean: PIXEL_MEAN,
      deviation: PIXEL_DEVIATION,
      kernels: 'float32',
      weightsFile: 'weights.bin',
    });
    const hash = (await sha256(bytes)).slice(0, 8);
    expect(await page.getByTestId('ft-begins').innerText()).toBe(
      `Begins with random weights (SHA-256 ${hash}…).`,
    );
    expect(await data(page, 'ft-before', 'accuracy')).toBeLessThan(0.5);
    expect(Math.abs((await data(page, 'ft-status', 'loss')) - losses.at(-1)!)).toBeLessThan(1e-3);
    expectClean(opened);
    await opened.close();
  });
});

describe('what cannot be taught', () => {
  it('is said before it begins, or when it shows, and the weights are as they were', async () => {
    const opened = await open(address('wasm'));
    const { page } = opened;
    const warning = page.getByTestId('ft-warning');
    const missing = async (sentence: string) => {
      // Before Start is pressed, and after.
      expect(await warning.innerText()).toContain(sentence);
      expect(await train(page)).toBe('error');
      expect(await said(page)).toContain(sentence);
    };
    expect(await warning.isVisible()).toBe(false);
    await choose(page, { task: 'class' });
    expect(await page.getByTestId('ft-drawings').locator('li').count()).toBe(10);
    const name = page.getByTestId('ft-class-name');
    await name.fill(' ');
    await missing('needs a name');
    await name.fill('A'.repeat(30));
    await missing('too long');
    await name.fill('套头衫');
    await missing('knows a class of this name');
    await name.fill('Glove');
    await page.getByTestId('ft-pictures').setInputFiles(file('picture.png', Buffer.from('no picture')));
    await vi.waitFor(async () => expect(await said(page)).toContain('not a picture'), WAIT);
    await page.getByTestId('ft-remove-all').click();
    await missing('nothing to learn yet');
    await drawLine(page, [
      [100, 100],
      [300, 400],
      [500, 100],
    ]);
    await page.getByTestId('ft-add').click();
    await missing('One drawing is not enough');
    await choose(page, { ...small, replay: 0 });
    await missing('All images are of one class');
    await choose(page, { ...small, rate: 1e9, epochs: 5 });
    expect(await warning.innerText()).toContain('likely to diverge');
    expect(await train(page)).toBe('error');
    expect(await said(page)).toMatch(/diverged.*The weights are again those it started from/);
    const { losses, tuning } = await inNode({ ...SMALL, epochs: 1 });
    tuning.dispose();
    await choose(page, { ...small, epochs: 1 });
    expect(await train(page)).toBe('done');
    expect(Math.abs((await data(page, 'ft-status', 'loss')) - losses.at(-1)!)).toBeLessThan(1e-3);
    expectClean(opened);
    await opened.close();
  });
});
