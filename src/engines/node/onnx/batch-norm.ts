/** Batch normalisation in training, with an optional ReLU, on slab buffers (slab.ts). */
import { operation, tensor } from './operation.ts';
import type { Graph, ValueInfo } from './proto.ts';
import type { SlabBuffer, SlabPool } from './slab.ts';

const rows = (name: string): ValueInfo => ({ name, shape: ['height', 'channels', 'columns'] });
const perChannel = (name: string): ValueInfo => ({ name, shape: ['channels', 1] });
const total = (name: string): ValueInfo => ({ name, shape: ['channels'] });
const rowsAndColumns = { name: 'axes', shape: [2], data: new BigInt64Array([0n, 2n]) };
const sum = (input: string, output: string) => ({
  op: 'ReduceSum',
  inputs: [input, 'axes'],
  outputs: [output],
  attributes: { keepdims: 0 },
});

/** Sums of x and of x² over a chunk, per channel. */
const momentsGraph = (): Graph => ({
  inputs: [rows('x')],
  outputs: [total('sum'), total('squares')],
  constants: [rowsAndColumns],
  nodes: [sum('x', 'sum'), { op: 'Mul', inputs: ['x', 'x'], outputs: ['xx'] }, sum('xx', 'squares')],
});

/** y = scale·x + shift, or its positive part. */
const affineGraph = (relu: boolean): Graph => ({
  inputs: [rows('x'), total('scale'), total('shift'), total('zero'), total('one')],
  outputs: [rows('y')],
  nodes: [
    {
      // With mean 0 and variance 1 this is the affine map in one pass over memory.
      op: 'BatchNormalization',
      inputs: ['x', 'scale', 'shift', 'zero', 'one'],
      outputs: [relu ? 'z' : 'y'],
      attributes: { epsilon: { float: 0 } },
    },
    ...(relu ? [{ op: 'Relu', inputs: ['z'], outputs: ['y'] }] : []),
  ],
});

/** dz = dy where the ReLU let x through; sums of dz and of dz·x over a chunk, per channel. */
const reluGradientGraph = (): Graph => ({
  inputs: [rows('dy'), rows('x'), perChannel('scale'), perChannel('shift')],
  outputs: [rows('dz'), total('sum'), total('products')],
  constants: [rowsAndColumns, { name: 'nothing', shape: [], data: new Float32Array(1) }],
  nodes: [
    { op: 'Mul', inputs: ['x', 'scale'], outputs: ['scaled'] },
    { op: 'Add', inputs: ['scaled', 'shift'], outputs: ['z'] },
    { op: 'Greater', inputs: ['z', 'nothing'], outputs: ['open'] },
    { op: 'Where', inputs: ['open', 'dy', 'nothing'], outputs: ['dz'] },
    sum('dz', 'sum'),
    { op: 'Mul', inputs: ['dz', 'x'], outputs: ['dzx'] },
    sum('dzx', 'products'),
  ],
});

const linearGradientGraph = (): Graph => ({
  inputs: [rows('dy'), rows('x')],
  outputs: [total('sum'), total('products')],
  constants: [rowsAndColumns],
  nodes: [sum('dy', 'sum'), { op: 'Mul', inputs: ['dy', 'x'], outputs: ['dyx'] }, sum('dyx', 'products')],
});

/** dx = a·dz + b·x + c, each per channel. */
const combineGraph = (): Graph => ({
  inputs: [rows('dz'), rows('x'), perChannel('a'), perChannel('b'), perChannel('c')],
  outputs: [rows('dx')],
  nodes: [
    { op: 'Mul', inputs: ['dz', 'a'], outputs: ['adz'] },
    { op: 'Mul', inputs: ['x', 'b'], outputs: ['bx'] },
    { op: 'Add', inputs: ['bx', 'c'], outputs: ['bxc'] },
    { op: 'Add', inputs: ['adz', 'bxc'], outputs: ['dx'] },
  ],
});

/** Adds up per-chunk sums in float64, so that the difference of squares below keeps its digits. */
function accumulate(totals: Float64Array, part: Float32Array): void {
  for (let channel = 0; channel < totals.length; channel++) totals[channel]! += part[channel]!;
}

const elements = ({ layout: { shape } }: SlabBuffer): number => shape[0] * shape[1] * shape[2];

