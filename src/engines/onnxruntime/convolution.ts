/** 3×3 convolutions of stride 1 and 'same' padding on slab buffers (slab.ts). */
import { operation, type OrtTensor, tensor } from './operation.ts';
import type { Graph } from '../../artifacts/onnx-encoder.ts';
import { type Share, shareOf } from './partition.ts';
import type { Chunk, SlabBuffer } from './image-layout.ts';
import type { Workshop } from './workshop.ts';
import { sizeOf } from '../../math/arrays.ts';

/** y = w0·x0 + w1·x1 + w2·x2 + bias: one output row of a chunk. */
function rowGraph(relu: boolean): Graph {
  return {
    inputs: [
      ...[0, 1, 2].map((column) => ({ name: `w${column}`, shape: ['outputs', 'rows'] })),
      ...[0, 1, 2].map((column) => ({ name: `x${column}`, shape: ['rows', 'columns'] })),
      { name: 'bias', shape: ['outputs', 1] },
    ],
    outputs: [{ name: 'y', shape: ['outputs', 'columns'] }],
    nodes: [
      { op: 'Gemm', inputs: ['w0', 'x0', 'bias'], outputs: ['y0'] },
      { op: 'Gemm', inputs: ['w1', 'x1', 'y0'], outputs: ['y1'] },
      { op: 'Gemm', inputs: ['w2', 'x2', 'y1'], outputs: [relu ? 'y2' : 'y'] },
      ...(relu ? [{ op: 'Relu', inputs: ['y2'], outputs: ['y'] }] : []),
    ],
  };
}

/** next_k = sum_k + x_k·dyᵀ for the three columns k of the filter: what one row adds to the filter's gradient. */
function filterGraph(): Graph {
  const columns = [0, 1, 2];
  return {
    inputs: [
      { name: 'dy', shape: ['outputs', 'columns'] },
      ...columns.map((column) => ({ name: `x${column}`, shape: ['rows', 'columns'] })),
      ...columns.map((column) => ({ name: `sum${column}`, shape: ['rows', 'outputs'] })),
    ],
    outputs: columns.map((column) => ({ name: `next${column}`, shape: ['rows', 'outputs'] })),
    nodes: columns.map((column) => ({
      op: 'Gemm',
      inputs: [`x${column}`, 'dy', `sum${column}`],
      outputs: [`next${column}`],
      attributes: { transB: 1 },
    })),
  };
}

const scratchMatrices = new Map<string, OrtTensor[]>();

/**
 * Three matrices of arbitrary content that are this thread's until it asks for the same again. Fresh ones at every call
 * would be megabytes for the garbage collector.
 */
function scratch(purpose: string, shape: readonly number[]): OrtTensor[] {
  const key = `${purpose}:${shape.join()}`;
  let found = scratchMatrices.get(key);
  if (!found) {
    const size = sizeOf(shape);
    found = [0, 1, 2].map(() => tensor(new Float32Array(size), shape));
    scratchMatrices.set(key, found);
  }
  return found;
}

/**
 * A filter [3, 3, C, O] as three matrices, one a column of the filter.
 * @param flipped false: [O, 3C] for the forward pass; true: [C, 3O], turned by 180°, for the gradient of the input
 */
function filterMatrices(
  filter: Float32Array,
  channels: number,
  outputs: number,
  flipped: boolean,
): OrtTensor[] {
  const matrices = scratch('filter', flipped ? [channels, 3 * outputs] : [outputs, 3 * channels]);
  matrices.forEach(({ data }, column) => {
    const matrix = data as Float32Array;
    for (let row = 0; row < 3; row++) {
      const from = (flipped ? (2 - row) * 3 + (2 - column) : row * 3 + column) * channels * outputs;
      for (let c = 0; c < channels; c++) {
        for (let o = 0; o < outputs; o++) {
          const to = flipped ? (c * 3 + row) * outputs + o : (o * 3 + row) * channels + c;
          matrix[to] = filter[from + c * outputs + o]!;
        }
      }
    }
  });
  return matrices;
}

