/** Batch normalisation in training, pooling's gradient, dropout and sums by channel, on tensors in the memory. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../math/arrays.ts';
import type { KernelAttributes, KernelInputs } from '../../network/kernel-contract.ts';
import { dropoutThreshold, keepsElement } from '../../math/random.ts';
import type { WasmMemory } from './memory.ts';

/** Rows that are summed up in float32; the sums of such blocks are added up in double precision. */
const BLOCK = 64;

/** Whether rows of a tensor are whole vectors. */
export const hasVectors = ({ shape }: TensorInfo): boolean => shape.length > 0 && shape.at(-1)! % 4 === 0;

interface Rows {
  readonly rows: number;
  readonly channels: number;
  readonly vectors: number;
}

function rowsOf({ shape }: TensorInfo): Rows {
  const channels = shape.at(-1)!;
  return { rows: sizeOf(shape) / channels, channels, vectors: channels / 4 };
}

/**
 * Sums over rows, block by block.
 * @param at where a block's sums are computed, `kinds` times one for each channel
 * @param add adds a block to them
 */
function summed(
  memory: WasmMemory,
  { rows, channels }: Rows,
  kinds: number,
  at: number,
  add: (first: number, count: number) => void,
): Float64Array {
  const totals = new Float64Array(kinds * channels);
  const sums = memory.floats().subarray(at / 4, at / 4 + totals.length);
  for (let first = 0; first < rows; first += BLOCK) {
    sums.fill(0);
    add(first, Math.min(BLOCK, rows - first));
    for (let i = 0; i < totals.length; i++) totals[i]! += sums[i]!;
  }
  return totals;
}

/** Sums over all axes but the last. @returns [C] */
export function channelSums(memory: WasmMemory, x: TensorInfo): TensorInfo {
  const size = rowsOf(x);
  const result = memory.output([size.channels]);
  const [from, to] = [memory.address(x), memory.address(result)];
  const totals = summed(memory, size, 1, to, (first, count) =>
    memory.routines.addRows(count, size.vectors, from + 4 * first * size.channels, to),
  );
  memory.floats().set(totals, to / 4);
  return result;
}

/** Outputs that hold one number for each channel. */
function ofChannels(memory: WasmMemory, values: Float64Array): TensorInfo {
  const result = memory.output([values.length]);
  memory.floats().set(values, memory.address(result) / 4);
  return result;
}

export function batchNormTrain(
  memory: WasmMemory,
  { x, gamma, beta }: KernelInputs<'BatchNormTrain'>,
  { epsilon, activation }: KernelAttributes<'BatchNormTrain'>,
): TensorInfo[] {
  const size = rowsOf(x);
  const { rows, channels, vectors } = size;
  const { routines } = memory;
  const y = memory.output(x.shape);
  return memory.withScratch([channels, channels, channels], (sums, center, scale) => {
    const from = memory.address(x);
    const at = (first: number): number => from + 4 * first * channels;
    const mean = summed(memory, size, 1, sums, (first, count) =>
      routines.addRows(count, vectors, at(first), sums),
    ).map((sum) => sum / rows);
    memory.floats().set(mean, center / 4);
    const variance = summed(memory, size, 1, sums, (first, count) =>
      routines.addSquares(count, vectors, at(first), sums, center),
    ).map((sum) => sum / rows);
    memory.floats().set(scales(memory, variance, gamma, epsilon), scale / 4);
    const [shift, floor] = [memory.address(beta), floorOf(activation)];
    routines.normalise(rows, vectors, from, memory.address(y), center, scale, shift, floor);
    return [y, ofChannels(memory, mean), ofChannels(memory, variance)];
  });
}

