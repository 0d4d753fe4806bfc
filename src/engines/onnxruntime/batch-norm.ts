/** Batch normalisation in training, with an optional ReLU, on slab buffers (slab.ts). */
import { operation, type OrtTensor, tensor } from './operation.ts';
import type { Graph, ValueInfo } from '../../artifacts/onnx-encoder.ts';
import { type Share, shareOf } from './partition.ts';
import type { SlabBuffer } from './image-layout.ts';
import type { Workshop } from './workshop.ts';

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

/** Sums of x and of x² over a block, per channel. */
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

/** dz = dy where scale·x + shift > 0; sums of dz and of dz·x over a block, per channel. */
const reluGradientGraph = (): Graph => ({
  inputs: [rows('dy'), rows('x'), perChannel('scale'), perChannel('minusShift')],
  outputs: [rows('dz'), total('sum'), total('products')],
  constants: [rowsAndColumns, { name: 'nothing', shape: [], data: new Float32Array(1) }],
  nodes: [
    { op: 'Mul', inputs: ['x', 'scale'], outputs: ['scaled'] },
    { op: 'Greater', inputs: ['scaled', 'minusShift'], outputs: ['open'] },
    { op: 'Where', inputs: ['open', 'dy', 'nothing'], outputs: ['dz'] },
    sum('dz', 'sum'),
    { op: 'Mul', inputs: ['dz', 'x'], outputs: ['dzx'] },
    sum('dzx', 'products'),
  ],
});

const channelSumsGraph = (): Graph => ({
  inputs: [rows('x')],
  outputs: [total('sum')],
  constants: [rowsAndColumns],
  nodes: [sum('x', 'sum')],
});

const linearGradientGraph = (): Graph => ({
  inputs: [rows('dy'), rows('x')],
  outputs: [total('sum'), total('products')],
  constants: [rowsAndColumns],
  nodes: [sum('dy', 'sum'), { op: 'Mul', inputs: ['dy', 'x'], outputs: ['dyx'] }, sum('dyx', 'products')],
});

/** dx = a·dz + b·x + c, each per channel; the sum of dx over a block, padding included. */
const combineGraph = (): Graph => ({
  inputs: [rows('dz'), rows('x'), perChannel('a'), total('b'), total('c'), total('zero'), total('one')],
  outputs: [rows('dx'), total('sum')],
  constants: [rowsAndColumns],
  nodes: [
    { op: 'Mul', inputs: ['dz', 'a'], outputs: ['adz'] },
    {
      op: 'BatchNormalization',
      inputs: ['x', 'b', 'c', 'zero', 'one'],
      outputs: ['bxc'],
      attributes: { epsilon: { float: 0 } },
    },
    { op: 'Add', inputs: ['adz', 'bxc'], outputs: ['dx'] },
    sum('dx', 'sum'),
  ],
});

/** Shared float64 totals [parts, rows, C], so that sums over many blocks keep their digits. */
class Totals {
  readonly values: Float64Array;
  readonly #rows: number;
  readonly #channels: number;

  constructor(parts: number, rows: number, channels: number) {
    this.values = new Float64Array(new SharedArrayBuffer(parts * rows * channels * 8));
    this.#rows = rows;
    this.#channels = channels;
  }

  /** Row `row`, summed over the parts. */
  sum(row: number): Float64Array {
    const channels = this.#channels;
    const stride = this.#rows * channels;
    return Float64Array.from({ length: channels }, (_, channel) => {
      let sum = 0;
      for (let at = row * channels + channel; at < this.values.length; at += stride) sum += this.values[at]!;
      return sum;
    });
  }
}

/** One part's totals: takes in what a graph gives for each block. */
class Counter {
  readonly #outputs: Record<string, OrtTensor>;
  readonly #part: Float64Array;

