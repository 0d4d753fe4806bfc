/**
 * A few threads that do one task at a time together, each its own part of it.
 *
 * tfjs's kernels are synchronous, so the thread that calls one waits; meanwhile it does its own part. Work is divided by
 * images, not inside an operation: the threads then meet once per kernel instead of once per matrix product.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

import { ImageBuffer } from './image-layout.ts';

/** Which part of a task a thread does. */
export interface Part {
  readonly index: number;
  readonly count: number;
}

/** What the threads do together. It is known to the workers by its name, see worker.ts. */
export type ThreadTask<Arguments> = (args: Arguments, part: Part) => void;

/** Every `count`-th item, beginning with the thread's number. */
export function itemsOf<Item>(items: readonly Item[], { index, count }: Part): Item[] {
  return items.filter((_, i) => i % count === index);
}

/** The thread's range of a length, in whole cache lines. */
export function rangeOf(length: number, { index, count }: Part): [begin: number, end: number] {
  const lines = Math.ceil(length / 16);
  const at = (part: number) => Math.min(length, Math.floor((lines * part) / count) * 16);
  return [at(index), at(index + 1)];
}

/** What a worker is sent: a task, its arguments with image buffers replaced by ids, and the buffers it does not know. */
export interface Job {
  task: string;
  args: Record<string, unknown>;
  buffers: { id: number; shape: readonly number[]; memory: SharedArrayBuffer }[];
}
/** How an image buffer is sent to another thread. */
export interface BufferReference {
  buffer: number;
}
export interface WorkerSetup {
  part: Part;
  /** See {@link Signal}. */
  signal: Int32Array;
  port: MessagePort;
}

/** The one number by which a worker and the pool take turns. */
export const Signal = { Idle: 0, Busy: 1, Failed: 2 } as const;

interface Thread {
  signal: Int32Array;
  port: MessagePort;
  known: Set<number>;
}

export class ThreadPool {
  /** Threads in all, the calling one included. */
  readonly size: number;
  readonly #others: readonly Thread[];

  private constructor(others: readonly Thread[]) {
    this.#others = others;
    this.size = others.length + 1;
  }

  /** @param size threads in all, the calling one included */
  static async start(size: number): Promise<ThreadPool> {
    const others = Array.from({ length: size - 1 }, async (_, index): Promise<Thread> => {
      const signal = new Int32Array(new SharedArrayBuffer(4));
      const { port1, port2 } = new MessageChannel();
      const setup: WorkerSetup = { part: { index: index + 1, count: size }, signal, port: port2 };
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: setup,
        transferList: [port2],
      });
      await new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
      worker.unref();
      port1.unref();
      return { signal, port: port1, known: new Set() };
    });
    return new ThreadPool(await Promise.all(others));
  }

  /** Does a task, each thread its part, and returns when all have done it. @throws what a part has thrown */
  run<Arguments extends object>(task: ThreadTask<Arguments>, args: Arguments): void {
    for (const { port, signal, known } of this.#others) {
      port.postMessage(jobOf(task.name, args, known));
      Atomics.store(signal, 0, Signal.Busy);
      Atomics.notify(signal, 0);
    }
    task(args, { index: 0, count: this.size });
    for (const { signal, port } of this.#others) {
      if (waitUntilDone(signal) === Signal.Failed) {
        Atomics.store(signal, 0, Signal.Idle);
        throw receiveMessageOnPort(port)!.message as Error;
      }
    }
  }
}

/**
 * Waits as long as a job is being done. A worker says that it is done and then wakes whoever waits; where it is held up
 * in between, that call reaches the wait for the job after. So being woken proves nothing.
 * @returns the signal then
 */
export function waitUntilDone(signal: Int32Array): number {
  for (;;) {
    const state = Atomics.load(signal, 0);
    if (state !== Signal.Busy) return state;
    Atomics.wait(signal, 0, state);
  }
}

function jobOf(task: string, args: object, known: Set<number>): Job {
  const buffers: Job['buffers'] = [];
  const plain = Object.entries(args).map(([key, value]: [string, unknown]) => {
    if (!(value instanceof ImageBuffer)) return [key, value] as const;
    if (!known.has(value.id)) {
      known.add(value.id);
      buffers.push({ id: value.id, shape: value.layout.shape, memory: value.data.buffer });
    }
    return [key, { buffer: value.id } satisfies BufferReference] as const;
  });
  return { task, args: Object.fromEntries(plain), buffers };
}
