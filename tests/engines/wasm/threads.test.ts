/** Everything that threads compute is, to the bit, what one thread computes. */
import { hash } from 'node:crypto';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { activateWasm } from '../../../src/engines/node/tfjs.ts';
import { Machine, MEETING } from '../../../src/engines/wasm/machine.ts';
import { WasmMemory } from '../../../src/engines/wasm/memory.ts';
import { TASKS } from '../../../src/engines/wasm/tasks.ts';
import { Payoff, startThreads, type Thread, type ThreadSetup } from '../../../src/engines/wasm/threads.ts';
import { NoWorker } from '../../../src/engines/web/no-worker.ts';
import { convolution, random } from './convolution.ts';

const workers: Worker[] = [];

function open(workerData: ThreadSetup): Thread {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData });
  workers.push(worker);
  return Object.assign(worker, {
    addEventListener: (type: string, listener: () => void) => worker.on(type, listener),
  });
}

/** Makes tfjs's build with memory that can be shared the current backend; in Node it asks for more of its workers. */
async function activateShared(): Promise<WasmMemory> {
  const threads = createRequire(import.meta.url)('node:worker_threads') as { Worker: unknown };
  const before = threads.Worker;
  threads.Worker = class extends NoWorker {
    on(): void {}
    unref(): void {}
  };
  const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  setThreadsCount(1);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
  try {
    await activateWasm();
  } finally {
    threads.Worker = before;
    syncBuiltinESMExports();
  }
  return WasmMemory.of(tf.backend());
}

let memory: WasmMemory;
const ran = new Set<unknown>();

beforeAll(async () => {
  memory = await activateShared();
});
afterAll(async () => {
  tf.removeBackend('wasm');
  await Promise.all(workers.map((worker) => worker.terminate()));
});

const kernel = (name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor[] =>
  [tf.engine().runKernel(name, inputs, attributes)].flat() as tf.Tensor[];

function normalisation(shape: number[], activation: string): tf.Tensor[] {
  const [x, dy] = [random(shape, 1), random(shape, 2)];
  const [gamma, beta] = [random([shape.at(-1)!], 3), random([shape.at(-1)!], 4)];
  const attributes = { epsilon: 1e-5, activation };
  const found = kernel('BatchNormTrain', { x, gamma, beta }, attributes);
  const [, mean, variance] = found as [tf.Tensor, tf.Tensor, tf.Tensor];
  const inputs = { dy, x, gamma, beta, mean, variance };
  return [...found, ...kernel('BatchNormTrainGrad', inputs, attributes)];
}

/** With uneven shares, and with fewer items than threads. */
const CASES: Record<string, () => tf.Tensor[]> = {
  'tiles, several groups of strips': () => convolution({ x: [5, 28, 28, 16], filter: [3, 3, 16, 24] }),
  'tiles, fewer strips than threads': () => convolution({ x: [1, 7, 7, 64], filter: [3, 3, 64, 64] }),
  'tiles with bias and ReLU': () =>
    convolution({ x: [2, 14, 14, 32], filter: [3, 3, 32, 40], activation: 'relu' }),
  'no tiles': () => convolution({ x: [7, 9, 11, 24], filter: [5, 5, 24, 16] }),
  'one channel': () => convolution({ x: [9, 28, 28, 1], filter: [3, 3, 1, 16] }),
  'one panel': () => convolution({ x: [3, 19, 30, 64], filter: [1, 3, 64, 8] }),
  products: () =>
    [true, false].flatMap((transposed) => [
      tf.matMul(random(transposed ? [300, 33] : [33, 300], 1), random([300, 40], 2), transposed, false),
      tf.matMul(random([33, 300], 1), random(transposed ? [40, 300] : [300, 40], 2), false, transposed),
    ]),
  'batch normalisation of images': () => normalisation([5, 13, 11, 64], 'relu'),
  'batch normalisation of features': () => normalisation([130, 256], 'linear'),
  'gradient of pooling': () => {
    const [input, dy] = [random([5, 15, 13, 64], 1), random([5, 7, 6, 64], 2)];
    return kernel('MaxPoolGrad', { dy, input }, { filterSize: 2, strides: 2, pad: 'valid' });
  },
  dropout: () => kernel('DropoutTrain', { x: random([47, 1001], 1) }, { rate: 0.3, seed: 7 }),
  sums: () => [tf.sum(random([9, 13, 11, 64], 1), [0, 1, 2])],
  AdamW: () => {
    const [parameter, gradient, m] = [1, 2, 3].map((seed) => random([47, 1001], seed)) as [
      ...[tf.Tensor, tf.Tensor, tf.Tensor],
    ];
    const attributes = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
    return kernel('AdamW', { parameter, gradient, m, v: tf.square(gradient) }, { ...attributes, step: 3 });
  },
};

/** Hashes of everything that is computed. */
const results = (): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(CASES).map(([name, compute]) => [
      name,
      tf.tidy(() => compute().map((each) => hash('sha256', each.dataSync<'float32'>()))),
    ]),
  );

test('where threads do not start there is one', async () => {
  expect(
    await startThreads(memory, 2, () => {
      throw new Error('refused');
    }),
  ).toBe(1);
  const terminate = vi.fn();
  const addEventListener = (_: string, listener: () => void): void => void setTimeout(listener, 10);
  expect(await startThreads(memory, 2, () => ({ terminate, addEventListener }))).toBe(1);
  expect(terminate).toHaveBeenCalled();
});

test('threads pause while one is faster', () => {
  const pay = new Payoff(2);
  // Of 12 ms it computed 8: by itself it would have taken 16.
  for (let now = 0; now < 240; now += 12) pay.note(now, 12, 4);
  expect(pay.pausesAt(240)).toBe(false);
  // Of 30 ms it computed 10: by itself it would have taken 20.
  for (let now = 240; now < 360; now += 30) pay.note(now, 30, 20);
  expect(pay.pausesAt(400)).toBe(true);
  expect(pay.pausesAt(2_400)).toBe(false);
  // They are given another chance, by a trial of its own.
  pay.note(2_410, 12, 4);
  expect(pay.pausesAt(2_410)).toBe(false);
});

test('three threads compute what one computes', async () => {
  const alone = results();
  vi.spyOn(Payoff.prototype, 'pausesAt').mockReturnValue(false);
  expect(await startThreads(memory, 3, open)).toBe(3);
  const run = vi.spyOn(memory, 'run').mockImplementation((task, args, size) => {
    ran.add(task);
    return WasmMemory.prototype.run.call(memory, task, args, size);
  });
  expect(results()).toEqual(alone);
  expect(ran).toEqual(new Set(TASKS));
  run.mockRestore();
  // More memory than before: the threads see it, too.
  const before = memory.memory.buffer.byteLength;
  const large = Array.from({ length: 8 }, () => tf.zeros([before / 32]));
  expect(memory.memory.buffer.byteLength).toBeGreaterThan(before);
  expect(results()).toEqual(alone);
  tf.dispose(large);
});

test('nobody waits for a thread that fails', () => {
  const shared = new Int32Array(new SharedArrayBuffer(4 * MEETING));
  const [one, other] = [0, 1].map((part) => new Machine(memory.module, memory.memory, part, 2, shared));
  other!.fail();
  expect(() => one!.barrier()).toThrow('a thread has failed');
  // They know no such task.
  expect(() => memory.run(() => undefined, {}, Infinity)).toThrow('a thread has failed');
  expect(() => CASES['sums']!()).toThrow('a thread has failed');
});
