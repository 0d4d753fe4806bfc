/** AdamW in one pass over each parameter; composed of tfjs's ops it takes fourteen. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AdamWAttributes, AdamWInputs } from '../../network/kernels.ts';
import type { Machine } from './memory.ts';

/** One step for one parameter. @returns the new values of parameter, m and v */
export function adamW(machine: Machine, inputs: AdamWInputs, attributes: AdamWAttributes): TensorInfo[] {
  const { parameter, gradient, m, v } = inputs;
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = attributes;
  const outputs = [0, 1, 2].map(() => machine.output(parameter.shape));
  const addresses = [parameter, gradient, m, v, ...outputs].map((each) => machine.address(each)) as Seven;
  const kept = 1 - learningRate * weightDecay;
  const rate = learningRate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  const vectors = Math.floor(parameter.size / 4);
  machine.routines.adamW(
    ...addresses,
    vectors,
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    kept,
    rate,
    correction,
    epsilon,
  );
  const floats = machine.floats();
  const [oldParameter, slope, oldM, oldV, newParameter, newM, newV] = addresses.map((address) =>
    floats.subarray(address / 4, address / 4 + parameter.size),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  // The three at most that fill no vector.
  for (let i = 4 * vectors; i < parameter.size; i++) {
    const g = slope[i]!;
    const first = beta1 * oldM[i]! + (1 - beta1) * g;
    const second = beta2 * oldV[i]! + (1 - beta2) * g * g;
    newM[i] = first;
    newV[i] = second;
    newParameter[i] = kept * oldParameter[i]! - (rate * first) / (Math.sqrt(second) * correction + epsilon);
  }
  return outputs;
}

type Seven = [number, number, number, number, number, number, number];
