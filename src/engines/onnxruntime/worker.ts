/** A thread of the pool (thread-pool.ts): waits for a job, does its part, signals that it is done. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

import * as batchNorm from './batch-norm.ts';
import { loadRuntime } from './compiled-graph.ts';
import * as convolution from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { ImageBuffer, ImageLayout } from './image-layout.ts';
import * as maxPool from './max-pool.ts';
import * as parameters from './parameters.ts';
import * as pixels from './pixels.ts';
import { type BufferReference, type Job, Signal, type ThreadTask, type WorkerSetup } from './thread-pool.ts';

/** All that the threads do together, by name. */
const tasks = { ...batchNorm, ...convolution, elementwise, ...maxPool, ...parameters, ...pixels };

const { part, signal, port } = workerData as WorkerSetup;
const buffers = new Map<number, ImageBuffer>();
const layouts = new Map<string, ImageLayout>();

const isReference = (value: unknown): value is BufferReference =>
  typeof value === 'object' && value !== null && 'buffer' in value && typeof value.buffer === 'number';

function work({ task, args, buffers: unknown }: Job): void {
  for (const { id, shape, memory } of unknown) {
    const layout = layouts.getOrInsertComputed(shape.join(), () => new ImageLayout(shape, part.count));
    buffers.set(id, new ImageBuffer(id, layout, memory));
  }
  const own = Object.entries(args).map(([key, value]) => [
    key,
    isReference(value) ? buffers.get(value.buffer) : value,
  ]);
  const run = tasks[task as keyof typeof tasks] as ThreadTask<unknown> | undefined;
  if (!run) throw new Error(`The workers know no task named ${task}.`);
  run(Object.fromEntries(own), part);
}

await loadRuntime();
parentPort!.postMessage('ready');
for (;;) {
  for (let state = Atomics.load(signal, 0); state !== Signal.Busy; state = Atomics.load(signal, 0)) {
    Atomics.wait(signal, 0, state);
  }
  let done: number = Signal.Idle;
  try {
    work(receiveMessageOnPort(port)!.message as Job);
  } catch (error) {
    port.postMessage(error);
    done = Signal.Failed;
  }
  Atomics.store(signal, 0, done);
  Atomics.notify(signal, 0);
}
