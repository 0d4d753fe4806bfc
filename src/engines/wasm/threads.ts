/** Threads that compute in one memory, each its own part of a task. */
import { Machine, MEETING, type Task } from './machine.ts';
import type { WasmMemory } from './memory.ts';
import { TASKS } from './tasks.ts';

/** What a thread is started with. */
export interface ThreadSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly part: number;
  readonly parts: number;
  /** Where the parts meet, and behind that the number of a task, the length of its arguments and their characters. */
  readonly shared: Int32Array<SharedArrayBuffer>;
}

/** A worker that has been given its setup and is to call {@link serve} with it. */
export interface Thread {
  addEventListener(type: 'error', listener: () => void): void;
  terminate(): unknown;
}

/** Characters of a task's arguments at most. */
const MOST_CHARACTERS = 2_000;
const [TASK, LENGTH, CHARACTERS] = [MEETING, MEETING + 1, MEETING + 2];
/** A worker has so many milliseconds to start. */
const START_PATIENCE = 3_000;

/**
 * Lets the kernels compute on threads, if the memory can be shared and the threads start.
 * @param parts threads in all, the calling one included, which must be one that may wait
 * @returns the number of threads, 1 without any others
 */
export async function startThreads(
  memory: WasmMemory,
  parts: number,
  open: (setup: ThreadSetup) => Thread,
): Promise<number> {
  if (parts < 2 || !memory.isShared || memory.parts > 1) return memory.parts;
  const { module, memory: bytes } = memory;
  const shared = new Int32Array(new SharedArrayBuffer(4 * (CHARACTERS + MOST_CHARACTERS)));
  const machine = new Machine(module, bytes, 0, parts, shared);
  const threads: Thread[] = [];
  const end = (): void => threads.forEach((thread) => void thread.terminate());
  let failed = false;
  const latest = performance.now() + START_PATIENCE;
  try {
    for (let part = 1; part < parts; part++) {
      const thread = open({ module, memory: bytes, part, parts, shared });
      thread.addEventListener('error', () => (failed = true));
      threads.push(thread);
    }
    while (!machine.awaited && !failed && performance.now() < latest) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  } catch {
    failed = true;
  }
  if (failed || !machine.awaited) {
    end();
    return 1;
  }
  const pay = new Payoff(parts);
  memory.employ(
    {
      parts,
      run(task, args) {
        const start = performance.now();
        if (pay.pausesAt(start)) return task(memory.alone, args);
        const before = machine.waited;
        lead(machine, shared, task, args);
        const end = performance.now();
        pay.note(end, end - start, machine.waited - before);
      },
    },
    end,
  );
  return parts;
}

/** It is judged by tasks of so many milliseconds whether threads pay; if they do not, they pause for so many. */
const [TRIAL, PAUSE] = [100, 2_000];

/**
 * Whether threads are faster than one. Where other programs hold the cores they are not: the calling thread then waits for
 * one that is not given a core longer than it would compute all parts by itself. All times are in milliseconds.
 */
export class Payoff {
  readonly #parts: number;
  #spent = 0;
  #waited = 0;
  #pauseEnd = -Infinity;

  constructor(parts: number) {
    this.#parts = parts;
  }

  pausesAt(now: number): boolean {
    return now < this.#pauseEnd;
  }

  /** @param spent on a task, and `waited` of that for the other threads */
  note(now: number, spent: number, waited: number): void {
    this.#spent += spent;
    this.#waited += waited;
    if (this.#spent < TRIAL) return;
    // What it computed itself is one part of them.
    if ((this.#spent - this.#waited) * this.#parts < this.#spent) this.#pauseEnd = now + PAUSE;
    this.#spent = this.#waited = 0;
  }
}

/** Gives the threads a task, and does the first part of it. */
function lead<Arguments>(
  machine: Machine,
  shared: ThreadSetup['shared'],
  task: Task<Arguments>,
  args: Arguments,
): void {
  const text = JSON.stringify(args);
  shared[TASK] = TASKS.indexOf(task);
  shared[LENGTH] = text.length;
  for (let i = 0; i < text.length; i++) shared[CHARACTERS + i] = text.charCodeAt(i);
  unlessItFails(machine, () => {
    machine.barrier();
    task(machine, args);
    machine.barrier();
  });
}

/** What a thread does all its life. */
export function serve({ module, memory, part, parts, shared }: ThreadSetup): void {
  const machine = new Machine(module, memory, part, parts, shared);
  unlessItFails(machine, () => {
    for (;;) {
      machine.barrier();
      const characters = shared.subarray(CHARACTERS, CHARACTERS + shared[LENGTH]!);
      const task = TASKS[shared[TASK]!] as Task<unknown>;
      task(machine, JSON.parse(String.fromCharCode(...characters)));
      machine.barrier();
    }
  });
}

/** Lets the others know of what is thrown: they wait. */
function unlessItFails(machine: Machine, work: () => void): void {
  try {
    work();
  } catch (error) {
    machine.fail();
    throw error;
  }
}
