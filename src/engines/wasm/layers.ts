/** Batch normalisation in training, pooling's gradient, dropout and sums by channel, on tensors in the memory. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../math/arrays.ts';
import type { KernelAttributes, KernelInputs } from '../../network/kernel-contract.ts';
import { dropoutThreshold, keepsElement } from '../../math/random.ts';
import type { Stored } from './convolution.ts';
import type { Machine } from './machine.ts';
import { PASS, type WasmMemory } from './memory.ts';

/** Rows that are summed up in float32; the sums of such blocks are added up in double precision. */
const BLOCK = 64;

/** Whether rows of a tensor are whole vectors. */
export const hasVectors = ({ shape }: TensorInfo): boolean => shape.length > 0 && shape.at(-1)! % 4 === 0;

interface Rows {
  readonly rows: number;
  readonly channels: number;
}

function rowsOf({ shape }: TensorInfo): Rows {
  const channels = shape.at(-1)!;
  return { rows: sizeOf(shape) / channels, channels };
}

/**
 * Sums over rows.
 * @param kinds how many sums there are for each channel
 * @param add computes those of each block, which lie one after another at an address
 */
function summed(
  memory: WasmMemory,
  { rows, channels }: Rows,
  kinds: number,
  add: (sums: number) => void,
): Float64Array {
  const totals = new Float64Array(kinds * channels);
  const size = Math.ceil(rows / BLOCK) * totals.length;
  return memory.withScratch([size], (at) => {
    add(at);
    const sums = memory.floats().subarray(at / 4, at / 4 + size);
    for (let first = 0; first < size; first += totals.length) {
      for (let i = 0; i < totals.length; i++) totals[i]! += sums[first + i]!;
    }
    return totals;
  });
}

/** Goes through a part of the blocks of rows. @param use gets the first row, the number of rows and where its sums are to be */
function forBlocks(
  machine: Machine,
  { rows, channels }: Rows,
  kinds: number,
  sums: number,
  use: (offset: number, count: number, sums: number) => void,
): void {
  const floats = machine.floats();
  const [begin, end] = machine.share(Math.ceil(rows / BLOCK));
  const length = kinds * channels;
  floats.fill(0, sums / 4 + begin * length, sums / 4 + end * length);
  for (let block = begin; block < end; block++) {
    const first = block * BLOCK;
    use(4 * first * channels, Math.min(BLOCK, rows - first), sums + 4 * block * length);
  }
}

interface RowSums extends Rows {
  readonly x: number;
  readonly sums: number;
}

export function addRows(machine: Machine, { x, sums, ...size }: RowSums): void {
  forBlocks(machine, size, 1, sums, (offset, count, at) =>
    machine.routines.addRows(count, size.channels / 4, x + offset, at),
  );
}

export function addSquares(
  machine: Machine,
  { x, sums, center, ...size }: RowSums & { readonly center: number },
): void {
  forBlocks(machine, size, 1, sums, (offset, count, at) =>
    machine.routines.addSquares(count, size.channels / 4, x + offset, at, center),
  );
}

/** Sums over all axes but the last. @returns [C] */
export function channelSums(memory: WasmMemory, x: TensorInfo): TensorInfo {
  const size = rowsOf(x);
  const totals = summed(memory, size, 1, (sums) =>
    memory.run(addRows, { ...size, x: memory.address(x), sums }, PASS * sizeOf(x.shape)),
  );
  return ofChannels(memory, totals);
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
  const { rows, channels } = size;
  const work = PASS * sizeOf(x.shape);
  const y = memory.output(x.shape);
  return memory.withScratch([channels, channels], (center, scale) => {
    const from = { ...size, x: memory.address(x) };
    const mean = summed(memory, size, 1, (sums) => memory.run(addRows, { ...from, sums }, work)).map(
      (sum) => sum / rows,
    );
    memory.floats().set(mean, center / 4);
    const variance = summed(memory, size, 1, (sums) =>
      memory.run(addSquares, { ...from, sums, center }, work),
    ).map((sum) => sum / rows);
    memory.floats().set(scales(memory, variance, gamma, epsilon), scale / 4);
    const factors = { center, scale, shift: memory.address(beta), activation };
    memory.run(normalise, { ...from, y: memory.address(y), ...factors }, work);
    return [y, ofChannels(memory, mean), ofChannels(memory, variance)];
  });
}

/** By channel, and what comes behind it. */
interface Normalisation extends Rows {
  readonly x: number;
  readonly center: number;
  readonly scale: number;
  readonly shift: number;
  readonly activation: 'linear' | 'relu';
}

export function normalise(
  machine: Machine,
  { rows, channels, x, y, center, scale, shift, activation }: Normalisation & { readonly y: number },
): void {
  const [begin, end] = machine.share(rows);
  const [offset, vectors] = [4 * begin * channels, channels / 4];
  const factors = [center, scale, shift, floorOf(activation)] as const;
  machine.routines.normalise(end - begin, vectors, x + offset, y + offset, ...factors);
}

