/** Element-wise functions on image buffers and on large tensors; small ones are left to the inherited kernels. */
import { type TensorInfo, util } from '@tensorflow/tfjs-core';

import { sizeOf } from '../../math/arrays.ts';
import { isLarge, type Kernel, type Kernels, type OnnxRuntimeBackend } from './backend.ts';
import { type OrtTensor, tensor } from './compiled-graph.ts';
import {
  type BinaryName,
  binaryOperators,
  elementwise,
  elementwiseGraph,
  type UnaryName,
  unaryOperators,
} from './elementwise.ts';
import type { ImageBuffer } from './image-layout.ts';

/** Floats at a time: intermediate results then stay below what the allocator maps afresh at every call. */
const PIECE = 1 << 20;

/** f of every element of a tensor, or of two tensors of which one may have a single element. */
function ofValues(
  backend: OnnxRuntimeBackend,
  name: UnaryName | BinaryName,
  shape: number[],
  a: TensorInfo,
  b?: TensorInfo,
): TensorInfo {
  const [x, y] = [backend.values(a), b && backend.values(b)];
  const z = backend.arrays.take(sizeOf(shape));
  const graph = elementwiseGraph(name, backend.threads.size);
  for (let begin = 0; begin < z.length; begin += PIECE) {
    const end = Math.min(z.length, begin + PIECE);
    const piece = (values: Float32Array): OrtTensor =>
      values.length === 1 ? tensor(values, [1]) : tensor(values.subarray(begin, end), [end - begin]);
    graph({ x: piece(x), ...(y && { y: piece(y) }) }, { z: piece(z) });
  }
  return backend.wrapArray(z, shape);
}

/** The same where one operand at least is an image buffer. */
function ofImages(
  backend: OnnxRuntimeBackend,
  name: UnaryName | BinaryName,
  shape: number[],
  x: ImageBuffer | Float32Array,
  y?: ImageBuffer | Float32Array,
): TensorInfo {
  const z = backend.images.take(shape);
  backend.threads.run(elementwise, { name, x, y, z });
  return backend.wrapImages(z);
}

const unary =
  (name: UnaryName): Kernel =>
  ({ inputs, backend }) => {
    const x = inputs['x']!;
    const images = backend.imagesOf(x);
    if (images) return ofImages(backend, name, x.shape, images);
    return isLarge(x) ? ofValues(backend, name, x.shape, x) : undefined;
  };

/** f(a, b) of tensors of one shape, or of a tensor and a single number. */
function binary(
  name: BinaryName,
  a: TensorInfo,
  b: TensorInfo,
  backend: OnnxRuntimeBackend,
): ReturnType<Kernel> {
  const [largest, other] = sizeOf(a.shape) >= sizeOf(b.shape) ? [a, b] : [b, a];
  const same = util.arraysEqual(a.shape, b.shape);
  // A single number of more axes would give the result more.
  const single = sizeOf(other.shape) === 1 && other.shape.length <= largest.shape.length;
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || !(same || single)) return undefined;
  if (!backend.imagesOf(a) && !backend.imagesOf(b)) {
    return isLarge(largest) ? ofValues(backend, name, largest.shape, a, b) : undefined;
  }
  if (same) return backend.withImages([a, b], (x, y) => ofImages(backend, name, a.shape, x, y));
  const number = Float32Array.from(backend.values(other));
  return backend.withImages([largest], (images) => {
    const [x, y] = largest === a ? [images, number] : [number, images];
    return ofImages(backend, name, largest.shape, x, y);
  });
}

const binaryKernel =
  (name: BinaryName): Kernel =>
  ({ inputs, backend }) =>
    binary(name, inputs['a']!, inputs['b']!, backend);

const named = <Name extends string>(
  operators: Record<Name, unknown>,
  kernel: (name: Name) => Kernel,
): [Name, Kernel][] => (Object.keys(operators) as Name[]).map((name) => [name, kernel(name)]);

export const elementwiseKernels: Kernels = {
  ...Object.fromEntries<Kernel>([...named(unaryOperators, unary), ...named(binaryOperators, binaryKernel)]),
  Square: ({ inputs, backend }) => binary('Multiply', inputs['x']!, inputs['x']!, backend),
};
