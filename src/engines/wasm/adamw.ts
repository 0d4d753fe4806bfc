/** AdamW in one pass over each parameter; composed of tfjs's ops they are fourteen. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelAttributes, KernelInputs } from '../../network/kernel-contract.ts';
import type { Machine } from './machine.ts';
import { PASS, type WasmMemory } from './memory.ts';

type Seven<Item> = [Item, Item, Item, Item, Item, Item, Item];

/** One step for one parameter. @returns the new values of parameter, m and v */
export function adamW(
  memory: WasmMemory,
  { parameter, gradient, m, v }: KernelInputs<'AdamW'>,
  attributes: KernelAttributes<'AdamW'>,
): TensorInfo[] {
  const outputs = [0, 1, 2].map(() => memory.output(parameter.shape));
  const addresses = [parameter, gradient, m, v, ...outputs].map((each) =>
    memory.address(each),
  ) as Seven<number>;
  memory.run(stepParameter, { addresses, size: parameter.size, attributes }, PASS * parameter.size);
  return outputs;
}

interface ParameterStep {
  /** Of parameter, gradient, m, v, and the new parameter, m and v. */
  readonly addresses: Seven<number>;
  readonly size: number;
  readonly attributes: KernelAttributes<'AdamW'>;
}

export function stepParameter(machine: Machine, { addresses, size, attributes }: ParameterStep): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = attributes;
  const kept = 1 - learningRate * weightDecay;
  const rate = learningRate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  const vectors = Math.floor(size / 4);
  const factors = [beta1, 1 - beta1, beta2, 1 - beta2, kept, rate, correction, epsilon] as const;
  const [begin, end] = machine.share(vectors);
  const own = addresses.map((address) => address + 16 * begin) as Seven<number>;
  machine.routines.adamW(...own, end - begin, ...factors);
  if (machine.part > 0) return;
  const floats = machine.floats();
  const [oldParameter, slope, oldM, oldV, newParameter, newM, newV] = addresses.map((address) =>
    floats.subarray(address / 4, address / 4 + size),
  ) as Seven<Float32Array>;
  // The three at most that fill no vector.
  for (let i = 4 * vectors; i < size; i++) {
    const g = slope[i]!;
    const first = beta1 * oldM[i]! + (1 - beta1) * g;
    const second = beta2 * oldV[i]! + (1 - beta2) * g * g;
    newM[i] = first;
    newV[i] = second;
    newParameter[i] = kept * oldParameter[i]! - (rate * first) / (Math.sqrt(second) * correction + epsilon);
  }
}
