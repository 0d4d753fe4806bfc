/** What is compared in the browser, and how the benchmark drives it there: one page runs one candidate. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ModelSource } from '../../src/engines/web/protocol.ts';
import type { LayerTraffic } from './traffic.ts';

export const BACKENDS = ['wasm', 'webgpu'] as const;
export type Backend = (typeof BACKENDS)[number];

export interface TrainingTask {
  /** `head`: the dense layers; `all`: the whole network. */
  readonly mode: 'head' | 'all';
  readonly backend: Backend;
  readonly batch: number;
  /** Use tfjs's own kernels where this project has others. */
  readonly stock?: boolean;
  /** Compute on several threads, as wasm does on isolated pages. */
  readonly threads?: boolean;
}

export interface PredictionTask {
  readonly backend: Backend;
  /** The published run as the drawing page loads it. */
  readonly model: ModelSource;
  /** Address of the same network as an ONNX file. */
  readonly onnx: string;
  /** Compute on several threads, as wasm does on isolated pages. */
  readonly threads?: boolean;
}

/** One step: of training, with its loss as a result, or of prediction, with the probabilities of one image. */
export type Step = (number: number) => Promise<ArrayLike<number>>;

/** What each module of a candidate exports. */
export interface CandidateModule<Task> {
  start(task: Task): Promise<Step>;
}

/** The modules in page/, by what they do. */
export type CandidateName = 'our-training' | 'jax-training' | 'our-prediction' | 'onnxruntime-prediction';

/** `globalThis.bench` in the page. */
export interface PageBenchmark {
  /** Loads and starts the candidate and takes a first step. @returns milliseconds */
  start(name: CandidateName, task: TrainingTask | PredictionTask): Promise<number>;
  /** @returns milliseconds and result of each step */
  run(steps: number): Promise<{ times: number[]; results: number[][] }>;
  /** On WebGPU. @param batch images per step */
  traffic(batch: number): Promise<LayerTraffic[]>;
}

/** Opens the page. */
async function open(browser: Browser | BrowserContext, origin: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(origin);
  await page.waitForFunction(() => 'bench' in globalThis);
  return page;
}

/** Starts a candidate in a page of its own. @throws the candidate's error */
export async function startCandidate(
  browser: Browser | BrowserContext,
  origin: string,
  name: CandidateName,
  task: TrainingTask | PredictionTask,
): Promise<{ page: Page; milliseconds: number }> {
  const page = await open(browser, origin);
  const milliseconds = await page.evaluate(
    ([name, task]) => (globalThis as unknown as { bench: PageBenchmark }).bench.start(name, task),
    [name, task] as const,
  );
  return { page, milliseconds };
}

export const runSteps = (page: Page, steps: number): ReturnType<PageBenchmark['run']> =>
  page.evaluate((steps) => (globalThis as unknown as { bench: PageBenchmark }).bench.run(steps), steps);

/** What a step moves on WebGPU, by layer. @param batch images per step */
export async function countInPage(browser: Browser, origin: string, batch: number): Promise<LayerTraffic[]> {
  const page = await open(browser, origin);
  return page.evaluate(
    (batch) => (globalThis as unknown as { bench: PageBenchmark }).bench.traffic(batch),
    batch,
  );
}