/** With so few channels the three matrices are too flat; the nine shifted rows are then copied into one. */
const FEW_CHANNELS = 4;

/** y = w·columns + bias: one output row of a chunk. */
const columnsGraph = (relu: boolean): Graph => ({
  inputs: [
    { name: 'w', shape: ['outputs', 'rows'] },
    { name: 'x', shape: ['rows', 'columns'] },
    { name: 'bias', shape: ['outputs', 1] },
  ],
  outputs: [{ name: 'y', shape: ['outputs', 'columns'] }],
  nodes: [
    { op: 'Gemm', inputs: ['w', 'x', 'bias'], outputs: [relu ? 'z' : 'y'] },
    ...(relu ? [{ op: 'Relu', inputs: ['z'], outputs: ['y'] }] : []),
  ],
});

/** A filter [3, 3, C, O] as [O, 9C], columns of the filter outermost. */
function filterMatrix(filter: Float32Array, channels: number, outputs: number): OrtTensor {
  const matrix = new Float32Array(outputs * 9 * channels);
  filterMatrices(filter, channels, outputs, false).forEach((part, column) => {
    const values = part.data as Float32Array;
    const width = 3 * channels;
    for (let o = 0; o < outputs; o++)
      matrix.set(values.subarray(o * width, (o + 1) * width), (o * 3 + column) * width);
  });
  return tensor(matrix, [outputs, 9 * channels]);
}

export interface CorrelateArguments {
  /** [N, H, W, C] */
  x: SlabBuffer;
  /** [N, H, W, O] */
  y: SlabBuffer;
  /** [3, 3, C, O], or for the gradient of the input [3, 3, O, C] to be turned by 180° */
  filter: Float32Array;
  flipped: boolean;
  /** [O] */
  bias: Float32Array;
  relu: boolean;
}

/** y = x ⋆ filter + bias, row by row. */
export function correlateTask({ x, y, filter, flipped, bias, relu }: CorrelateArguments, share: Share): void {
  const [, height, , channels] = x.layout.shape;
  const outputs = y.layout.shape[3];
  const biasTensor = tensor(bias, [outputs, 1]);
  const few = !flipped && channels <= FEW_CHANNELS;
  const weights = flipped
    ? filterMatrices(filter, outputs, channels, true)
    : few
      ? [filterMatrix(filter, channels, outputs)]
      : filterMatrices(filter, channels, outputs, false);
  const suffix = relu ? '-relu' : '';
  const row = few
    ? operation(`convolution-columns${suffix}`, () => columnsGraph(relu))
    : operation(`convolution${suffix}`, () => rowGraph(relu));
  for (const { from, to } of shareOf(pairChunks(x, y), share)) {
    const rows = 3 * channels * from.columns;
    const columns = few ? new Float32Array(3 * rows) : undefined;
    for (let h = 0; h < height; h++) {
      const above = from.offset + (h - 1) * from.slab;
      const result = { y: y.view(to.offset + h * to.slab, [outputs, to.columns]) };
      const shifts = [above - from.images, above, above + from.images];
      if (columns) {
        shifts.forEach((begin, column) => columns.set(x.data.subarray(begin, begin + rows), column * rows));
        row.run(
          { w: weights[0]!, x: tensor(columns, [9 * channels, from.columns]), bias: biasTensor },
          result,
        );
      } else {
        const [x0, x1, x2] = shifts.map((begin) => x.view(begin, [3 * channels, from.columns]));
        const [w0, w1, w2] = weights;
        row.run({ w0: w0!, w1: w1!, w2: w2!, x0: x0!, x1: x1!, x2: x2!, bias: biasTensor }, result);
      }
      y.clearPadding({ chunk: to, firstRow: h, rows: 1 });
    }
  }
}

