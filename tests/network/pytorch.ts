import { readFileSync } from 'node:fs';
import type { Weight } from '../../src/network/architecture.ts';
import { sizeOf } from '../../src/math/arrays.ts';

/** A tensor as PyTorch stores it: convolutions OIHW, linear layers (out, in). */
export interface TorchTensor {
  shape: number[];
  data: number[];
}

/** Reads one of PyTorch's files; what stands in them is said in their `about`. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/golden/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** Moves axes: axis i of the result is axis `order[i]` of the input. */
export function permute({ shape, data }: TorchTensor, order: number[]): TorchTensor {
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)));
  const permuted = order.map((axis) => shape[axis]!);
  const result = Array.from(data, (_, i) => {
    let from = 0;
    for (let axis = order.length - 1; axis >= 0; axis--) {
      from += (i % permuted[axis]!) * strides[order[axis]!]!;
      i = Math.floor(i / permuted[axis]!);
    }
    return data[from]!;
  });
  return { shape: permuted, data: result };
}

/**
 * A parameter in the layout of this project: HWIO, [in, out].
 * @param flattened [C, H, W] for the dense layer behind the flattening, which PyTorch does channels first
 */
export function fromTorch(tensor: TorchTensor, flattened?: [number, number, number]): Weight {
  const { shape, data } = tensor;
  let moved = tensor;
  if (shape.length === 4) moved = permute(tensor, [2, 3, 1, 0]);
  if (shape.length === 2) {
    moved = flattened
      ? permute({ shape: [shape[0]!, ...flattened], data }, [2, 3, 1, 0])
      : permute(tensor, [1, 0]);
    moved = { shape: [shape[1]!, shape[0]!], data: moved.data };
  }
  return { shape: moved.shape, data: Float32Array.from(moved.data) };
}

export function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

/** The greatest absolute difference of two lists of numbers. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values beside ${b.length}`);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}
