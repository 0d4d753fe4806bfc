/** A thread of the team (team.ts): waits for an order, does its part, says so. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

import { loadRuntime } from './operation.ts';
import type { Share } from './partition.ts';
import { SlabBuffer, SlabLayout } from './image-layout.ts';
import { tasks } from './tasks.ts';
import { type Order, Signal, type SlabReference, type WorkerSetup } from './thread-pool.ts';

const { share, signal, port } = workerData as WorkerSetup;
const buffers = new Map<number, SlabBuffer>();
const layouts = new Map<string, SlabLayout>();

const isReference = (value: unknown): value is SlabReference =>
  typeof value === 'object' && value !== null && 'slab' in value;

function carryOut({ name, args, buffers: unknown }: Order): void {
  for (const { id, shape, memory } of unknown) {
    const key = shape.join();
    let layout = layouts.get(key);
    if (!layout) {
      layout = new SlabLayout(shape as [number, number, number, number], share.parts);
      layouts.set(key, layout);
    }
    buffers.set(id, new SlabBuffer(id, layout, memory));
  }
  const own = Object.entries(args).map(([key, value]) => [
    key,
    isReference(value) ? buffers.get(value.slab) : value,
  ]);
  const task = tasks[name] as (args: Record<string, unknown>, share: Share) => void;
  task(Object.fromEntries(own), share);
}

await loadRuntime();
parentPort!.postMessage('ready');
for (;;) {
  for (let state = Atomics.load(signal, 0); state !== Signal.Ordered; state = Atomics.load(signal, 0)) {
    Atomics.wait(signal, 0, state);
  }
  let done: number = Signal.Idle;
  try {
    carryOut(receiveMessageOnPort(port)!.message as Order);
  } catch (error) {
    port.postMessage(error);
    done = Signal.Failed;
  }
  Atomics.store(signal, 0, done);
  Atomics.notify(signal, 0);
}