export function batchNormTrainGradient(
  memory: WasmMemory,
  { dy, x, gamma, beta, mean, variance }: KernelInputs<'BatchNormTrainGrad'>,
  { epsilon, activation }: KernelAttributes<'BatchNormTrainGrad'>,
): TensorInfo[] {
  const size = rowsOf(x);
  const { rows, channels } = size;
  const work = PASS * sizeOf(x.shape);
  const dx = memory.output(x.shape);
  return memory.withScratch([channels, channels, channels], (scale, shared, slope) => {
    const deviations = Float64Array.from(valuesOf(memory, variance));
    memory.floats().set(scales(memory, deviations, gamma, epsilon), scale / 4);
    const [center, shift] = [memory.address(mean), memory.address(beta)];
    const from = { ...size, x: memory.address(x), dy: memory.address(dy), center, scale, shift, activation };
    const totals = summed(memory, size, 2, (sums) => memory.run(addNormaliseSums, { ...from, sums }, work));
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
    memory.run(normaliseGradient, { ...from, dx: memory.address(dx), shared, slope }, work);
    return [dx, ofChannels(memory, dgamma), ofChannels(memory, Float64Array.from(dbeta))];
  });
}

interface NormalisationGradient extends Normalisation {
  readonly dy: number;
}

export function addNormaliseSums(
  machine: Machine,
  {
    x,
    dy,
    center,
    scale,
    shift,
    activation,
    sums,
    ...size
  }: NormalisationGradient & { readonly sums: number },
): void {
  const { channels } = size;
  forBlocks(machine, size, 2, sums, (offset, count, at) => {
    const tensors = [x + offset, dy + offset, center, scale, shift] as const;
    const floor = floorOf(activation);
    machine.routines.addNormaliseSums(count, channels / 4, ...tensors, at, at + 4 * channels, floor);
  });
}

export function normaliseGradient(
  machine: Machine,
  {
    rows,
    channels,
    x,
    dy,
    dx,
    center,
    scale,
    shift,
    shared,
    slope,
    activation,
  }: NormalisationGradient & { readonly dx: number; readonly shared: number; readonly slope: number },
): void {
  const [begin, end] = machine.share(rows);
  const offset = 4 * begin * channels;
  const tensors = [x + offset, dy + offset, dx + offset] as const;
  const factors = [center, scale, shift, shared, slope, floorOf(activation)] as const;
  machine.routines.normaliseGradient(end - begin, channels / 4, ...tensors, ...factors);
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
  const shape = x.shape as [number, number, number, number];
  const [, height, width] = shape;
  const result = memory.output(shape);
  if (height % 2 || width % 2) valuesOf(memory, result).fill(0);
  const [at, gradient, to] = [x, dy, result].map((each) => memory.address(each)) as [number, number, number];
  memory.run(poolGradient, { x: { at, shape }, dy: gradient, dx: to }, PASS * sizeOf(shape));
  return result;
}

export function poolGradient(
  machine: Machine,
  { x, dy, dx }: { readonly x: Stored; readonly dy: number; readonly dx: number },
): void {
  const [images, height, width, channels] = x.shape;
  const [down, across, row] = [height >> 1, width >> 1, 4 * width * channels];
  const [begin, end] = machine.share(images * down);
  for (let line = begin; line < end; line++) {
    const offset = (Math.floor(line / down) * height + 2 * (line % down)) * row;
    const pooled = dy + 4 * line * across * channels;
    machine.routines.poolGradient(across, channels / 4, x.at + offset, pooled, dx + offset, row);
  }
}

export function dropoutTrain(
  memory: WasmMemory,
  { x }: KernelInputs<'DropoutTrain'>,
  { rate, seed }: KernelAttributes<'DropoutTrain'>,
): TensorInfo {
  const result = memory.output(x.shape);
  const size = sizeOf(x.shape);
  const [from, to] = [memory.address(x), memory.address(result)];
  const [threshold, kept] = [dropoutThreshold(rate), 1 / (1 - rate)];
  memory.run(drop, { from, to, size, seed, threshold, kept }, PASS * size);
  const [before, after] = [valuesOf(memory, x), valuesOf(memory, result)];
  // The three at most that fill no vector.
  for (let i = size - (size % 4); i < size; i++)
    after[i] = before[i]! * keepsElement(seed, i, threshold) * kept;
  return result;
}

interface Dropping {
  readonly from: number;
  readonly to: number;
  /** Numbers, of which whole vectors are computed. */
  readonly size: number;
  readonly seed: number;
  readonly threshold: number;
  readonly kept: number;
}

export function drop(machine: Machine, { from, to, size, seed, threshold, kept }: Dropping): void {
  const [begin, end] = machine.share(Math.floor(size / 4));
  const offset = 16 * begin;
  machine.routines.dropout(from + offset, to + offset, end - begin, 4 * begin, seed, threshold, kept);
}
