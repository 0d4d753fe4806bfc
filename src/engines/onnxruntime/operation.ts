/**
 * Small ONNX graphs run synchronously, as tfjs's kernels must.
 *
 * The public API of onnxruntime-node is asynchronous, the native binding under it is not: `run` blocks, costs about
 * 40 µs, and writes into the output tensors that are handed to it. So no result is ever allocated here.
 */
import { env, Tensor as OrtTensor } from 'onnxruntime-common';
import type { Binding } from 'onnxruntime-node/dist/binding.js';

import { encodeModel, type Graph } from '../../artifacts/onnx-encoder.ts';

export type { OrtTensor };

let binding: { InferenceSession: Binding.InferenceSessionConstructor } | undefined;

/**
 * Loads ONNX Runtime's native library; needed once in every thread, before the first operation.
 * @throws Error when the library does not load on this platform
 */
export async function loadRuntime(): Promise<void> {
  if (binding) return;
  const module = await import('onnxruntime-node/dist/binding.js');
  // Its warnings are about how it optimises a graph; nobody who trains can do anything about them.
  env.logLevel = 'error';
  module.initOrt();
  binding = module.binding;
}

/** A float32 tensor over `data`, which it shares. */
export function tensor(data: Float32Array, shape: readonly number[]): OrtTensor {
  return new OrtTensor('float32', data, shape);
}

/** One compiled graph. */
export class Operation {
  readonly #graph: Graph;
  readonly #threads: number;
  #session: Binding.InferenceSession | undefined;

  /** @param threads of its own; the engine shares most work out itself (team.ts) and needs but one */
  constructor(graph: Graph, threads = 1) {
    this.#graph = graph;
    this.#threads = threads;
  }

  /**
   * Computes the outputs into the tensors given.
   * @param inputs by the names of the graph's inputs
   * @param outputs by the names of the graph's outputs, of the right shapes
   */
  run(inputs: Record<string, OrtTensor>, outputs: Record<string, OrtTensor>): void {
    this.#session ??= this.#compile();
    this.#session.run(inputs, outputs, {});
  }

  #compile(): Binding.InferenceSession {
    if (!binding) throw new Error('ONNX Runtime is not loaded: call loadRuntime() first.');
    const model = encodeModel(this.#graph);
    const session = new binding.InferenceSession();
    session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, {
      intraOpNumThreads: this.#threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // Every session has threads of its own; if they spun while idle, each would steal time from the one at work.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return session;
  }
}

const operations = new Map<string, Operation>();

/** The operation of this name, compiled at its first use. Shapes are symbolic: one graph serves every size. */
export function operation(name: string, graph: () => Graph, threads?: number): Operation {
  let found = operations.get(name);
  if (!found) operations.set(name, (found = new Operation(graph(), threads)));
  return found;
}
