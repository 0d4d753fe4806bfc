/** This project's routines at work in the memory of tfjs's wasm backend, where its tensors lie. */
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

export class Machine {
  readonly routines: Routines;
  readonly #backend: WasmBackend;
  readonly #memory: WebAssembly.Memory;

  private constructor(backend: WasmBackend, memory: WebAssembly.Memory, module: WebAssembly.Module) {
    this.#backend = backend;
    this.#memory = memory;
    this.routines = new WebAssembly.Instance(module, { host: { memory } }).exports as unknown as Routines;
  }

  static readonly #started = new WeakMap<object, Machine>();

  /** The one of a backend. @throws if the processor or the browser has no SIMD */
  static of(backend: unknown): Machine {
    let machine = Machine.#started.get(backend as object);
    if (!machine) {
      const { wasm } = backend as WasmBackend;
      const memory = wasm.wasmMemory ?? wasm.asm?.memory;
      if (!memory) throw new Error('The wasm backend does not show its memory.');
      machine = new Machine(backend as WasmBackend, memory, compile(memory));
      Machine.#started.set(backend as object, machine);
    }
    return machine;
  }

  /** Room for a result; its values are whatever was there. All memory is to be asked for before `floats` is. */
  output(shape: readonly number[]): tf.TensorInfo {
    return this.#backend.makeOutput(shape, 'float32');
  }

  /** Where a tensor's values begin, in bytes. */
  address({ dataId }: tf.TensorInfo): number {
    return this.#backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** All of the memory; of no use any more once it has grown. */
  floats(): Float32Array {
    return new Float32Array(this.#memory.buffer);
  }

  /** Lends memory, of so many floats each, for as long as `use` takes. @throws if there is not as much */
  lend<Result>(sizes: readonly number[], use: (...addresses: number[]) => Result): Result {
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
