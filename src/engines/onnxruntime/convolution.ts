/** What each thread does of 3×3 convolutions of stride 1 and 'same' padding, on image buffers (image-layout.ts). */
import { sizeOf } from '../../math/arrays.ts';
import { compiledGraph, type Graph, node, type OrtTensor, tensor, withRelu } from './compiled-graph.ts';
import type { Chunk, ImageBuffer } from './image-layout.ts';
import { itemsOf, type Part } from './thread-pool.ts';
import {
  type ChunkPair,
  type CorrelateArguments,
  correlateTiles,
  suitsWinograd,
  tilesFilterGradient,
} from './winograd.ts';

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
      node('Gemm', ['w0', 'x0', 'bias'], ['y0']),
      node('Gemm', ['w1', 'x1', 'y0'], ['y1']),
      ...withRelu(relu, 'Gemm', ['w2', 'x2', 'y1']),
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
    nodes: columns.map((k) => node('Gemm', [`x${k}`, 'dy', `sum${k}`], [`next${k}`], { transB: 1 })),
  };
}

const scratchMatrices = new Map<string, OrtTensor[]>();

/**
 * Three matrices of arbitrary content that are this thread's until it asks for the same again. Fresh ones at every call
 * would be megabytes for the garbage collector.
 */
function scratch(purpose: string, shape: readonly number[]): OrtTensor[] {
  return scratchMatrices.getOrInsertComputed(`${purpose}:${shape.join()}`, () =>
    [0, 1, 2].map(() => tensor(new Float32Array(sizeOf(shape)), shape)),
  );
}

/**
 * A filter [3, 3, C, O] as three matrices, one per column of the filter.
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
  nodes: withRelu(relu, 'Gemm', ['w', 'x', 'bias']),
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

/** y = x ⋆ filter + bias, by tiles where that is faster, else row by row. */
export function correlate(args: CorrelateArguments, part: Part): void {
  const { x, y } = args;
  const { tiled, others } = pairChunks(x, y, part);
  if (tiled.length) correlateTiles(args, tiled);
  if (others.length) correlateRows(args, others);
}

function correlateRows(
  { x, y, filter, flipped, bias, relu }: CorrelateArguments,
  pairs: readonly ChunkPair[],
): void {
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
    ? compiledGraph(`convolution-columns${suffix}`, () => columnsGraph(relu))
    : compiledGraph(`convolution${suffix}`, () => rowGraph(relu));
  for (const { from, to } of pairs) {
    const rows = 3 * channels * from.columns;
    const columns = few ? new Float32Array(3 * rows) : undefined;
    for (let h = 0; h < height; h++) {
      const above = from.offset + (h - 1) * from.rowSize;
      const result = { y: y.view(to.offset + h * to.rowSize, [outputs, to.columns]) };
      const shifts = shiftsOf(from, above);
      if (columns) {
        shifts.forEach((begin, column) => columns.set(x.data.subarray(begin, begin + rows), column * rows));
        row({ w: weights[0]!, x: tensor(columns, [9 * channels, from.columns]), bias: biasTensor }, result);
      } else {
        const shifted = shifts.map((begin) => x.view(begin, [3 * channels, from.columns]));
        row({ ...three('w', weights), ...three('x', shifted), bias: biasTensor }, result);
      }
      y.clearPadding({ chunk: to, firstRow: h, rows: 1 });
    }
  }
}

interface FilterGradientArguments {
  /** [N, H, W, C] */
  x: ImageBuffer;
  /** [N, H, W, O] */
  dy: ImageBuffer;
  /** [threads, 3, 3, C, O]: what each part's images add. */
  partial: Float32Array;
}

export function filterGradient({ x, dy, partial }: FilterGradientArguments, part: Part): void {
  const size = 9 * x.layout.shape[3] * dy.layout.shape[3];
  const gradient = partial.subarray(part.index * size, (part.index + 1) * size);
  const { tiled, others } = pairChunks(x, dy, part);
  if (others.length || !tiled.length) rowsFilterGradient(x, dy, others, gradient);
  if (!tiled.length) return;
  const more = tilesFilterGradient(x, dy, tiled);
  if (others.length) more.forEach((value, i) => (gradient[i]! += value));
  else gradient.set(more);
}

function rowsFilterGradient(
  x: ImageBuffer,
  dy: ImageBuffer,
  pairs: readonly ChunkPair[],
  gradient: Float32Array,
): void {
  const [, height, , channels] = x.layout.shape;
  const outputs = dy.layout.shape[3];
  const row = compiledGraph('filter-gradient', filterGraph);
  const shape = [3 * channels, outputs];
  let sum = scratch('sum', shape);
  let next = scratch('next', shape);
  sum.forEach(({ data }) => (data as Float32Array).fill(0));
  for (const { from, to } of pairs) {
    for (let h = 0; h < height; h++) {
      const above = from.offset + (h - 1) * from.rowSize;
      const rows = [3 * channels, from.columns];
      const inputs = { dy: dy.view(to.offset + h * to.rowSize, [outputs, to.columns]) };
      row(
        {
          ...inputs,
          ...three(
            'x',
            shiftsOf(from, above).map((begin) => x.view(begin, rows)),
          ),
          ...three('sum', sum),
        },
        three('next', next),
      );
      [sum, next] = [next, sum];
    }
  }
  sum.forEach((matrix, column) => {
    const values = matrix.data as Float32Array;
    const block = channels * outputs;
    for (let row = 0; row < 3; row++) {
      gradient.set(values.subarray(row * block, (row + 1) * block), (row * 3 + column) * block);
    }
  });
}

/** Where three rows begin as the three columns of the filter see them. */
const shiftsOf = ({ images }: Chunk, above: number): number[] => [above - images, above, above + images];

/** Three tensors by the names that the graphs give them. */
const three = (name: string, [first, second, third]: readonly OrtTensor[]): Record<string, OrtTensor> => ({
  [`${name}0`]: first!,
  [`${name}1`]: second!,
  [`${name}2`]: third!,
});

/** The thread's chunks of two buffers of as many images: those that are convolved by tiles, and the others. */
function pairChunks(x: ImageBuffer, y: ImageBuffer, part: Part): { tiled: ChunkPair[]; others: ChunkPair[] } {
  const pairs = x.layout.chunks.map((from, index) => ({ from, to: y.layout.chunks[index]! }));
  const suits = ({ from }: ChunkPair): boolean => suitsWinograd(x.layout.shape, y.layout.shape[3], from);
  const { tiled = [], others = [] } = Object.groupBy(itemsOf(pairs, part), (pair) =>
    suits(pair) ? 'tiled' : 'others',
  );
  return { tiled, others };
}
