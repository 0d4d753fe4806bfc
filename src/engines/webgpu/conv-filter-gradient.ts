/**
 * The convolution's filter gradient on WebGPU. It replaces tfjs's own, in which one thread per weight reads both tensors
 * from global memory again. Here it is a matrix product, columns(x)ᵀ [k·k·in, positions] × dy [positions, out], whose left
 * matrix is never stored: workgroups of 64 threads load tiles of both into workgroup memory, and each thread keeps 8×4
 * sums in registers, as many as phones have room for. There are many positions and few weights, so the positions are
 * split among workgroups too, and a second pass adds up the parts. Node and the browser share this kernel.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel-registry.ts';
import { int, type Program, run, sumOfParts, type WebGpuBackend } from './program.ts';

/** Columns of the product that a workgroup sums at once; each of its threads has four of them, one vector. */
const TILE_COLUMNS = 32;
/** Positions that it loads at once. */
const DEPTH = 16;
/** Threads of a workgroup in each dimension. */
const THREADS = 8;
/** About as many workgroups as it takes to keep a large GPU busy … */
const WORKGROUPS = 1024;
/** … but none sums fewer positions than this, since every part costs a write and a read of each weight. */
const LEAST_POSITIONS = 8 * DEPTH;

/** A convolution's sizes, as `tf.backend_util.computeConv2DInfo` gives them. */
export type ConvolutionSizes = Pick<
  tf.backend_util.Conv2DInfo,
  | 'batchSize'
  | 'inHeight'
  | 'inWidth'
  | 'inChannels'
  | 'outHeight'
  | 'outWidth'
  | 'outChannels'
  | 'filterHeight'
  | 'filterWidth'
  | 'strideHeight'
  | 'strideWidth'
  | 'padInfo'
>;

/** How the work is divided. */
export interface Division {
  /** Rows of the product: kernel positions times input channels. */
  readonly rows: number;
  /** Its columns: output channels. */
  readonly columns: number;
  /** What is summed over: images times output pixels. */
  readonly positions: number;
  /** How many parts the positions are split into. */
  readonly parts: number;
  /** Positions per part; a multiple of a tile's depth. */
  readonly perPart: number;
}

/** Rows of a tile. The first layer's product has only nine: a smaller tile saves its threads the rest. */
const rowsOfTile = (rows: number): number => (rows <= 32 ? 32 : 64);

export function divide(sizes: ConvolutionSizes): Division {
  const rows = sizes.filterHeight * sizes.filterWidth * sizes.inChannels;
  const columns = sizes.outChannels;
  const positions = sizes.batchSize * sizes.outHeight * sizes.outWidth;
  const tiles = Math.ceil(rows / rowsOfTile(rows)) * Math.ceil(columns / TILE_COLUMNS);
  const wanted = Math.max(
    1,
    Math.min(Math.floor(WORKGROUPS / tiles), Math.floor(positions / LEAST_POSITIONS)),
  );
  const perPart = Math.ceil(Math.ceil(positions / wanted) / DEPTH) * DEPTH;
  return { rows, columns, positions, parts: Math.ceil(positions / perPart), perPart };
}

/** How many numbers a kernel reads from global memory, and on how many threads it runs. */
export interface Cost {
  readonly reads: number;
  readonly threads: number;
}

/** Along one side: pairs of an output pixel and a kernel position that fall inside the image. */
function meetings(out: number, filter: number, size: number, stride: number, before: number): number {
  let count = 0;
  for (let place = 0; place < filter; place++) {
    for (let o = 0; o < out; o++) {
      const at = o * stride + place - before;
      if (at >= 0 && at < size) count++;
    }
  }
  return count;
}

/** Elements of columns(x) that come from the image; the rest is zero padding, which no kernel reads. */
function columnReads(sizes: ConvolutionSizes): number {
  const { batchSize, inChannels, padInfo } = sizes;
  const vertical = meetings(
    sizes.outHeight,
    sizes.filterHeight,
    sizes.inHeight,
    sizes.strideHeight,
    padInfo.top,
  );
  const horizontal = meetings(
    sizes.outWidth,
    sizes.filterWidth,
    sizes.inWidth,
    sizes.strideWidth,
    padInfo.left,
  );
  return batchSize * inChannels * vertical * horizontal;
}

