/** The memory of tfjs's wasm backend, where its tensors lie, and this project's routines that compute in it. */
import type * as tf from '@tensorflow/tfjs-core';
import { assemble } from './assembler.ts';
import { type Routines, routines } from './routines.ts';

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

export class WasmMemory {
  readonly routines: Routines;
  readonly #backend: WasmBackend;
  readonly #memory: WebAssembly.Memory;

  private constructor(backend: WasmBackend, memory: WebAssembly.Memory) {
    this.#backend = backend;
    this.#memory = memory;
    const { exports } = new WebAssembly.Instance(compile(memory), { host: { memory } });
    this.routines = exports as unknown as Routines;
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
    return new Float32Array(this.#memory.buffer);
  }

  /** Allocates memory, of so many floats each, for as long as `use` takes. @throws if there is not enough */
  withScratch<Result>(sizes: readonly number[], use: (...addresses: number[]) => Result): Result {
    const { wasm } = this.#backend;
    const addresses = sizes.map((size) => wasm._malloc(4 * size) >>> 0);
    try {
      if (addresses.includes(0)) throw new Error('The memory of the wasm backend is full.');
      return use(...addresses);
    } finally {
      for (const address of addresses) wasm._free(address);
    }
  }
}

function compile({ buffer }: WebAssembly.Memory): WebAssembly.Module {
  const shared = typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
  const fused = assemble(routines(true), shared);
  return new WebAssembly.Module(WebAssembly.validate(fused) ? fused : assemble(routines(false), shared));
}
