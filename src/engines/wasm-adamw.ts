/**
 * AdamW on wasm in one pass over each parameter, in wasm's own memory: composed of tfjs's ops it takes fourteen. Node
 * and the browser share it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { ADAM_W, type AdamWAttributes, type AdamWInputs } from '../model/kernels.ts';

interface WasmBackend extends tf.KernelBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** A view; it is of no use any more once the memory has grown. */
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

/** Registers the kernel, once. */
export function registerAdamW(): void {
  if (!tf.getKernel(ADAM_W, 'wasm'))
    tf.registerKernel({ kernelName: ADAM_W, backendName: 'wasm', kernelFunc });
}

const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const { parameter, gradient, m, v } = inputs as AdamWInputs;
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = attrs as unknown as AdamWAttributes;
  const wasm = backend as WasmBackend;
  // All memory is asked for before any of it is looked at.
  const outputs = [0, 1, 2].map(() => wasm.makeOutput(parameter.shape, 'float32'));
  const [newParameter, newM, newV] = outputs.map((each) => wasm.typedArrayFromHeap(each)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [oldParameter, slope, oldM, oldV] = [parameter, gradient, m, v].map((each) =>
    wasm.typedArrayFromHeap(each),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const kept = 1 - learningRate * weightDecay;
  const rate = learningRate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < newParameter.length; i++) {
    const g = slope[i]!;
    const first = beta1 * oldM[i]! + (1 - beta1) * g;
    const second = beta2 * oldV[i]! + (1 - beta2) * g * g;
    newM[i] = first;
    newV[i] = second;
    newParameter[i] = kept * oldParameter[i]! - (rate * first) / (Math.sqrt(second) * correction + epsilon);
  }
  return outputs;
};
