/** 3×3 convolutions of stride 1 and 'same' padding on slab buffers (slab.ts). */
import { operation, type OrtTensor, tensor } from './operation.ts';
import type { Graph } from './proto.ts';
import type { SlabBuffer, SlabPool } from './slab.ts';

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

/** next_k = sum_k + dy·x_kᵀ for the three columns k of the filter: what one row adds to the filter's gradient. */
function filterGraph(): Graph {
  const columns = [0, 1, 2];
  return {
    inputs: [
      { name: 'dy', shape: ['outputs', 'columns'] },
      ...columns.map((column) => ({ name: `x${column}`, shape: ['rows', 'columns'] })),
      ...columns.map((column) => ({ name: `sum${column}`, shape: ['outputs', 'rows'] })),
    ],
    outputs: columns.map((column) => ({ name: `next${column}`, shape: ['outputs', 'rows'] })),
    nodes: columns.map((column) => ({
      op: 'Gemm',
      inputs: ['dy', `x${column}`, `sum${column}`],
      outputs: [`next${column}`],
      attributes: { transB: 1 },
    })),
  };
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
  return [0, 1, 2].map((column) => {
    const matrix = new Float32Array(outputs * 3 * channels);
    for (let row = 0; row < 3; row++) {
      const from = (flipped ? (2 - row) * 3 + (2 - column) : row * 3 + column) * channels * outputs;
      for (let c = 0; c < channels; c++) {
        for (let o = 0; o < outputs; o++) {
          const to = flipped ? (c * 3 + row) * outputs + o : (o * 3 + row) * channels + c;
          matrix[to] = filter[from + c * outputs + o]!;
        }
      }
    }
    return tensor(matrix, flipped ? [channels, 3 * outputs] : [outputs, 3 * channels]);
  });
}

/** Runs `rowGraph` over every row: x with C channels to y with O. */
function correlate(
  x: SlabBuffer,
  y: SlabBuffer,
  weights: OrtTensor[],
  bias: Float32Array,
  relu: boolean,
): void {
  const [, height, , channels] = x.layout.shape;
  const outputs = y.layout.shape[3];
  const row = operation(relu ? 'convolution-relu' : 'convolution', () => rowGraph(relu));
  const biasTensor = tensor(bias, [outputs, 1]);
  x.layout.chunks.forEach((from, index) => {
    const to = y.layout.chunks[index]!;
    for (let h = 0; h < height; h++) {
      const above = from.offset + (h - 1) * from.slab;
      const shape = [3 * channels, from.columns];
      row.run(
        {
          w0: weights[0]!,
          w1: weights[1]!,
          w2: weights[2]!,
          x0: x.view(above - from.images, shape),
          x1: x.view(above, shape),
          x2: x.view(above + from.images, shape),
          bias: biasTensor,
        },
        { y: y.view(to.offset + h * to.slab, [outputs, to.columns]) },
      );
      y.clearPadding(to, h, h + 1);
    }
  });
}

/**
 * The convolution.
 * @param x [N, H, W, C]
 * @param filter [3, 3, C, O], row-major
 * @param bias [O]
 * @returns [N, H, W, O], a buffer of the pool
 */
export function convolve(
  pool: SlabPool,
  x: SlabBuffer,
  filter: Float32Array,
  bias: Float32Array,
  relu: boolean,
) {
  const [n, h, w, c] = x.layout.shape;
  const y = pool.take([n, h, w, bias.length]);
  correlate(x, y, filterMatrices(filter, c, bias.length, false), bias, relu);
  return y;
}

/** The gradient of `convolve` with respect to x [N, H, W, C], a buffer of the pool. */
export function inputGradient(
  pool: SlabPool,
  dy: SlabBuffer,
  filter: Float32Array,
  channels: number,
): SlabBuffer {
  const [n, h, w, outputs] = dy.layout.shape;
  const dx = pool.take([n, h, w, channels]);
  correlate(dy, dx, filterMatrices(filter, channels, outputs, true), new Float32Array(channels), false);
  return dx;
}

/** The gradient of `convolve` with respect to the filter, [3, 3, C, O] row-major. */
export function filterGradient(x: SlabBuffer, dy: SlabBuffer): Float32Array {
  const [, height, , channels] = x.layout.shape;
  const outputs = dy.layout.shape[3];
  const row = operation('filter-gradient', filterGraph);
  const shape = [outputs, 3 * channels];
  const make = () => [0, 1, 2].map(() => tensor(new Float32Array(outputs * 3 * channels), shape));
  let sum = make();
  let next = make();
  x.layout.chunks.forEach((from, index) => {
    const to = dy.layout.chunks[index]!;
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
  });
  const gradient = new Float32Array(9 * channels * outputs);
  sum.forEach((matrix, column) => {
    const values = matrix.data as Float32Array;
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < channels; c++) {
        const to = ((r * 3 + column) * channels + c) * outputs;
        for (let o = 0; o < outputs; o++) gradient[to + o] = values[(o * 3 + r) * channels + c]!;
      }
    }
  });
  return gradient;
}
