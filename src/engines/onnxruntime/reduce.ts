/** Sums and extremes over some neighbouring axes of a row-major array, and softmax, in ONNX Runtime. */
import { operation, tensor } from './operation.ts';
import type { Graph } from '../../artifacts/onnx-encoder.ts';
import type { Workshop } from './workshop.ts';

/** An array as [outer, reduced, inner]. */
export interface Axes {
  outer: number;
  reduced: number;
  inner: number;
}

/** A longer sum over the first axes is cut, and its parts, of single precision, are added in double precision. */
const LONGEST = 1024;

interface Reduction {
  name: 'Sum' | 'Max' | 'Min';
  axes: Axes;
  threads: number;
}

/**
 * Reduces the middle axis of [outer, reduced, inner] to outputs of [outer, inner]: the sums, and the extremes where they
 * are asked for. ONNX Runtime is a hundred times slower where an axis is of size 1, so there are none of these.
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
  const graph = operation(
    `${name}-${axis}-${shape.length}-${threads}`,
    () => reductionGraph(name, axis, shape.length),
    threads,
  );
  graph.run(
    { x: tensor(x, shape) },
    { sum: tensor(sums, kept), ...(name !== 'Sum' && { extreme: tensor(result, kept) }) },
  );
  return { result, sums };
}

function reductionGraph(name: Reduction['name'], axis: number, rank: number): Graph {
  const dimensions = Array.from({ length: rank }, (_, i) => `d${i}`);
  const output = (name: string) => ({ name, shape: dimensions.filter((_, i) => i !== axis) });
  const sum = { op: 'ReduceSum', inputs: ['x', 'axis'], outputs: ['sum'], attributes: { keepdims: 0 } };
  const extreme = {
    op: `Reduce${name}`,
    inputs: ['x'],
    outputs: ['extreme'],
    attributes: { axes: [axis], keepdims: 0 },
  };
  return {
    inputs: [{ name: 'x', shape: dimensions }],
    outputs: [output('sum'), ...(name === 'Sum' ? [] : [output('extreme')])],
    constants: [{ name: 'axis', shape: [1], data: new BigInt64Array([BigInt(axis)]) }],
    nodes: [sum, ...(name === 'Sum' ? [] : [extreme])],
  };
}

/** @returns [outer, inner], row-major */
export function sumOver({ team }: Workshop, x: Float32Array, axes: Axes): Float32Array {
  const sum = (values: Float32Array, of: Axes): Float32Array =>
    reduce({ name: 'Sum', axes: of, threads: team.parts }, values).result;
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

/**
 * The largest or smallest value.
 * @returns [outer, inner], row-major; nothing where a value is not a number, which ONNX Runtime overlooks
 */
export function extremeOver(
  { team }: Workshop,
  name: 'Max' | 'Min',
  x: Float32Array,
  axes: Axes,
): Float32Array | undefined {
  const { result, sums } = reduce({ name, axes, threads: team.parts }, x);
  // A sum that is a number has only numbers in it.
  return sums.some(Number.isNaN) ? undefined : result;
}

/** Softmax of each row. @returns an array of the pool */
export function softmaxOf(
  { arrays, team }: Workshop,
  x: Float32Array,
  columns: number,
): Float32Array<SharedArrayBuffer> {
  const matrix = (name: string) => ({ name, shape: ['rows', 'columns'] });
  const graph = operation(
    `softmax-${team.parts}`,
    () => ({
      inputs: [matrix('x')],
      outputs: [matrix('y')],
      nodes: [{ op: 'Softmax', inputs: ['x'], outputs: ['y'], attributes: { axis: 1 } }],
    }),
    team.parts,
  );
  const y = arrays.take(x.length);
  const shape = [x.length / columns, columns];
  graph.run({ x: tensor(x, shape) }, { y: tensor(y, shape) });
  return y;
}