export function batchNormTrainGradient(
  memory: WasmMemory,
  { dy, x, gamma, beta, mean, variance }: KernelInputs<'BatchNormTrainGrad'>,
  { epsilon, activation }: KernelAttributes<'BatchNormTrainGrad'>,
): TensorInfo[] {
  const size = rowsOf(x);
  const { rows, channels, vectors } = size;
  const { routines } = memory;
  const dx = memory.output(x.shape);
  return memory.withScratch([2 * channels, channels, channels, channels], (sums, scale, shared, slope) => {
    const [from, gradient, center, shift] = [x, dy, mean, beta].map((each) => memory.address(each)) as [
      ...[number, number, number, number],
    ];
    const floor = floorOf(activation);
    const deviations = Float64Array.from(valuesOf(memory, variance));
    const factors = scales(memory, deviations, gamma, epsilon);
    memory.floats().set(factors, scale / 4);
    const products = sums + 4 * channels;
    const totals = summed(memory, size, 2, sums, (first, count) => {
      const offset = 4 * first * channels;
      const tensors = [from + offset, gradient + offset] as const;
      routines.addNormaliseSums(count, vectors, ...tensors, center, scale, shift, sums, products, floor);
    });
    const dbeta = totals.subarray(0, channels);
    const inverse = deviations.map((each) => 1 / Math.sqrt(each + epsilon));
    const dgamma = totals.subarray(channels).map((sum, channel) => sum * inverse[channel]!);
    // What moving mean and variance along with x takes back.
    const floats = memory.floats();
    floats.set(
      dbeta.map((sum) => sum / rows),
      shared / 4,
    );
    floats.set(
      dgamma.map((sum, channel) => (sum * inverse[channel]!) / rows),
      slope / 4,
    );
    const target = memory.address(dx);
    routines.normaliseGradient(
      rows,
      vectors,
      from,
      gradient,
      target,
      center,
      scale,
      shift,
      shared,
      slope,
      floor,
    );
    return [dx, ofChannels(memory, dgamma), ofChannels(memory, Float64Array.from(dbeta))];
  });
}

const floorOf = (activation: 'linear' | 'relu'): number => (activation === 'relu' ? 0 : -Infinity);

function valuesOf(memory: WasmMemory, tensor: TensorInfo): Float32Array {
  const at = memory.address(tensor) / 4;
  return memory.floats().subarray(at, at + sizeOf(tensor.shape));
}

/** γ / √(variance + ε) */
function scales(
  memory: WasmMemory,
  variance: Float64Array,
  gamma: TensorInfo,
  epsilon: number,
): Float64Array {
  const factors = valuesOf(memory, gamma);
  return variance.map((each, channel) => factors[channel]! / Math.sqrt(each + epsilon));
}

/** Of 2×2 pooling with a stride of 2, which leaves an odd last row or column out. */
export function maxPoolGradient(memory: WasmMemory, x: TensorInfo, dy: TensorInfo): TensorInfo {
  const [images, height, width, channels] = x.shape as [number, number, number, number];
  const result = memory.output(x.shape);
  const [from, gradient, to] = [x, dy, result].map((each) => memory.address(each)) as [
    number,
    number,
    number,
  ];
  if (height % 2 || width % 2) valuesOf(memory, result).fill(0);
  const [down, across, row] = [height >> 1, width >> 1, 4 * width * channels];
  for (let line = 0; line < images * down; line++) {
    const offset = (Math.floor(line / down) * height + 2 * (line % down)) * row;
    const pooled = gradient + 4 * line * across * channels;
    memory.routines.poolGradient(across, channels / 4, from + offset, pooled, to + offset, row);
  }
  return result;
}

export function dropoutTrain(
  memory: WasmMemory,
  { x }: KernelInputs<'DropoutTrain'>,
  { rate, seed }: KernelAttributes<'DropoutTrain'>,
): TensorInfo {
  const result = memory.output(x.shape);
  const size = sizeOf(x.shape);
  const vectors = Math.floor(size / 4);
  const [from, to] = [memory.address(x), memory.address(result)];
  const [threshold, kept] = [dropoutThreshold(rate), 1 / (1 - rate)];
  memory.routines.dropout(from, to, vectors, seed, threshold, kept);
  const [before, after] = [valuesOf(memory, x), valuesOf(memory, result)];
  // The three at most that fill no vector.
  for (let i = 4 * vectors; i < size; i++) after[i] = before[i]! * keepsElement(seed, i, threshold) * kept;
  return result;
}
