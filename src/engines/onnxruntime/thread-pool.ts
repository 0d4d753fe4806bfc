/**
 * A few threads that do one task at a time together, each its own part of it.
 *
 * tfjs's kernels are synchronous, so the thread that calls one waits; meanwhile it does its own part. Work is cut by
 * images, not inside an operation: there is then one meeting of the threads a kernel instead of one a matrix product.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

import type { Share } from './partition.ts';
import { SlabBuffer } from './image-layout.ts';
import { type TaskArguments, type TaskName, tasks } from './tasks.ts';

/** What a worker is told: a task, its arguments with slab buffers replaced by ids, and the buffers it does not know. */
export interface Order {
  name: TaskName;
  args: Record<string, unknown>;
  buffers: { id: number; shape: readonly number[]; memory: SharedArrayBuffer }[];
}
/** How a slab buffer goes to another thread. */
export interface SlabReference {
  slab: number;
}
export interface WorkerSetup {
  share: Share;
  /** See {@link Signal}. */
  signal: Int32Array;
  port: MessagePort;
}

/** The one number by which a worker and its team take turns. */
export const Signal = { Idle: 0, Ordered: 1, Failed: 2 } as const;

interface Member {
  worker: Worker;
  signal: Int32Array;
  port: MessagePort;
  known: Set<number>;
}

export class Team {
  readonly parts: number;
  readonly #members: Member[];

  private constructor(members: Member[]) {
    this.#members = members;
    this.parts = members.length + 1;
  }

  /** @param parts threads in all, the calling one included */
  static async gather(parts: number): Promise<Team> {
    const members = Array.from({ length: parts - 1 }, async (_, index): Promise<Member> => {
      const signal = new Int32Array(new SharedArrayBuffer(4));
      const { port1, port2 } = new MessageChannel();
      const setup: WorkerSetup = { share: { part: index + 1, parts }, signal, port: port2 };
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
      return { worker, signal, port: port1, known: new Set() };
    });
    return new Team(await Promise.all(members));
  }

  /** Does a task, each thread its part, and returns when all have done it. @throws what a part has thrown */
  run<Name extends TaskName>(name: Name, args: TaskArguments<Name>): void {
    for (const { port, signal, known } of this.#members) {
      port.postMessage(order(name, { ...args }, known));
      Atomics.store(signal, 0, Signal.Ordered);
      Atomics.notify(signal, 0);
    }
    const task = tasks[name] as (args: TaskArguments<Name>, share: Share) => void;
    task(args, { part: 0, parts: this.parts });
    for (const { signal, port } of this.#members) {
      if (waitUntilDone(signal) === Signal.Failed) {
        Atomics.store(signal, 0, Signal.Idle);
        throw receiveMessageOnPort(port)!.message as Error;
      }
    }
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }
}

/**
 * Waits as long as an order is being carried out. A worker says that it is done and then wakes whoever waits; where it
 * is held up in between, that call reaches the wait for the order after. So being woken proves nothing.
 * @returns the signal then
 */
export function waitUntilDone(signal: Int32Array): number {
  for (;;) {
    const state = Atomics.load(signal, 0);
    if (state !== Signal.Ordered) return state;
    Atomics.wait(signal, 0, state);
  }
}

function order(name: TaskName, args: Record<string, unknown>, known: Set<number>): Order {
  const buffers: Order['buffers'] = [];
  const plain = Object.entries(args).map(([key, value]) => {
    if (!(value instanceof SlabBuffer)) return [key, value] as const;
    if (!known.has(value.id)) {
      known.add(value.id);
      buffers.push({ id: value.id, shape: value.layout.shape, memory: value.data.buffer });
    }
    return [key, { slab: value.id } satisfies SlabReference] as const;
  });
  return { name, args: Object.fromEntries(plain), buffers };
}
