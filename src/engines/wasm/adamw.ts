/** AdamW in one pass over each parameter; composed of tfjs's ops they are fourteen. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelAttributes, KernelInputs } from '../../network/kernel-contract.ts';
import type { WasmMemory } from './memory.ts';

type Seven<Item> = [Item, Item, Item, Item, Item, Item, Item];

/** One step for one parameter. @returns the new values of parameter, m and v */
export function adamW(
  memory: WasmMemory,
  { parameter, gradient, m, v }: KernelInputs<'AdamW'>,
  { learningRate, beta1, beta2, epsilon, weightDecay, step }: KernelAttributes<'AdamW'>,
): TensorInfo[] {
  const outputs = [0, 1, 2].map(() => memory.output(parameter.shape));
  const addresses = [parameter, gradient, m, v, ...outputs].map((each) =>
    memory.address(each),
  ) as Seven<number>;
  const kept = 1 - learningRate * weightDecay;
  const rate = learningRate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  const vectors = Math.floor(parameter.size / 4);
  const factors = [beta1, 1 - beta1, beta2, 1 - beta2, kept, rate, correction, epsilon] as const;
  memory.routines.adamW(...addresses, vectors, ...factors);
  const floats = memory.floats();
  const [oldParameter, slope, oldM, oldV, newParameter, newM, newV] = addresses.map((address) =>
    floats.subarray(address / 4, address / 4 + parameter.size),
  ) as Seven<Float32Array>;
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