export interface FilterGradientArguments {
  /** [N, H, W, C] */
  x: SlabBuffer;
  /** [N, H, W, O] */
  dy: SlabBuffer;
  /** [parts, 3, 3, C, O]: what each part's images add. */
  partial: Float32Array;
}

export function filterGradientTask({ x, dy, partial }: FilterGradientArguments, share: Share): void {
  const [, height, , channels] = x.layout.shape;
  const outputs = dy.layout.shape[3];
  const row = operation('filter-gradient', filterGraph);
  const shape = [3 * channels, outputs];
  let sum = scratch('sum', shape);
  let next = scratch('next', shape);
  sum.forEach(({ data }) => (data as Float32Array).fill(0));
  for (const { from, to } of shareOf(pairChunks(x, dy), share)) {
    for (let h = 0; h < height; h++) {
      const above = from.offset + (h - 1) * from.slab;
      const rows = [3 * channels, from.columns];
      row.run(
        {
          dy: dy.view(to.offset + h * to.slab, [outputs, to.columns]),
          x0: x.view(above - from.images, rows),
          x1: x.view(above, rows),
          x2: x.view(above + from.images, rows),
          sum0: sum[0]!,
          sum1: sum[1]!,
          sum2: sum[2]!,
        },
        { next0: next[0]!, next1: next[1]!, next2: next[2]! },
      );
      [sum, next] = [next, sum];
    }
  }
  const size = 9 * channels * outputs;
  const gradient = partial.subarray(share.part * size, (share.part + 1) * size);
  sum.forEach((matrix, column) => {
    const values = matrix.data as Float32Array;
    const block = channels * outputs;
    for (let row = 0; row < 3; row++) {
      gradient.set(values.subarray(row * block, (row + 1) * block), (row * 3 + column) * block);
    }
  });
}

/** The chunks of two buffers of as many images. */
function pairChunks(x: SlabBuffer, y: SlabBuffer): { from: Chunk; to: Chunk }[] {
  return x.layout.chunks.map((from, index) => ({ from, to: y.layout.chunks[index]! }));
}

/**
 * The convolution.
 * @param x [N, H, W, C]
 * @param filter [3, 3, C, O], row-major
 * @param bias [O]
 * @returns [N, H, W, O], a buffer of the pool
 */
export function convolve(
  { slabs, team }: Workshop,
  x: SlabBuffer,
  filter: Float32Array,
  bias: Float32Array,
  relu: boolean,
): SlabBuffer {
  const [n, h, w] = x.layout.shape;
  const y = slabs.take([n, h, w, bias.length]);
  team.run('correlate', { x, y, filter, flipped: false, bias, relu });
  return y;
}

/** The gradient of `convolve` with respect to x [N, H, W, C], a buffer of the pool. */
export function inputGradient(
  { slabs, team }: Workshop,
  dy: SlabBuffer,
  filter: Float32Array,
  channels: number,
): SlabBuffer {
  const [n, h, w] = dy.layout.shape;
  const dx = slabs.take([n, h, w, channels]);
  team.run('correlate', {
    x: dy,
    y: dx,
    filter,
    flipped: true,
    bias: new Float32Array(channels),
    relu: false,
  });
  return dx;
}

/** The gradient of `convolve` with respect to the filter, [3, 3, C, O] row-major, an array of the pool. */
export function filterGradient(
  { arrays, team }: Workshop,
  x: SlabBuffer,
  dy: SlabBuffer,
): Float32Array<SharedArrayBuffer> {
  const size = 9 * x.layout.shape[3] * dy.layout.shape[3];
  const partial = arrays.take(team.parts * size);
  team.run('filterGradient', { x, dy, partial });
  const gradient = arrays.take(size);
  gradient.set(partial.subarray(0, size));
  for (let at = size; at < partial.length; at += size) {
    for (let i = 0; i < size; i++) gradient[i]! += partial[at + i]!;
  }
  arrays.give(partial);
  return gradient;
}
