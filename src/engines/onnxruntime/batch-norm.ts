/** What each thread does of batch normalisation in training, with an optional ReLU, on image buffers (image-layout.ts). */
import type { ValueInfo } from '../../artifacts/onnx-encoder.ts';
import {
  type CompiledGraph,
  compiledGraph,
  type Graph,
  type Node,
  node,
  type Tensors,
  tensor,
  withRelu,
} from './compiled-graph.ts';
import type { ImageBuffer } from './image-layout.ts';
import { itemsOf, type Part } from './thread-pool.ts';

const rows = (name: string): ValueInfo => ({ name, shape: ['height', 'channels', 'columns'] });
const perChannel = (name: string): ValueInfo => ({ name, shape: ['channels', 1] });
const total = (name: string): ValueInfo => ({ name, shape: ['channels'] });
const rowsAndColumns = { name: 'axes', shape: [2], data: new BigInt64Array([0n, 2n]) };
const sum = (input: string, output: string): Node =>
  node('ReduceSum', [input, 'axes'], [output], { keepdims: 0 });

/** scale·x + shift in one pass over memory: with mean 0 and variance 1, ONNX's normalisation is this affine map. */
const AFFINE = ['BatchNormalization', ['x', 'scale', 'shift', 'zero', 'one']] as const;
const affineInfo = ['scale', 'shift', 'zero', 'one'].map(total);

/** Sums of x and of x² over a block, per channel. */
const momentsGraph = (): Graph => ({
  inputs: [rows('x')],
  outputs: [total('sum'), total('squares')],
  constants: [rowsAndColumns],
  nodes: [sum('x', 'sum'), node('Mul', ['x', 'x'], ['xx']), sum('xx', 'squares')],
});

/** y = scale·x + shift, or its positive part. */
const affineGraph = (relu: boolean): Graph => ({
  inputs: [rows('x'), ...affineInfo],
  outputs: [rows('y')],
  nodes: withRelu(relu, AFFINE[0], [...AFFINE[1]], { epsilon: { float: 0 } }),
});

/** dz = dy where scale·x + shift > 0; sums of dz and of dz·x over a block, per channel. */
const reluGradientGraph = (): Graph => ({
  inputs: [rows('dy'), rows('x'), perChannel('scale'), perChannel('minusShift')],
  outputs: [rows('dz'), total('sum'), total('products')],
  constants: [rowsAndColumns, { name: 'nothing', shape: [], data: new Float32Array(1) }],
  nodes: [
    node('Mul', ['x', 'scale'], ['scaled']),
    node('Greater', ['scaled', 'minusShift'], ['open']),
    node('Where', ['open', 'dy', 'nothing'], ['dz']),
    sum('dz', 'sum'),
    node('Mul', ['dz', 'x'], ['dzx']),
    sum('dzx', 'products'),
  ],
});

const linearGradientGraph = (): Graph => ({
  inputs: [rows('dy'), rows('x')],
  outputs: [total('sum'), total('products')],
  constants: [rowsAndColumns],
  nodes: [sum('dy', 'sum'), node('Mul', ['dy', 'x'], ['dyx']), sum('dyx', 'products')],
});

/** dx = a·dz + scale·x + shift, each per channel; the sum of dx over a block, padding included. */
const combineGraph = (): Graph => ({
  inputs: [rows('dz'), rows('x'), perChannel('a'), ...affineInfo],
  outputs: [rows('dx'), total('sum')],
  constants: [rowsAndColumns],
  nodes: [
    node('Mul', ['dz', 'a'], ['adz']),
    node(AFFINE[0], AFFINE[1], ['mapped'], { epsilon: { float: 0 } }),
    node('Add', ['adz', 'mapped'], ['dx']),
    sum('dx', 'sum'),
  ],
});

const channelSumsGraph = (): Graph => ({
  inputs: [rows('x')],
  outputs: [total('sum')],
  constants: [rowsAndColumns],
  nodes: [sum('x', 'sum')],
});

/** What a graph is run on, block by block; everything by the graph's names. */
interface BlockWork {
  images: Record<string, ImageBuffer>;
  parameters?: Tensors;
  outputs?: Record<string, ImageBuffer>;
  /** The graph's outputs that are summed over the blocks, in the order of the rows of `totals`. */
  sums?: readonly string[];
  /** [threads, sums, C], shared; in float64, so that sums over many blocks keep their digits */
  totals?: Float64Array;
}

