/**
 * Element-wise kernels, reductions and softmax on large tensors. On small ones a call into ONNX Runtime costs more than
 * the work; they are left to the inherited kernels.
 */
import { env, type TensorInfo, util } from '@tensorflow/tfjs-core';

import type { Call, Kernel } from './call.ts';
import { sizeOf } from '../../math/arrays.ts';
import {
  type BinaryName,
  binaryOperators,
  pointwiseArray,
  pointwiseSlab,
  type UnaryName,
  unaryOperators,
} from './pointwise.ts';
import { type Axes, extremeOver, softmaxOf, sumOver } from './reduce.ts';

/** A tensor is large that has more elements than this. */
export const LARGE_FLAG = 'ONNXRUNTIME_LARGE';
env().registerFlag(LARGE_FLAG, () => 1 << 17);

export function isLarge({ shape, dtype }: TensorInfo): boolean {
  return dtype === 'float32' && sizeOf(shape) > env().getNumber(LARGE_FLAG);
}

const isSingle = ({ shape, dtype }: TensorInfo): boolean => dtype === 'float32' && sizeOf(shape) === 1;

const unary =
  (name: UnaryName): Kernel =>
  ({ inputs, backend }) => {
    const x = inputs['x']!;
    const slab = backend.slabOf(x);
    if (slab) return backend.wrapSlab(pointwiseSlab(backend, x.shape, { name, x: slab, y: undefined }));
    if (!isLarge(x)) return undefined;
    return backend.wrapArray(pointwiseArray(backend, name, backend.values(x)), x.shape);
  };

/** f(a, b) of tensors of one shape, or of a tensor and a single number. */
function binary(
  name: BinaryName,
  a: TensorInfo,
  b: TensorInfo,
  backend: Call['backend'],
): ReturnType<Kernel> {
  const largest = sizeOf(a.shape) >= sizeOf(b.shape) ? a : b;
  const other = largest === a ? b : a;
  const same = util.arraysEqual(a.shape, b.shape);
  // A single number of more axes would give the result more.
  if (!same && !(isSingle(other) && other.shape.length <= largest.shape.length)) return undefined;
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  if (backend.slabOf(a) ?? backend.slabOf(b)) {
    return backend.withSlab(largest, (slab) => {
      const compute = (operand: typeof slab | Float32Array): TensorInfo => {
        const [x, y] = largest === a ? [slab, operand] : [operand, slab];
        return backend.wrapSlab(pointwiseSlab(backend, largest.shape, { name, x, y }));
      };
      return same ? backend.withSlab(other, compute) : compute(Float32Array.from(backend.values(other)));
    });
  }
  if (!isLarge(largest)) return undefined;
  return backend.wrapArray(
    pointwiseArray(backend, name, backend.values(a), backend.values(b)),
    largest.shape,
  );
}

const binaryKernel =
  (name: BinaryName): Kernel =>
  ({ inputs, backend }) =>
    binary(name, inputs['a']!, inputs['b']!, backend);

const square: Kernel = ({ inputs, backend }) => binary('Multiply', inputs['x']!, inputs['x']!, backend);

/** The tensor as [outer, reduced, inner], and the shape of the result; nothing where other axes lie between those reduced. */
function axesOf(
  { shape }: TensorInfo,
  axis: unknown,
  keepDims: unknown,
): { axes: Axes; result: number[] } | undefined {
  const reduced = util.parseAxisParam(axis as number | number[], shape).sort((a, b) => a - b);
  const first = reduced[0];
  if (first === undefined || reduced.some((each, i) => each !== first + i)) return undefined;
  const end = first + reduced.length;
  return {
    axes: {
      outer: sizeOf(shape.slice(0, first)),
      reduced: sizeOf(shape.slice(first, end)),
      inner: sizeOf(shape.slice(end)),
    },
    result: shape.flatMap((size, i) => (i < first || i >= end ? [size] : keepDims ? [1] : [])),
  };
}

/** Reduces with `reduce`, if the tensor is large and the axes are neighbours. */
function reduction(
  { inputs, attributes, backend }: Call,
  reduce: (values: Float32Array, axes: Axes) => Float32Array | undefined,
): ReturnType<Kernel> {
  const x = inputs['x']!;
  if (!isLarge(x)) return undefined;
  const found = axesOf(x, attributes['axis'] ?? attributes['reductionIndices'], attributes['keepDims']);
  const values = found && reduce(backend.values(x), found.axes);
  return values && backend.wrap(values, found.result);
}

export const sum: Kernel = (call) => reduction(call, (x, axes) => sumOver(call.backend, x, axes));

const mean: Kernel = (call) =>
  reduction(call, (x, axes) => sumOver(call.backend, x, axes).map((total) => total / axes.reduced));

const extreme =
  (name: 'Max' | 'Min'): Kernel =>
  (call) =>
    reduction(call, (x, axes) => extremeOver(call.backend, name, x, axes));

const softmax: Kernel = ({ inputs, attributes, backend }) => {
  const logits = inputs['logits']!;
  const { shape } = logits;
  const dim = attributes['dim'];
  const last = shape.length - 1;
  if (!isLarge(logits) || (dim !== last && dim !== -1)) return undefined;
  return backend.wrapArray(softmaxOf(backend, backend.values(logits), shape[last]!), shape);
};

const named = <Name extends string>(
  operators: Record<Name, unknown>,
  kernel: (name: Name) => Kernel,
): [Name, Kernel][] => (Object.keys(operators) as Name[]).map((name) => [name, kernel(name)]);

/** By the names of tfjs's kernels. */
export const largeKernels: Record<string, Kernel> = {
  ...Object.fromEntries<Kernel>([...named(unaryOperators, unary), ...named(binaryOperators, binaryKernel)]),
  Square: square,
  Mean: mean,
  Max: extreme('Max'),
  Min: extreme('Min'),
  Softmax: softmax,
};
