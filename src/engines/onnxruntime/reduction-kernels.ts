/** Sums, means and extremes over neighbouring axes of large tensors, and softmax; all else is left to the inherited kernels. */
import { type TensorInfo, util } from '@tensorflow/tfjs-core';

import { sizeOf } from '../../math/arrays.ts';
import { isLarge, type Kernel, type Kernels } from './backend.ts';
import { compiledGraph, type Graph, node, tensor } from './compiled-graph.ts';

/** An array as [outer, reduced, inner]. */
interface Axes {
  outer: number;
  reduced: number;
  inner: number;
}

/** A longer sum over the first axes is cut; its parts, of single precision, are added up in double precision. */
const LONGEST = 1024;

interface Reduction {
  name: 'Sum' | 'Max' | 'Min';
  axes: Axes;
  threads: number;
}

/**
 * Reduces the middle axis of [outer, reduced, inner] to outputs of [outer, inner]: the sums, and the extremes where they
 * are wanted. ONNX Runtime is a hundred times slower where an axis is of size 1, so there are none of these.
 */
function reduce(
  { name, axes, threads }: Reduction,
  x: Float32Array,
): { result: Float32Array; sums: Float32Array } {
  const { outer, reduced, inner } = axes;
  if (reduced === 1) return { result: x.slice(), sums: x };
  const kept = [outer, inner].filter((size) => size > 1);
  const shape = [...(outer > 1 ? [outer] : []), reduced, ...(inner > 1 ? [inner] : [])];
  const axis = outer > 1 ? 1 : 0;
  const sums = new Float32Array(outer * inner);
  const result = name === 'Sum' ? sums : new Float32Array(outer * inner);
  const graph = compiledGraph(
    `${name}-${axis}-${shape.length}-${threads}`,
    () => reductionGraph(name, axis, shape.length),
    threads,
  );
  graph(
    { x: tensor(x, shape) },
    { sum: tensor(sums, kept), ...(name !== 'Sum' && { extreme: tensor(result, kept) }) },
  );
  return { result, sums };
}

function reductionGraph(name: Reduction['name'], axis: number, rank: number): Graph {
  const dimensions = Array.from({ length: rank }, (_, i) => `d${i}`);
  const output = (name: string) => ({ name, shape: dimensions.filter((_, i) => i !== axis) });
  const sum = node('ReduceSum', ['x', 'axis'], ['sum'], { keepdims: 0 });
  const extreme = node(`Reduce${name}`, ['x'], ['extreme'], { axes: [axis], keepdims: 0 });
  return {
    inputs: [{ name: 'x', shape: dimensions }],
    outputs: [output('sum'), ...(name === 'Sum' ? [] : [output('extreme')])],
    constants: [{ name: 'axis', shape: [1], data: new BigInt64Array([BigInt(axis)]) }],
    nodes: [sum, ...(name === 'Sum' ? [] : [extreme])],
  };
}

/** @returns [outer, inner], row-major */
function sumOver(threads: number, x: Float32Array, axes: Axes): Float32Array {
  const sum = (values: Float32Array, of: Axes): Float32Array =>
    reduce({ name: 'Sum', axes: of, threads }, values).result;
  const { outer, reduced, inner } = axes;
  if (outer > 1 || reduced <= LONGEST) return sum(x, axes);
  const pieces = Math.floor(reduced / LONGEST);
  const cut = pieces * LONGEST;
  const parts = [sum(x.subarray(0, cut * inner), { outer: pieces, reduced: LONGEST, inner })];
  if (cut < reduced) parts.push(sum(x.subarray(cut * inner), { outer: 1, reduced: reduced - cut, inner }));
  const totals = new Float64Array(inner);
  for (const part of parts) part.forEach((value, i) => (totals[i % inner]! += value));
  return Float32Array.from(totals);
}

/** The tensor as [outer, reduced, inner], and the shape of the result; undefined where other axes lie between those reduced. */
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
const reduction =
  (reduce: (values: Float32Array, axes: Axes, threads: number) => Float32Array | undefined): Kernel =>
  ({ inputs, attributes, backend }) => {
    const x = inputs['x']!;
    if (!isLarge(x)) return undefined;
    const found = axesOf(x, attributes['axis'] ?? attributes['reductionIndices'], attributes['keepDims']);
    const values = found && reduce(backend.values(x), found.axes, backend.threads.size);
    return values && backend.wrap(values, found.result);
  };

export const sumKernel = reduction((x, axes, threads) => sumOver(threads, x, axes));

/** Left to the inherited kernel where a value is not a number, which ONNX Runtime overlooks. */
const extreme = (name: 'Max' | 'Min'): Kernel =>
  reduction((x, axes, threads) => {
    const { result, sums } = reduce({ name, axes, threads }, x);
    // A sum that is a number has only numbers in it.
    return sums.some(Number.isNaN) ? undefined : result;
  });

const Softmax: Kernel = ({ inputs, attributes, backend }) => {
  const logits = inputs['logits']!;
  const { shape } = logits;
  const last = shape.length - 1;
  if (!isLarge(logits) || (attributes['dim'] !== last && attributes['dim'] !== -1)) return undefined;
  const matrix = (name: string) => ({ name, shape: ['rows', 'columns'] });
  const graph = compiledGraph(
    'softmax',
    () => ({
      inputs: [matrix('x')],
      outputs: [matrix('y')],
      nodes: [node('Softmax', ['x'], ['y'], { axis: 1 })],
    }),
    backend.threads.size,
  );
  const y = backend.arrays.take(sizeOf(shape));
  const rows = [y.length / shape[last]!, shape[last]!];
  graph({ x: tensor(backend.values(logits), rows) }, { y: tensor(y, rows) });
  return backend.wrapArray(y, shape);
};

export const reductionKernels: Kernels = {
  Mean: reduction((x, axes, threads) => sumOver(threads, x, axes).map((total) => total / axes.reduced)),
  Max: extreme('Max'),
  Min: extreme('Min'),
  Softmax,
};