/** Mean and biased variance over all but the last axis. */
export function moments(x: SlabBuffer): { mean: Float32Array; variance: Float32Array } {
  const channels = x.layout.shape[3];
  const count = elements(x);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  const part = { sum: new Float32Array(channels), squares: new Float32Array(channels) };
  const outputs = { sum: tensor(part.sum, [channels]), squares: tensor(part.squares, [channels]) };
  for (const chunk of x.layout.chunks) {
    operation('moments', momentsGraph).run({ x: x.rows(chunk) }, outputs);
    accumulate(sums, part.sum);
    accumulate(squares, part.squares);
  }
  const mean = sums.map((value) => value / count);
  const variance = squares.map((value, channel) => Math.max(value / count - mean[channel]! ** 2, 0));
  return { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

/** scale and shift of the affine map that a normalisation is. */
export function affineOf(
  gamma: Float32Array,
  beta: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  epsilon: number,
): { scale: Float32Array; shift: Float32Array } {
  const scale = gamma.map((value, channel) => value / Math.sqrt(variance[channel]! + epsilon));
  const shift = beta.map((value, channel) => value - mean[channel]! * scale[channel]!);
  return { scale, shift };
}

/** scale·x + shift per channel, or its positive part. */
export function affine(
  pool: SlabPool,
  x: SlabBuffer,
  scale: Float32Array,
  shift: Float32Array,
  relu: boolean,
) {
  const channels = x.layout.shape[3];
  const y = pool.take(x.layout.shape);
  const graph = operation(relu ? 'affine-relu' : 'affine', () => affineGraph(relu));
  const parameters = {
    scale: tensor(scale, [channels]),
    shift: tensor(shift, [channels]),
    zero: tensor(new Float32Array(channels), [channels]),
    one: tensor(new Float32Array(channels).fill(1), [channels]),
  };
  for (const chunk of x.layout.chunks) {
    graph.run({ x: x.rows(chunk), ...parameters }, { y: y.rows(chunk) });
    y.clearPadding(chunk);
  }
  return y;
}

export interface BatchNormGradient {
  dx: SlabBuffer;
  dgamma: Float32Array;
  dbeta: Float32Array;
}

/**
 * The gradient of batch normalisation in training
 * (Ioffe and Szegedy, https://arxiv.org/abs/1502.03167, section 3) and of the ReLU behind it.
 * With dz the gradient in front of the ReLU, x̂ the normalised x and ⟨⟩ the mean over all but the channel:
 * dx = γ/σ · (dz − ⟨dz⟩ − x̂·⟨dz·x̂⟩), which is affine in dz and x.
 */
export function batchNormGradient(
  pool: SlabPool,
  dy: SlabBuffer,
  x: SlabBuffer,
  parameters: { gamma: Float32Array; beta: Float32Array; mean: Float32Array; variance: Float32Array },
  epsilon: number,
  relu: boolean,
): BatchNormGradient {
  const { gamma, beta, mean, variance } = parameters;
  const { shape, chunks } = x.layout;
  const channels = shape[3];
  const count = elements(x);
  const column = (values: Float32Array) => tensor(values, [channels, 1]);
  const sums = new Float64Array(channels);
  const products = new Float64Array(channels);
  const part = { sum: new Float32Array(channels), products: new Float32Array(channels) };
  const outputs = { sum: tensor(part.sum, [channels]), products: tensor(part.products, [channels]) };
  const dz = relu ? pool.take(shape) : dy;
  const { scale, shift } = affineOf(gamma, beta, mean, variance, epsilon);
  const [scaleColumn, shiftColumn] = [column(scale), column(shift)];
  for (const chunk of chunks) {
    const inputs = { dy: dy.rows(chunk), x: x.rows(chunk) };
    if (relu) {
      operation('relu-gradient', reluGradientGraph).run(
        { ...inputs, scale: scaleColumn, shift: shiftColumn },
        { ...outputs, dz: dz.rows(chunk) },
      );
    } else operation('linear-gradient', linearGradientGraph).run(inputs, outputs);
    accumulate(sums, part.sum);
    accumulate(products, part.products);
  }
  const dbeta = Float32Array.from(sums);
  const dgamma = new Float32Array(channels);
  const [a, b, c] = [new Float32Array(channels), new Float32Array(channels), new Float32Array(channels)];
  for (let channel = 0; channel < channels; channel++) {
    const deviation = Math.sqrt(variance[channel]! + epsilon);
    const projected = (products[channel]! - mean[channel]! * sums[channel]!) / deviation;
    dgamma[channel] = projected;
    a[channel] = gamma[channel]! / deviation;
    const slope = -(gamma[channel]! / deviation ** 2) * (projected / count);
    b[channel] = slope;
    c[channel] = -slope * mean[channel]! - (gamma[channel]! / deviation) * (sums[channel]! / count);
  }
  const dx = pool.take(shape);
  const factors = { a: column(a), b: column(b), c: column(c) };
  for (const chunk of chunks) {
    operation('combine', combineGraph).run(
      { dz: dz.rows(chunk), x: x.rows(chunk), ...factors },
      { dx: dx.rows(chunk) },
    );
    dx.clearPadding(chunk);
  }
  if (relu) pool.give(dz);
  return { dx, dgamma, dbeta };
}

/** Sums over all but the last axis, in float64 over the chunks: the gradient of a bias. */
export function channelSums(x: SlabBuffer): Float32Array {
  const channels = x.layout.shape[3];
  const sums = new Float64Array(channels);
  const part = new Float32Array(channels);
  const graph = operation('channel-sums', () => ({
    inputs: [rows('x')],
    outputs: [total('sum')],
    constants: [rowsAndColumns],
    nodes: [sum('x', 'sum')],
  }));
  for (const chunk of x.layout.chunks) {
    graph.run({ x: x.rows(chunk) }, { sum: tensor(part, [channels]) });
    accumulate(sums, part);
  }
  return Float32Array.from(sums);
}
