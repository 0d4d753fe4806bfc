/** What each thread does of a step of the optimiser and of an average of weights: plain loops over parameters. */
import type { KernelAttributes } from '../../network/kernel-contract.ts';
import { type Part, rangeOf } from './thread-pool.ts';

type Values<Name extends string> = Readonly<Record<Name, Float32Array>>;
type AdamWArguments = KernelAttributes<'AdamW'> &
  Values<'parameter' | 'gradient' | 'm' | 'v' | 'newParameter' | 'newM' | 'newV'>;

/** One step of AdamW, in PyTorch's order of operations (src/network/adamw.ts). */
export function adamW(args: AdamWArguments, part: Part): void {
  const { parameter, gradient, m, v, newParameter, newM, newV } = args;
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = args;
  const decay = 1 - learningRate * weightDecay;
  const stepSize = learningRate / (1 - beta1 ** step);
  const correction = Math.sqrt(1 - beta2 ** step);
  const [begin, end] = rangeOf(parameter.length, part);
  for (let i = begin; i < end; i++) {
    const g = gradient[i]!;
    const first = beta1 * m[i]! + (1 - beta1) * g;
    const second = beta2 * v[i]! + (1 - beta2) * g * g;
    newM[i] = first;
    newV[i] = second;
    newParameter[i] = parameter[i]! * decay - (stepSize * first) / (Math.sqrt(second) / correction + epsilon);
  }
}

type MoveTowardsArguments = KernelAttributes<'MoveTowards'> & Values<'from' | 'to' | 'result'>;

/** from + share · (to − from), see src/network/weight-average.ts. */
export function moveTowards({ from, to, result, share }: MoveTowardsArguments, part: Part): void {
  const [begin, end] = rangeOf(from.length, part);
  for (let i = begin; i < end; i++) result[i] = from[i]! * (1 - share) + to[i]! * share;
}