/** For tfjs's own kernel: one thread per weight, which reads x and dy wherever they meet. */
export function stockCost(sizes: ConvolutionSizes): Cost {
  const { rows, columns } = divide(sizes);
  return { reads: 2 * columns * columnReads(sizes), threads: rows * columns };
}

/** For this one: each tile reads its rows of columns(x) and its columns of dy; the second pass reads each part once. */
export function tiledCost(sizes: ConvolutionSizes): Cost {
  const { rows, columns, positions, parts } = divide(sizes);
  const [across, down] = [Math.ceil(columns / TILE_COLUMNS), Math.ceil(rows / rowsOfTile(rows))];
  return {
    reads:
      across * columnReads(sizes) + down * columns * positions + (parts > 1 ? parts * rows * columns : 0),
    threads: across * down * parts * THREADS * THREADS,
  };
}

export const filterGradient: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } =
    attributes as unknown as tf.Conv2DBackpropFilterAttrs;
  if (dataFormat !== 'NHWC') throw new Error('This filter gradient is written for NHWC.');
  const sizes = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const { positions, parts, perPart } = divide(sizes);
  const partial = run(
    gpu,
    partialSums(sizes),
    { x, dy },
    {
      pads: int(sizes.padInfo.top, sizes.padInfo.left),
      strides: int(sizes.strideHeight, sizes.strideWidth),
      outSize: int(sizes.outHeight, sizes.outWidth),
      inSize: int(sizes.inHeight, sizes.inWidth),
      filterWidth: int(sizes.filterWidth),
      inChannels: int(sizes.inChannels),
      positions: int(positions),
      perPart: int(perPart),
    },
  );
  if (parts === 1) return { ...partial, shape: sizes.filterShape };
  const sum = sumOfParts(gpu, partial, parts, sizes.filterShape);
  gpu.disposeData(partial.dataId);
  return sum;
};

/** Repeats a line with numbers filled in: named sums stay in registers where an array might not. */
const each = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

