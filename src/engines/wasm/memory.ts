/** The memory of tfjs's wasm backend, where its tensors lie, and this project's routines that compute in it. */
import type * as tf from '@tensorflow/tfjs-core';
import { assemble } from './assembler.ts';
import { type LayerRoutines, layerRoutines } from './layer-routines.ts';
import { type Routines, routines } from './routines.ts';
import { type WinogradMaps, winogradMaps } from './winograd.ts';

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

type AllRoutines = Routines & LayerRoutines & WinogradMaps;

/** What computes a part of a task in the memory, beside others that compute its other parts. */
export interface Machine {
  readonly routines: AllRoutines;
  /** Which of the parts, from 0. */
  readonly part: number;
  /** All of the memory; invalid once the memory has grown. */
  floats(): Float32Array;
  /** Waits until all parts have come here. */
  barrier(): void;
  /** The part's share of so many items: the first one, and the one behind the last. */
  share(count: number): readonly [begin: number, end: number];
}

const memories = new WeakMap<object, WasmMemory>();

export class WasmMemory implements Machine {
  readonly routines: AllRoutines;
  readonly part = 0;
  readonly #backend: WasmBackend;
  readonly #memory: WebAssembly.Memory;
  /** What was computed from tensors and is kept as long as they are: its address. */
  readonly #derived = new Map<tf.DataId, number>();

  private constructor(backend: WasmBackend, memory: WebAssembly.Memory) {
    this.#backend = backend;
    this.#memory = memory;
    const { exports } = new WebAssembly.Instance(compile(memory), { host: { memory } });
    this.routines = exports as unknown as AllRoutines;
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

  floats(): Float32Array {
    return new Float32Array(this.#memory.buffer);
  }

  barrier(): void {
    // There is no other part.
  }

  share(count: number): readonly [begin: number, end: number] {
    return [0, count];
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

function compile({ buffer }: WebAssembly.Memory): WebAssembly.Module {
  const shared = typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
  const code = (fused: boolean) =>
    assemble({ ...routines(fused), ...layerRoutines, ...winogradMaps([3 / 4, 3 / 2]) }, shared);
  const fused = code(true);
  return new WebAssembly.Module(WebAssembly.validate(fused) ? fused : code(false));
}
