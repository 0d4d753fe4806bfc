/** Prediction in the browser: the drawing page's engine and onnxruntime-web, in turn, each with an empty cache. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { median } from 'd3';
import type { Browser } from 'playwright-core';
import { weightFiles } from '../../src/artifacts/layers-model.ts';
import { encodeOnnx } from '../../src/artifacts/onnx-model.ts';
import { readMetrics, readPredictions, readWeights } from '../../src/artifacts/run.ts';
import { CLASS_COUNT, KNOWN_IMAGES } from '../../src/data/dataset.ts';
import { messageOf } from '../../src/node/errors.ts';
import { folderReader } from '../../src/node/files.ts';
import { alignColumns } from '../../src/node/terminal.ts';
import { type CandidateName, type PredictionTask, runSteps, startCandidate } from './candidates.ts';

const TOPOLOGY = 'model.json';

/** What a candidate loads, and the files that belong to it. */
const PARTS = {
  code: (path) => ['.js', '.mjs'].includes(extname(path)),
  'backend’s wasm': (path) => extname(path) === '.wasm',
  model: (path) => path.startsWith('/model/'),
} as const satisfies Record<string, (path: string) => boolean>;
type Part = keyof typeof PARTS;
const PART_NAMES = Object.keys(PARTS) as Part[];

interface Size {
  bytes: number;
  gzip: number;
}

interface Candidate {
  name: CandidateName;
  title: string;
  threads: boolean;
  /** Milliseconds until the first prediction, nothing being loaded before, in each round. */
  starts: number[];
  /** Milliseconds of each prediction. */
  times: number[];
  /** Probabilities of the known images, one after another. */
  probabilities: number[];
  sizes: Record<Part, Size>;
  failure?: string;
}

/**
 * Puts a published run below `folder`, as the site serves it and as the ONNX file that `npm run export` writes.
 * @param published the run's folder
 * @throws ArtifactError
 */
export async function placeModel(
  id: string,
  published: string,
  folder: string,
): Promise<Pick<PredictionTask, 'model' | 'onnx'>> {
  const read = folderReader(published);
  const metrics = await readMetrics(id, read);
  const { architecture } = metrics.recipe;
  const weights = await readWeights(architecture, metrics, read);
  const predictions = await readPredictions(metrics, read);
  const json: unknown = JSON.parse(await readFile(join(published, TOPOLOGY), 'utf8'));
  const names = [TOPOLOGY, ...weightFiles(id, json)];
  await mkdir(join(folder, 'model'));
  for (const name of names) await copyFile(join(published, name), join(folder, 'model', name));
  await writeFile(join(folder, 'model', 'model.onnx'), encodeOnnx(architecture, weights));
  return {
    model: {
      id,
      architecture,
      url: '/model/',
      topology: TOPOLOGY,
      files: Object.fromEntries(names.map((name) => [name, metrics.files[name]!])),
      known: [...predictions.subarray(0, KNOWN_IMAGES * CLASS_COUNT)],
    },
    onnx: '/model/model.onnx',
  };
}

/**
 * In each round each candidate starts in a new browser context, without any cache, and then predicts.
 * @param origin serves `folder`
 * @param withOnnxruntime whether onnxruntime-web is installed
 * @returns a table
 */
export async function comparePrediction(
  browser: Browser,
  origin: string,
  folder: string,
  task: PredictionTask,
  withOnnxruntime: boolean,
  rounds: number,
  predictions: number,
): Promise<string> {
  const candidate = (name: CandidateName, title: string, threads = false): Candidate => {
    const sizes = Object.fromEntries(PART_NAMES.map((part) => [part, { bytes: 0, gzip: 0 }]));
    return {
      name,
      title,
      threads,
      starts: [],
      times: [],
      probabilities: [],
      sizes: sizes as Candidate['sizes'],
    };
  };
  const candidates = [candidate('our-prediction', 'this project')];
  if (task.backend === 'wasm') candidates.push(candidate('our-prediction', 'on threads', true));
  if (withOnnxruntime) candidates.push(candidate('onnxruntime-prediction', 'onnxruntime-web'));
  for (let round = 0; round < rounds; round++) {
    for (const each of candidates) {
      if (each.failure) continue;
      const context = await browser.newContext();
      const loaded = new Set<string>();
      context.on('request', (request) => loaded.add(new URL(request.url()).pathname));
      try {
        const { page, milliseconds } = await startCandidate(context, origin, each.name, {
          ...task,
          threads: each.threads,
        });
        each.starts.push(milliseconds);
        // Warms up as well.
        each.probabilities = (await runSteps(page, KNOWN_IMAGES)).results.flat();
        each.times.push(...(await runSteps(page, predictions)).times);
        if (round === 0) await addSizes(each.sizes, folder, loaded);
      } catch (error) {
        each.failure = messageOf(error).split('\n')[0]!;
      } finally {
        await context.close();
      }
    }
  }
  return table(candidates);
}

async function addSizes(sizes: Candidate['sizes'], folder: string, paths: Iterable<string>): Promise<void> {
  for (const path of paths) {
    const part = PART_NAMES.findLast((name) => PARTS[name](path));
    if (!part) continue;
    const content = await readFile(join(folder, path));
    sizes[part].bytes += content.length;
    sizes[part].gzip += gzipSync(content).length;
  }
}

function table(candidates: readonly Candidate[]): string {
  const measured = candidates.filter(({ failure }) => !failure);
  const ours = measured[0];
  const reference = measured.find(({ name }) => name === 'onnxruntime-prediction');
  const milliseconds = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
  const megabytes = (value: number) => `${(value / 1e6).toFixed(2)} MB`;
  const row = (title: string, measure: (of: Candidate) => number, format: (value: number) => string) => {
    const ratio = ours && reference ? (measure(reference) / measure(ours)).toFixed(2) : '';
    return [title, ...measured.map((each) => format(measure(each))), ratio];
  };
  const total = (size: keyof Size) => (of: Candidate) =>
    PART_NAMES.reduce((sum, part) => sum + of.sizes[part][size], 0);
  const rows = [
    ['', ...measured.map(({ title }) => title), reference ? 'ratio' : ''],
    row('one image, median', ({ times }) => median(times)!, milliseconds),
    row('one image, fastest', ({ times }) => Math.min(...times), milliseconds),
    row('start to first prediction, median', ({ starts }) => median(starts)!, milliseconds),
    ...PART_NAMES.map((part) => row(part, ({ sizes }) => sizes[part].bytes, megabytes)),
    row('all together', total('bytes'), megabytes),
    row('all together, gzip', total('gzip'), megabytes),
  ];
  const lines = measured.length ? alignColumns(rows, '<>>>') : [];
  if (ours && reference) {
    // Two networks that predict differently would make the rest meaningless.
    const differences = ours.probabilities.map((value, i) => Math.abs(value - reference.probabilities[i]!));
    lines.push(`Their probabilities differ by at most ${Math.max(...differences).toExponential(1)}.`);
  }
  const failures = candidates.flatMap(({ title, failure }) => (failure ? [`${title}: ${failure}`] : []));
  return [...lines, ...failures].join('\n');
}
