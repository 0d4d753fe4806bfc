/** Dropout and the optimiser's step: plain loops, shared out between threads. */
import { dropoutThreshold, keepsElement } from '../../math/random.ts';
import { rangeOf, type Share, shareOf } from './partition.ts';
import type { SlabBuffer } from './image-layout.ts';

export interface DropoutArguments {
  x: SlabBuffer;
  y: SlabBuffer;
  rate: number;
  /** uint32 */
  seed: number;
}

/** y = x where an element is kept, divided by 1 − rate (src/network/dropout.ts). */
export function dropout({ x, y, rate, seed }: DropoutArguments, share: Share): void {
  const kept = 1 / (1 - rate);
  const threshold = dropoutThreshold(rate);
  const [from, to] = [x.data, y.data];
  x.layout.forEachRun(
    (run, index, stride, images) => {
      for (let image = 0; image < images; image++) {
        to[run + image] = from[run + image]! * (keepsElement(seed, index + image * stride, threshold) * kept);
      }
    },
    shareOf(x.layout.chunks, share),
  );
}

export interface AdamWArguments {
  parameter: Float32Array;
  gradient: Float32Array;
  m: Float32Array;
  v: Float32Array;
  newParameter: Float32Array;
  newM: Float32Array;
  newV: Float32Array;
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Counted from 1. */
  step: number;
}

/** One step of AdamW, in PyTorch's order of operations (src/network/adamw.ts). */
export function adamW(args: AdamWArguments, share: Share): void {
  const { parameter, gradient, m, v, newParameter, newM, newV } = args;
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = args;
  const decay = 1 - learningRate * weightDecay;
  const stepSize = learningRate / (1 - beta1 ** step);
  const correction = Math.sqrt(1 - beta2 ** step);
  const [begin, end] = rangeOf(parameter.length, share);
  for (let i = begin; i < end; i++) {
    const g = gradient[i]!;
    const first = beta1 * m[i]! + (1 - beta1) * g;
    const second = beta2 * v[i]! + (1 - beta2) * g * g;
    newM[i] = first;
    newV[i] = second;
    newParameter[i] = parameter[i]! * decay - (stepSize * first) / (Math.sqrt(second) / correction + epsilon);
  }
}