  /** @param names of the graph's outputs that are summed, in the order of the totals' rows */
  constructor(totals: Float64Array, names: readonly string[], channels: number, { part }: Share) {
    const size = names.length * channels;
    this.#part = totals.subarray(part * size, (part + 1) * size);
    this.#outputs = Object.fromEntries(
      names.map((name) => [name, tensor(new Float32Array(channels), [channels])]),
    );
  }

  /** The tensors for the graph to write. */
  get outputs(): Record<string, OrtTensor> {
    return this.#outputs;
  }

  /** Adds what has been written. */
  add(): void {
    let at = 0;
    for (const { data } of Object.values(this.#outputs)) {
      for (const value of data as Float32Array) this.#part[at++]! += value;
    }
  }
}

/** Scale and shift for ONNX's BatchNormalization, which with mean 0 and variance 1 is affine in one pass over memory. */
function affineInputs(
  scale: Float32Array,
  shift: Float32Array,
): [OrtTensor, OrtTensor, OrtTensor, OrtTensor] {
  const channels = scale.length;
  const [zero, one] = [new Float32Array(channels), new Float32Array(channels).fill(1)];
  return [scale, shift, zero, one].map((values) => tensor(values, [channels])) as [
    OrtTensor,
    OrtTensor,
    OrtTensor,
    OrtTensor,
  ];
}

export function momentsTask({ x, totals }: { x: SlabBuffer; totals: Float64Array }, share: Share): void {
  const counter = new Counter(totals, ['sum', 'squares'], x.layout.shape[3], share);
  for (const block of shareOf(x.layout.blocks, share)) {
    operation('moments', momentsGraph).run({ x: x.rows(block) }, counter.outputs);
    counter.add();
  }
}

export interface AffineArguments {
  x: SlabBuffer;
  y: SlabBuffer;
  scale: Float32Array;
  shift: Float32Array;
  relu: boolean;
}

export function affineTask({ x, y, scale, shift, relu }: AffineArguments, share: Share): void {
  const graph = operation(relu ? 'affine-relu' : 'affine', () => affineGraph(relu));
  const [scaleTensor, shiftTensor, zero, one] = affineInputs(scale, shift);
  for (const block of shareOf(x.layout.blocks, share)) {
    graph.run({ x: x.rows(block), scale: scaleTensor, shift: shiftTensor, zero, one }, { y: y.rows(block) });
    y.clearPadding(block);
  }
}

export interface GradientSumsArguments {
  dy: SlabBuffer;
  x: SlabBuffer;
  /** Where dy goes on behind a ReLU; dy itself without one. */
  dz: SlabBuffer;
  scale: Float32Array;
  shift: Float32Array;
  relu: boolean;
  totals: Float64Array;
}

export function gradientSumsTask(args: GradientSumsArguments, share: Share): void {
  const { dy, x, dz, scale, shift, relu, totals } = args;
  const channels = x.layout.shape[3];
  const counter = new Counter(totals, ['sum', 'products'], channels, share);
  const parameters = {
    scale: tensor(scale, [channels, 1]),
    minusShift: tensor(
      shift.map((value) => -value),
      [channels, 1],
    ),
  };
  for (const block of shareOf(x.layout.blocks, share)) {
    const inputs = { dy: dy.rows(block), x: x.rows(block) };
    if (relu) {
      const outputs = { ...counter.outputs, dz: dz.rows(block) };
      operation('relu-gradient', reluGradientGraph).run({ ...inputs, ...parameters }, outputs);
    } else operation('linear-gradient', linearGradientGraph).run(inputs, counter.outputs);
    counter.add();
  }
}

export interface CombineArguments {
  dz: SlabBuffer;
  x: SlabBuffer;
  dx: SlabBuffer;
  a: Float32Array;
  b: Float32Array;
  c: Float32Array;
  totals: Float64Array;
}

export function combineTask({ dz, x, dx, a, b, c, totals }: CombineArguments, share: Share): void {
  const channels = a.length;
  const counter = new Counter(totals, ['sum'], channels, share);
  const [bTensor, cTensor, zero, one] = affineInputs(b, c);
  const factors = { a: tensor(a, [channels, 1]), b: bTensor, c: cTensor, zero, one };
  for (const block of shareOf(x.layout.blocks, share)) {
    operation('combine', combineGraph).run(
      { dz: dz.rows(block), x: x.rows(block), ...factors },
      { ...counter.outputs, dx: dx.rows(block) },
    );
    counter.add();
    dx.clearPadding(block);
  }
}

