/** Prediction in the browser: the drawing page's engine and onnxruntime-web, in turn, each time from nothing. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { weightFiles } from '../../src/artifacts/layers-model.ts';
import { readPredictions, readMetrics, readWeights } from '../../src/artifacts/run.ts';
import { CLASS_COUNT } from '../../src/data/classes.ts';
import { KNOWN_IMAGES } from '../../src/data/images.ts';
import type { ModelSource } from '../../src/engines/web/protocol.ts';
import { encodeOnnx } from '../../src/artifacts/onnx-model.ts';
import { folderReader } from '../../src/node/files.ts';
import { alignColumns } from '../../src/node/table.ts';

/** As bench/browser/prediction/contestant.ts has it. */
export interface Task {
  backend: 'wasm' | 'webgpu';
  model: ModelSource;
  onnx: string;
}

/** In the page. */
interface Bench {
  enter(name: Kind, task: Task): Promise<{ milliseconds: number; answers: number[] }>;
  run(count: number): Promise<number[]>;
}

type Kind = 'own' | 'peer';

const TOPOLOGY = 'model.json';

const PARTS = ['code', 'backend’s wasm', 'model'] as const;
type Part = (typeof PARTS)[number];

interface Size {
  bytes: number;
  gzip: number;
}

interface Entrant {
  kind: Kind;
  name: string;
  /** Milliseconds from nothing to the first answer, of each round. */
  starts: number[];
  /** Milliseconds of each prediction. */
  times: number[];
  answers: number[];
  /** What it loaded. */
  sizes: Record<Part, Size>;
  /** Why it does not take part. */
  failure: string | null;
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
): Promise<Pick<Task, 'model' | 'onnx'>> {
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
 * In each round each contestant starts in a browser context of its own, without any cache, and then predicts.
 * @param origin serves `folder`
 * @param peer whether onnxruntime-web takes part
 * @returns a table
 */
export async function comparePrediction(
  browser: Browser,
  origin: string,
  folder: string,
  task: Task,
  peer: boolean,
  rounds: number,
  predictions: number,
): Promise<string> {
  const entrants = [entrant('own', 'this project'), ...(peer ? [entrant('peer', 'onnxruntime-web')] : [])];
  for (let round = 0; round < rounds; round++) {
    for (const each of entrants) {
      if (each.failure) continue;
      try {
        await turn(browser, origin, folder, task, each, predictions);
      } catch (error) {
        each.failure = error instanceof Error ? error.message.split('\n')[0]! : String(error);
      }
    }
  }
  return table(entrants);
}

const entrant = (kind: Kind, name: string): Entrant => ({
  kind,
  name,
  starts: [],
  times: [],
  answers: [],
  sizes: noSizes(),
  failure: null,
});

const noSizes = () =>
  Object.fromEntries(PARTS.map((part) => [part, { bytes: 0, gzip: 0 }])) as Record<Part, Size>;

async function turn(
  browser: Browser,
  origin: string,
  folder: string,
  task: Task,
  entrant: Entrant,
  predictions: number,
): Promise<void> {
  const context = await browser.newContext();
  try {
    const loaded = new Set<string>();
    context.on('request', (request) => loaded.add(new URL(request.url()).pathname));
    const page = await context.newPage();
    await page.goto(`${origin}/prediction/`);
    await page.waitForFunction(() => 'bench' in globalThis);
    const { milliseconds, answers } = await page.evaluate(
      ([kind, task]) => (globalThis as unknown as { bench: Bench }).bench.enter(kind, task),
      [entrant.kind, task] as const,
    );
    entrant.starts.push(milliseconds);
    entrant.answers = answers;
    entrant.times.push(
      ...(await page.evaluate(
        (count) => (globalThis as unknown as { bench: Bench }).bench.run(count),
        predictions,
      )),
    );
    entrant.sizes = await sizesOf(folder, loaded);
  } finally {
    await context.close();
  }
}

async function sizesOf(folder: string, paths: Iterable<string>): Promise<Record<Part, Size>> {
  const sizes = noSizes();
  for (const path of paths) {
    const part = partOf(path);
    if (!part) continue;
    const content = await readFile(join(folder, path));
    sizes[part].bytes += content.length;
    sizes[part].gzip += gzipSync(content).length;
  }
  return sizes;
}

function partOf(path: string): Part | null {
  if (path.startsWith('/model/')) return 'model';
  if (extname(path) === '.wasm') return 'backend’s wasm';
  return ['.js', '.mjs'].includes(extname(path)) ? 'code' : null;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

function table(entrants: readonly Entrant[]): string {
  const running = entrants.filter(({ failure }) => failure === null);
  const milliseconds = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
  const megabytes = (value: number) => `${(value / 1e6).toFixed(2)} MB`;
  const row = (name: string, measure: (of: Entrant) => number, format: (value: number) => string) => {
    const values = running.map(measure);
    const [own, other] = values;
    const ratio = own && other !== undefined ? (other / own).toFixed(2) : '';
    return [name, ...values.map(format), ratio];
  };
  const total = (size: keyof Size) => (of: Entrant) =>
    PARTS.reduce((sum, part) => sum + of.sizes[part][size], 0);
  const rows = [
    ['', ...running.map(({ name }) => name), running.length > 1 ? 'ratio' : ''],
    row('one image, median', ({ times }) => median(times), milliseconds),
    row('one image, fastest', ({ times }) => Math.min(...times), milliseconds),
    row('start to first answer, median', ({ starts }) => median(starts), milliseconds),
    ...PARTS.map((part) => row(part, ({ sizes }) => sizes[part].bytes, megabytes)),
    row('all together', total('bytes'), megabytes),
    row('all together, gzip', total('gzip'), megabytes),
  ];
  const failures = entrants.flatMap(({ name, failure }) => (failure ? [`${name}: ${failure}`] : []));
  const measured = running.length ? alignColumns(rows, '<>>>') : [];
  return [...measured, ...agreement(running), ...failures].join('\n');
}

/** Two networks that answer differently would make the rest meaningless. */
function agreement(running: readonly Entrant[]): string[] {
  const [own, peer] = running;
  if (!own || !peer) return [];
  const apart = Math.max(...own.answers.map((value, i) => Math.abs(value - peer.answers[i]!)));
  return [`Their probabilities differ by at most ${apart.toExponential(1)}.`];
}
