/** Sums and extremes over some neighbouring axes of a row-major array, and softmax, in ONNX Runtime. */
import { operation, type OrtTensor, tensor } from './operation.ts';
import type { Graph } from './proto.ts';
import type { Workshop } from './workshop.ts';

/** An array as [outer, reduced, inner]. */
export interface Axes {
  outer: number;
  reduced: number;
  inner: number;
}

/** A longer sum over the first axes is cut, and its parts, of single precision, are added in double precision. */
const LONGEST = 1024;

const solid = { name: 'x', shape: ['outer', 'reduced', 'inner'] };
const flat = (name: string) => ({ name, shape: ['outer', 'inner'] });

const sumGraph = (): Graph => ({
  inputs: [solid],
  outputs: [flat('sum')],
  constants: [{ name: 'axis', shape: [1], data: new BigInt64Array([1n]) }],
  nodes: [{ op: 'ReduceSum', inputs: ['x', 'axis'], outputs: ['sum'], attributes: { keepdims: 0 } }],
});

const extremeGraph = (op: 'ReduceMax' | 'ReduceMin') => (): Graph => {
  const { constants, nodes } = sumGraph();
  return {
    inputs: [solid],
    outputs: [flat('extreme'), flat('sum')],
    constants,
    nodes: [...nodes, { op, inputs: ['x'], outputs: ['extreme'], attributes: { axes: [1], keepdims: 0 } }],
  };
};

const view = (values: Float32Array, { outer, reduced, inner }: Axes): OrtTensor =>
  tensor(values, [outer, reduced, inner]);

/** @returns [outer, inner], row-major */
export function sumOver({ team }: Workshop, x: Float32Array, axes: Axes): Float32Array {
  const graph = operation(`sum-${team.parts}`, sumGraph, team.parts);
  const sum = (values: Float32Array, of: Axes): Float32Array => {
    const sums = new Float32Array(of.outer * of.inner);
    graph.run({ x: view(values, of) }, { sum: tensor(sums, [of.outer, of.inner]) });
    return sums;
  };
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
  const { outer, inner } = axes;
  const graph = operation(`${name}-${team.parts}`, extremeGraph(`Reduce${name}`), team.parts);
  const [extreme, sums] = [new Float32Array(outer * inner), new Float32Array(outer * inner)];
  graph.run(
    { x: view(x, axes) },
    { extreme: tensor(extreme, [outer, inner]), sum: tensor(sums, [outer, inner]) },
  );
  // A sum that is a number has only numbers in it.
  return sums.some(Number.isNaN) ? undefined : extreme;
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
