/**
 * Small ONNX graphs run synchronously, as tfjs's kernels must.
 *
 * The public API of onnxruntime-node is asynchronous, the native binding under it is not: `run` blocks, costs about
 * 40 µs, and writes into the output tensors that are handed to it. So no result is ever allocated here.
 */
import { env, Tensor as OrtTensor } from 'onnxruntime-common';
import type { Binding } from 'onnxruntime-node/dist/binding.js';

import { encodeModel, type Graph, type Node } from '../../artifacts/onnx-encoder.ts';

export type { Graph, Node, OrtTensor };

let binding: { InferenceSession: Binding.InferenceSessionConstructor } | undefined;

/**
 * Loads ONNX Runtime's native library; needed once in every thread, before the first graph is compiled.
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

export type Tensors = Record<string, OrtTensor>;

/** Computes a graph's outputs into the tensors given. Both go by the graph's names; the outputs have the right shapes. */
export type CompiledGraph = (inputs: Tensors, outputs: Tensors) => void;

const graphs = new Map<string, CompiledGraph>();

/**
 * The graph of this name, compiled at its first use. Shapes are symbolic: one graph serves every size.
 * @param threads ONNX Runtime's own; where work is divided between threads of the pool, each graph needs but one
 */
export function compiledGraph(name: string, build: () => Graph, threads = 1): CompiledGraph {
  return graphs.getOrInsertComputed(name, () => {
    if (!binding) throw new Error('ONNX Runtime is not loaded: call loadRuntime() first.');
    const model = encodeModel(build());
    const session = new binding.InferenceSession();
    session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // Every session has its own threads; if they spun while idle, each would steal time from the one at work.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return (inputs, outputs) => {
      // Besides writing the outputs given, the binding copies each into a new array: memory that would wait for the
      // garbage collector.
      for (const { data } of Object.values(session.run(inputs, outputs, {})) as {
        data: Float32Array<ArrayBuffer>;
      }[])
        data.buffer.transfer(0);
    };
  });
}

export const node = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes?: Node['attributes'],
): Node => ({ op, inputs, outputs, ...(attributes && { attributes }) });

/** A node whose output, or the positive part of it, is `y`. */
export const withRelu = (
  relu: boolean,
  op: string,
  inputs: string[],
  attributes?: Node['attributes'],
): Node[] =>
  relu
    ? [node(op, inputs, ['z'], attributes), node('Relu', ['z'], ['y'])]
    : [node(op, inputs, ['y'], attributes)];
