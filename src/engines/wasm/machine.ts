/** This project's routines in a memory, and how the parts of a task that compute there together wait for each other. */
import { Stopped } from '../backends.ts';
import { assemble } from './assembler.ts';
import { type LayerRoutines, layerRoutines } from './layer-routines.ts';
import { type Routines, routines } from './routines.ts';
import { type WinogradMaps, winogradMaps } from './winograd.ts';

type AllRoutines = Routines & LayerRoutines & WinogradMaps;

/** What parts compute together. All memory that it needs is given to it; what it gets is written as JSON. */
export type Task<Arguments> = (machine: Machine, args: Arguments) => void;

/** What does tasks in several parts. */
export interface Team {
  readonly parts: number;
  /** Does a task and returns when all parts have done it. */
  run<Arguments>(task: Task<Arguments>, args: Arguments): void;
}

/** Where parts meet: how often all of them have come, how many are there now, and whether one will never come. */
const [MEETINGS, ARRIVED, BROKEN] = [0, 1, 2];
/** Numbers of a meeting. */
export const MEETING = 3;

/** So often a part looks whether all have come before it sleeps: a millisecond, longer than kernels lie apart in a step. */
const LOOKS = 500_000;

/** What computes a part of a task in the memory, beside others that compute its other parts. */
export class Machine {
  readonly routines: AllRoutines;
  /** Which of the parts, from 0. */
  readonly part: number;
  readonly parts: number;
  /** Milliseconds that it has waited for the others. */
  waited = 0;
  readonly #memory: WebAssembly.Memory;
  readonly #meeting: Int32Array | null;

  /** @param meeting {@link MEETING} numbers that all parts share */
  constructor(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    part = 0,
    parts = 1,
    meeting: Int32Array | null = null,
  ) {
    const { exports } = new WebAssembly.Instance(module, { host: { memory } });
    this.routines = exports as unknown as AllRoutines;
    this.#memory = memory;
    this.part = part;
    this.parts = parts;
    this.#meeting = meeting;
  }

  /** All of the memory; invalid once the memory has grown. */
  floats(): Float32Array {
    return new Float32Array(this.#memory.buffer);
  }

  /** The part's share of so many items: the first one, and the one behind the last. */
  share(count: number): readonly [begin: number, end: number] {
    const at = (part: number): number => Math.floor((count * part) / this.parts);
    return [at(this.part), at(this.part + 1)];
  }

  /** Whether all others wait for this part. */
  get awaited(): boolean {
    return Atomics.load(this.#meeting!, ARRIVED) === this.parts - 1;
  }

  /** Waits until all parts have come here. @throws Stopped if one has failed */
  barrier(): void {
    const meeting = this.#meeting;
    if (!meeting) return;
    const before = Atomics.load(meeting, MEETINGS);
    if (Atomics.load(meeting, BROKEN)) throw new Stopped('a thread has failed');
    if (Atomics.add(meeting, ARRIVED, 1) === this.parts - 1) {
      Atomics.store(meeting, ARRIVED, 0);
      Atomics.add(meeting, MEETINGS, 1);
      Atomics.notify(meeting, MEETINGS);
      return;
    }
    const start = performance.now();
    for (let i = 0; i < LOOKS && Atomics.load(meeting, MEETINGS) === before; i++);
    while (Atomics.load(meeting, MEETINGS) === before) Atomics.wait(meeting, MEETINGS, before);
    this.waited += performance.now() - start;
    if (Atomics.load(meeting, BROKEN)) throw new Stopped('a thread has failed');
  }

  /** Lets the other parts wait no longer for this one. */
  fail(): void {
    const meeting = this.#meeting!;
    Atomics.store(meeting, BROKEN, 1);
    Atomics.add(meeting, MEETINGS, 1);
    Atomics.notify(meeting, MEETINGS);
  }
}

export const isShared = ({ buffer }: WebAssembly.Memory): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;

/** The routines for a memory. @throws if the processor or the browser has no SIMD */
export function compile(memory: WebAssembly.Memory): WebAssembly.Module {
  const code = (fused: boolean) =>
    assemble({ ...routines(fused), ...layerRoutines, ...winogradMaps([3 / 4, 3 / 2]) }, isShared(memory));
  const fused = code(true);
  return new WebAssembly.Module(WebAssembly.validate(fused) ? fused : code(false));
}