/** Runs a graph on each of the part's blocks and leaves the padding of what it writes zero. */
function overBlocks(graph: CompiledGraph, work: BlockWork, part: Part): void {
  const { images, parameters = {}, outputs = {}, sums = [], totals } = work;
  const { layout } = Object.values(images)[0]!;
  const channels = layout.shape[3];
  const blockSums = sums.map((name) => [name, tensor(new Float32Array(channels), [channels])] as const);
  const summed = Object.fromEntries(blockSums);
  for (const block of itemsOf(layout.blocks, part)) {
    const views = (buffers: Record<string, ImageBuffer>): Tensors =>
      Object.fromEntries(Object.entries(buffers).map(([name, buffer]) => [name, buffer.rows(block)]));
    graph({ ...views(images), ...parameters }, { ...views(outputs), ...summed });
    let at = part.index * sums.length * channels;
    for (const [, { data }] of blockSums) {
      for (const value of data as Float32Array) totals![at++]! += value;
    }
    for (const buffer of Object.values(outputs)) buffer.clearPadding(block);
  }
}

/** The affine map's parameters as the graphs take them. */
function affineParameters(scale: Float32Array, shift: Float32Array): Tensors {
  const channels = scale.length;
  const one = new Float32Array(channels).fill(1);
  const values = { scale, shift, zero: new Float32Array(channels), one };
  return Object.fromEntries(Object.entries(values).map(([name, each]) => [name, tensor(each, [channels])]));
}

interface SumsArguments {
  x: ImageBuffer;
  totals: Float64Array;
}

/** Sums of x and of x² per channel. */
export function moments({ x, totals }: SumsArguments, part: Part): void {
  const graph = compiledGraph('moments', momentsGraph);
  overBlocks(graph, { images: { x }, sums: ['sum', 'squares'], totals }, part);
}

/** Sums of x per channel. */
export function channelSums({ x, totals }: SumsArguments, part: Part): void {
  overBlocks(compiledGraph('channel-sums', channelSumsGraph), { images: { x }, sums: ['sum'], totals }, part);
}

interface AffineArguments {
  x: ImageBuffer;
  y: ImageBuffer;
  scale: Float32Array;
  shift: Float32Array;
  relu: boolean;
}

/** y = scale·x + shift, or its positive part. */
export function affine({ x, y, scale, shift, relu }: AffineArguments, part: Part): void {
  const graph = compiledGraph(relu ? 'affine-relu' : 'affine', () => affineGraph(relu));
  overBlocks(graph, { images: { x }, parameters: affineParameters(scale, shift), outputs: { y } }, part);
}

interface GradientSumsArguments {
  dy: ImageBuffer;
  x: ImageBuffer;
  /** The gradient in front of a ReLU; dy itself without one. */
  dz: ImageBuffer;
  scale: Float32Array;
  shift: Float32Array;
  relu: boolean;
  totals: Float64Array;
}

/** dz, and the sums of dz and of dz·x per channel. */
export function gradientSums(args: GradientSumsArguments, part: Part): void {
  const { dy, x, dz, scale, shift, relu, totals } = args;
  const work = { images: { x, dy }, sums: ['sum', 'products'], totals };
  if (!relu) return overBlocks(compiledGraph('linear-gradient', linearGradientGraph), work, part);
  const shape = [scale.length, 1];
  const minusShift = shift.map((value) => -value);
  const parameters = { scale: tensor(scale, shape), minusShift: tensor(minusShift, shape) };
  const graph = compiledGraph('relu-gradient', reluGradientGraph);
  overBlocks(graph, { ...work, parameters, outputs: { dz } }, part);
}

interface CombineArguments {
  dz: ImageBuffer;
  x: ImageBuffer;
  dx: ImageBuffer;
  /** [C] each */
  a: Float32Array;
  b: Float32Array;
  c: Float32Array;
  totals: Float64Array;
}

/** dx = a·dz + b·x + c, and its sums per channel, padding included. */
export function combine({ dz, x, dx, a, b, c, totals }: CombineArguments, part: Part): void {
  const parameters = { a: tensor(a, [a.length, 1]), ...affineParameters(b, c) };
  const work = { images: { x, dz }, parameters, outputs: { dx }, sums: ['sum'], totals };
  overBlocks(compiledGraph('combine', combineGraph), work, part);
}