/** [parts, rows, columns] */
function partialSums(sizes: ConvolutionSizes): Program {
  const { rows, columns, parts } = divide(sizes);
  const tileRows = rowsOfTile(rows);
  /** A thread's rows come in groups of four neighbours, THREADS groups apart. */
  const fours = tileRows / THREADS / 4;
  return {
    key: `convFilterGradientParts_${tileRows}`,
    outputShape: [parts, rows, columns],
    workgroupSize: [THREADS, THREADS, 1],
    layout: { x: [2], y: [1], z: [0] },
    workgroups: [Math.ceil(columns / TILE_COLUMNS), Math.ceil(rows / tileRows), parts],
    wgsl: /* wgsl */ `
      const TILE_ROWS = ${tileRows};
      const TILE_COLUMNS = ${TILE_COLUMNS};
      const DEPTH = ${DEPTH};
      const THREADS = ${THREADS};
      const ALL_THREADS = ${THREADS * THREADS};
      // Farther than an image is wide or high.
      const FAR = 0x10000;

      // For each position being summed, the input pixel under the kernel's corner: its row, its column, and its offset in x.
      // The pixel may lie outside the image; beyond the last position it is placed far outside.
      var<workgroup> corners : array<vec3<i32>, ${DEPTH}>;
      var<workgroup> left : array<array<vec4<f32>, ${tileRows / 4}>, ${DEPTH}>;
      var<workgroup> right : array<array<vec4<f32>, ${TILE_COLUMNS / 4}>, ${DEPTH}>;

      // For each row of the product: how far its kernel position is from the corner, and how far that is in x. Beyond the
      // last row this leads far outside, whatever the corner.
      fn shiftOf(row : i32, rows : i32) -> vec3<i32> {
        let place = row / uniforms.inChannels;
        let shift = vec2<i32>(place / uniforms.filterWidth, place % uniforms.filterWidth);
        let at = (shift.x * uniforms.inSize.y + shift.y) * uniforms.inChannels + row % uniforms.inChannels;
        return vec3<i32>(select(vec2<i32>(2 * FAR), shift, row < rows), at);
      }

      fn imageAt(corner : vec3<i32>, shift : vec3<i32>) -> f32 {
        // As unsigned numbers, negative ones are the largest.
        if (all(vec2<u32>(corner.xy + shift.xy) < vec2<u32>(uniforms.inSize))) {
          return x[corner.z + shift.z];
        }
        return 0.0;
      }

      fn gradientAt(position : i32, end : i32, column : i32, columns : i32) -> f32 {
        if (position < end && column < columns) {
          return dy[position * columns + column];
        }
        return 0.0;
      }

      fn main() {
        let rows = uniforms.outShape[1];
        let columns = uniforms.outShape[2];
        let thread = i32(localIndex);
        let column0 = i32(workgroupId.x) * TILE_COLUMNS;
        let row0 = i32(workgroupId.y) * TILE_ROWS;
        let first = i32(workgroupId.z) * uniforms.perPart;
        let end = min(first + uniforms.perPart, uniforms.positions);

        // The four rows and four columns of the tiles that this thread loads never change. It stores them together, since
        // two threads may not write to the same vector.
        let leftLane = thread % (TILE_ROWS / 4);
        ${each(4, (i) => `let shift${i} = shiftOf(row0 + 4 * leftLane + ${i}, rows);`)}
        let rightLane = thread % (TILE_COLUMNS / 4);
        let column = column0 + 4 * rightLane;

        ${each(4 * fours, (i) => `var sum${i} = vec4<f32>(0.0);`)}
        let own = vec2<i32>(localId.yx);

        // All threads of a workgroup must reach its barriers, so the loop ends at the same point for all workgroups.
        for (var offset = 0; offset < uniforms.perPart; offset += DEPTH) {
          let base = first + offset;
          if (thread < DEPTH) {
            let position = base + thread;
            let area = uniforms.outSize.x * uniforms.outSize.y;
            let within = position % area;
            let corner = vec2<i32>(within / uniforms.outSize.y, within % uniforms.outSize.y)
              * uniforms.strides - uniforms.pads;
            let at = (((position / area) * uniforms.inSize.x + corner.x) * uniforms.inSize.y + corner.y)
              * uniforms.inChannels;
            corners[thread] = vec3<i32>(select(vec2<i32>(-FAR), corner, position < end), at);
          }
          workgroupBarrier();
          for (var depth = thread / (TILE_ROWS / 4); depth < DEPTH; depth += ALL_THREADS / (TILE_ROWS / 4)) {
            let corner = corners[depth];
            left[depth][leftLane] = vec4<f32>(
              ${each(4, (i) => `imageAt(corner, shift${i}),`)}
            );
          }
          for (var depth = thread / (TILE_COLUMNS / 4); depth < DEPTH; depth += ALL_THREADS / (TILE_COLUMNS / 4)) {
            let position = base + depth;
            right[depth][rightLane] = vec4<f32>(
              ${each(4, (i) => `gradientAt(position, end, column + ${i}, columns),`)}
            );
          }
          workgroupBarrier();
          for (var depth = 0; depth < DEPTH; depth++) {
            let factors = right[depth][own.y];
            ${each(
              fours,
              (four) => `
              let rows${four} = left[depth][own.x + ${four} * THREADS];
              ${each(4, (i) => `sum${4 * four + i} = fma(vec4<f32>(rows${four}[${i}]), factors, sum${4 * four + i});`)}`,
            )}
          }
          workgroupBarrier();
        }

        let sums = array<vec4<f32>, ${4 * fours}>(${each(4 * fours, (i) => `sum${i},`)});
        for (var i = 0; i < ${4 * fours}; i++) {
          for (var j = 0; j < 4; j++) {
            let at = vec2<i32>(row0 + 4 * (own.x + i / 4 * THREADS) + i % 4, column0 + 4 * own.y + j);
            if (at.x < rows && at.y < columns) {
              result[(i32(workgroupId.z) * rows + at.x) * columns + at.y] = sums[i][j];
            }
          }
        }
      }
    `,
  };
}
