/** The memory of tfjs's wasm backend, where its tensors lie, and this project's routines that compute in it. */
import type * as tf from '@tensorflow/tfjs-core';
import { compile, isShared, Machine, type Task, type Team } from './machine.ts';

/** What is used of the backend; not all of it is in its types. */
interface WasmBackend extends tf.KernelBackend {
  readonly wasm: {
    _malloc(bytes: number): number;
    _free(address: number): void;
    /** Of the build with threads. */
    readonly wasmMemory?: WebAssembly.Memory;
    /** What the other builds export. */
    readonly asm?: { readonly memory?: WebAssembly.Memory };
  };
  readonly dataIdMap: { get(dataId: tf.DataId): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
}

const memories = new WeakMap<object, WasmMemory>();

/** Work is counted in products; to read numbers, compute something and write it takes as long as so many. */
export const PASS = 16;
/** With less work a task is done before the other threads have heard of it. */
const WORTH_SHARING = 1 << 19;

export class WasmMemory {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly #backend: WasmBackend;
  /** The calling thread by itself. */
  readonly alone: Machine;
  #team: Team | null = null;
  /** What was computed from tensors and is kept as long as they are: its address. */
  readonly #derived = new Map<tf.DataId, number>();

  private constructor(backend: WasmBackend, memory: WebAssembly.Memory) {
    this.#backend = backend;
    this.memory = memory;
    this.module = compile(memory);
    this.alone = new Machine(this.module, memory);
    const disposeData = backend.disposeData.bind(backend);
    backend.disposeData = (dataId, force) => {
      const gone = disposeData(dataId, force);
      const address = gone && this.#derived.get(dataId);
      if (address) {
        this.#derived.delete(dataId);
        backend.wasm._free(address);
      }
      return gone;
    };
  }

  /** That of a backend. @throws if the processor or the browser has no SIMD */
  static of(backend: unknown): WasmMemory {
    let found = memories.get(backend as object);
    if (!found) {
      const { wasm } = backend as WasmBackend;
      const memory = wasm.wasmMemory ?? wasm.asm?.memory;
      if (!memory) throw new Error('The wasm backend does not show its memory.');
      memories.set(backend as object, (found = new WasmMemory(backend as WasmBackend, memory)));
    }
    return found;
  }

  /** A new tensor of arbitrary content. All memory is to be asked for before {@link floats} is. */
  output(shape: readonly number[]): tf.TensorInfo {
    return this.#backend.makeOutput(shape, 'float32');
  }

  /** Where a tensor's values begin, in bytes. */
  address({ dataId }: tf.TensorInfo): number {
    return this.#backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** All of the memory; invalid once the memory has grown. */
  floats(): Float32Array {
    return this.alone.floats();
  }

  /** Whether threads can have it in common. */
  get isShared(): boolean {
    return isShared(this.memory);
  }

  /** Into how many parts a task may be divided. */
  get parts(): number {
    return this.#team?.parts ?? 1;
  }

  /** @param dismiss is called when the backend is disposed of */
  employ(team: Team, dismiss: () => void): void {
    this.#team = team;
    const dispose = this.#backend.dispose.bind(this.#backend);
    this.#backend.dispose = () => {
      dismiss();
      dispose();
    };
  }

  /**
   * Does a task, on all threads where it is worth their while. @throws Stopped if one of them has failed
   * @param work products, or {@link PASS} for each number of the largest tensor
   */
  run<Arguments>(task: Task<Arguments>, args: Arguments, work: number): void {
    if (this.#team && work >= WORTH_SHARING) this.#team.run(task, args);
    else task(this.alone, args);
  }

  /** Allocates memory, of so many floats each, for as long as `use` takes. @throws if there is not enough */
  withScratch<Result>(sizes: readonly number[], use: (...addresses: number[]) => Result): Result {
    const addresses: number[] = [];
    try {
      for (const size of sizes) addresses.push(this.#allocate(size));
      return use(...addresses);
    } finally {
      for (const address of addresses) this.#backend.wasm._free(address);
    }
  }

  /**
   * What is computed from a tensor, once, and kept until the tensor is disposed of: a network's weights stay the same
   * from prediction to prediction. There is one such thing to a tensor.
   * @param size floats
   * @param compute writes them from an address on
   */
  derived({ dataId }: tf.TensorInfo, size: number, compute: (to: number) => void): number {
    let address = this.#derived.get(dataId);
    if (address === undefined) {
      address = this.#allocate(size);
      compute(address);
      this.#derived.set(dataId, address);
    }
    return address;
  }

  #allocate(floats: number): number {
    const address = this.#backend.wasm._malloc(4 * floats) >>> 0;
    if (!address) throw new Error('The memory of the wasm backend is full.');
    return address;
  }
}