export function channelSumsTask({ x, totals }: { x: SlabBuffer; totals: Float64Array }, share: Share): void {
  const counter = new Counter(totals, ['sum'], x.layout.shape[3], share);
  for (const block of shareOf(x.layout.blocks, share)) {
    operation('channel-sums', channelSumsGraph).run({ x: x.rows(block) }, counter.outputs);
    counter.add();
  }
}

const elements = ({ layout: { shape } }: SlabBuffer): number => shape[0] * shape[1] * shape[2];

/** Mean and biased variance over all but the last axis. */
export function moments({ team }: Workshop, x: SlabBuffer): { mean: Float32Array; variance: Float32Array } {
  const count = elements(x);
  const totals = new Totals(team.parts, 2, x.layout.shape[3]);
  team.run('moments', { x, totals: totals.values });
  const mean = totals.sum(0).map((value) => value / count);
  const variance = totals.sum(1).map((value, channel) => Math.max(value / count - mean[channel]! ** 2, 0));
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
  { slabs, team }: Workshop,
  x: SlabBuffer,
  scale: Float32Array,
  shift: Float32Array,
  relu: boolean,
): SlabBuffer {
  const y = slabs.take(x.layout.shape);
  team.run('affine', { x, y, scale, shift, relu });
  return y;
}

export interface BatchNormGradient {
  dx: SlabBuffer;
  /** Sums of dx over all but the channel: the gradient of a bias in front of the normalisation. */
  sums: Float32Array;
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
  { slabs, team }: Workshop,
  dy: SlabBuffer,
  x: SlabBuffer,
  parameters: { gamma: Float32Array; beta: Float32Array; mean: Float32Array; variance: Float32Array },
  epsilon: number,
  relu: boolean,
): BatchNormGradient {
  const { gamma, beta, mean, variance } = parameters;
  const { shape } = x.layout;
  const channels = shape[3];
  const count = elements(x);
  const dz = relu ? slabs.take(shape) : dy;
  const totals = new Totals(team.parts, 2, channels);
  team.run('gradientSums', {
    ...{ dy, x, dz, relu, totals: totals.values },
    ...affineOf(gamma, beta, mean, variance, epsilon),
  });
  const [sums, products] = [totals.sum(0), totals.sum(1)];
  const dgamma = new Float32Array(channels);
  const [a, b, c] = [new Float32Array(channels), new Float32Array(channels), new Float32Array(channels)];
  for (let channel = 0; channel < channels; channel++) {
    const deviation = Math.sqrt(variance[channel]! + epsilon);
    const projected = (products[channel]! - mean[channel]! * sums[channel]!) / deviation;
    const slope = -(gamma[channel]! / deviation ** 2) * (projected / count);
    dgamma[channel] = projected;
    a[channel] = gamma[channel]! / deviation;
    b[channel] = slope;
    c[channel] = -slope * mean[channel]! - (gamma[channel]! / deviation) * (sums[channel]! / count);
  }
  const dx = slabs.take(shape);
  const dxTotals = new Totals(team.parts, 1, channels);
  team.run('combine', { dz, x, dx, a, b, c, totals: dxTotals.values });
  if (relu) slabs.give(dz);
  // In the padding, where dz and x are zero, each of the N·H columns has added c.
  const padding = shape[0] * shape[1];
  const dxSums = dxTotals.sum(0).map((value, channel) => value - c[channel]! * padding);
  return { dx, sums: Float32Array.from(dxSums), dgamma, dbeta: Float32Array.from(sums) };
}

/** Sums over all but the last axis: the gradient of a bias. */
export function channelSums({ team }: Workshop, x: SlabBuffer): Float32Array {
  const totals = new Totals(team.parts, 1, x.layout.shape[3]);
  team.run('channelSums', { x, totals: totals.values });
  return Float32Array.from(totals.sum(0));
}
