/**
 * Products of matrices on WebGPU. A thread keeps a tile of sums in registers and reads the factors of both matrices from
 * global memory, where its neighbours have just read them: no workgroup memory, no barriers. Whatever is transposed is
 * only another pair of strides, so all products share two programs, for few rows and for many.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../kernel-registry.ts';
import { sizeOf } from '../../math/arrays.ts';
import { eachThread, elementwise, type Inputs, int, sumOfParts, type WebGpuBackend } from './program.ts';

/** Columns of the product that a thread sums at once. */
const COLUMNS = 8;
/** Rows, where there are as many, and else. */
const [MANY_ROWS, FEW_ROWS] = [8, 4];
/** About as many threads as keep a large GPU busy: where the product has fewer tiles, its sums are split … */
const THREADS = 1 << 15;
/** … but none sums fewer terms, since every part costs a write and a read of each sum. */
const LEAST_TERMS = 64;

/** A batch of matrices in a tensor: how far apart matrices, rows and columns are. */
export interface Matrices {
  readonly tensor: tf.TensorInfo;
  readonly batch: number;
  readonly row: number;
  readonly column: number;
}

/** [batch] products of [rows, terms] × [terms, columns]. */
export interface ProductSizes {
  readonly batch: number;
  readonly rows: number;
  readonly terms: number;
  readonly columns: number;
}

/** Repeats a line with numbers filled in: named sums stay in registers where an array might not. */
export const each = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

/** Into how many parts the sums are split, and how many terms each has. */
export function division({ batch, rows, terms, columns }: ProductSizes): { parts: number; perPart: number } {
  const tiles = batch * Math.ceil(rows / tileRows(rows)) * Math.ceil(columns / COLUMNS);
  const wanted = Math.max(1, Math.min(Math.floor(THREADS / tiles), Math.floor(terms / LEAST_TERMS)));
  const perPart = Math.ceil(terms / wanted);
  return { parts: Math.ceil(terms / perPart), perPart };
}

const tileRows = (rows: number): number => (rows > FEW_ROWS ? MANY_ROWS : FEW_ROWS);

/**
 * a × b.
 * @param shape of the result, whose elements are those of [batch, rows, columns]
 * @returns a float32 tensor, the caller's
 */
export function product(
  gpu: WebGpuBackend,
  a: Matrices,
  b: Matrices,
  sizes: ProductSizes,
  shape: number[],
): tf.TensorInfo {
  const { batch, rows, terms, columns } = sizes;
  const { parts, perPart } = division(sizes);
  const height = tileRows(rows);
  const down = Math.ceil(rows / height);
  const across = Math.ceil(columns / COLUMNS);
  const tile = (line: (i: number, j: number) => string): string =>
    each(height, (i) => each(COLUMNS, (j) => line(i, j)));
  const partial = eachThread(
    gpu,
    `product_${height}`,
    [parts, batch, rows * columns],
    parts * batch * down * across,
    { a: a.tensor, b: b.tensor },
    {
      aStrides: int(a.batch, a.row, a.column),
      bStrides: int(b.batch, b.row, b.column),
      rows: int(rows),
      terms: int(terms),
      columns: int(columns),
      perPart: int(perPart),
      down: int(down),
      across: int(across),
      batch: int(batch),
    },
    // Rows are neighbours; columns lie `across` apart, so that neighbouring threads read and write neighbouring numbers.
    // What lies beyond the last row or column is read from anywhere, and not written.
    /* wgsl */ `
      let column = index % uniforms.across;
      let row = index / uniforms.across % uniforms.down * ${height};
      let matrix = index / (uniforms.across * uniforms.down);
      let first = matrix / uniforms.batch * uniforms.perPart;
      let end = min(first + uniforms.perPart, uniforms.terms);
      let which = matrix % uniforms.batch;
      ${each(height, (i) => `var aAt${i} = which * uniforms.aStrides.x + min(row + ${i}, uniforms.rows - 1) * uniforms.aStrides.y + first * uniforms.aStrides.z;`)}
      ${each(COLUMNS, (j) => `var bAt${j} = which * uniforms.bStrides.x + min(column + ${j} * uniforms.across, uniforms.columns - 1) * uniforms.bStrides.z + first * uniforms.bStrides.y;`)}
      ${tile((i, j) => `var sum${i}_${j} = 0.0;`)}
      for (var term = first; term < end; term++) {
        ${each(height, (i) => `let a${i} = a[aAt${i}]; aAt${i} += uniforms.aStrides.z;`)}
        ${each(COLUMNS, (j) => `let b${j} = b[bAt${j}]; bAt${j} += uniforms.bStrides.y;`)}
        ${tile((i, j) => `sum${i}_${j} += a${i} * b${j};`)}
      }
      let to = (matrix * uniforms.rows + row) * uniforms.columns + column;
      ${each(height, (i) => `if (row + ${i} < uniforms.rows) {${each(COLUMNS, (j) => `if (column + ${j} * uniforms.across < uniforms.columns) { result[to + ${i} * uniforms.columns + ${j} * uniforms.across] = sum${i}_${j}; }`)}}`)}
    `,
    { heavy: true },
  );
  if (parts === 1) return { ...partial, shape };
  const sum = sumOfParts(gpu, partial, parts, shape);
  gpu.disposeData(partial.dataId);
  return sum;
}

/** WGSL of the activations that a product or a convolution may end with. */
export const ACTIVATIONS: Readonly<Record<string, string>> = { linear: 'sum', relu: 'max(0.0, sum)' };

/** A tensor as matrices of its last two axes. */
function matrices(tensor: tf.TensorInfo, transposed: boolean): Matrices & { shape: [number, number] } {
  const [height, width] = tensor.shape.slice(-2) as [number, number];
  const batch = height * width;
  return transposed
    ? { tensor, batch, row: 1, column: width, shape: [width, height] }
    : { tensor, batch, row: width, column: 1, shape: [height, width] };
}

/** Products of as many matrices on either side; undefined for others. */
function matMul(
  gpu: WebGpuBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
): tf.TensorInfo | undefined {
  const batches = a.shape.slice(0, -2);
  if (batches.join() !== b.shape.slice(0, -2).join()) return undefined;
  const [left, right] = [matrices(a, transposeA), matrices(b, transposeB)];
  const [[rows, terms], columns] = [left.shape, right.shape[1]];
  const batch = sizeOf(batches);
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || batch * rows * terms * columns === 0) return undefined;
  return product(gpu, left, right, { batch, rows, terms, columns }, [...batches, rows, columns]);
}

export const productKernels: Kernels<WebGpuBackend> = {
  BatchMatMul({ inputs, attributes, backend }) {
    const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    return matMul(backend, a, b, attributes as unknown as tf.BatchMatMulAttrs);
  },

  _FusedMatMul({ inputs, attributes, backend }) {
    const { a, b, bias, preluActivationWeights } = inputs as Record<string, tf.TensorInfo>;
    const { activation = 'linear', ...transposed } = attributes as unknown as tf._FusedMatMulAttrs;
    const value = ACTIVATIONS[activation ?? 'linear'];
    if (!value || preluActivationWeights || (bias && bias.shape.length !== 1)) return undefined;
    const products = matMul(backend, a!, b!, transposed);
    if (!products) return undefined;
    const tensors: Inputs = bias ? { products, bias } : { products };
    const columns = products.shape.at(-1)!;
    if (bias && bias.shape[0] !== columns) return undefined;
    const sums = elementwise(
      backend,
      `productEnd_${activation}_${Boolean(bias)}`,
      products.shape,
      tensors,
      bias ? { columns: int(columns) } : {},
      `let sum = products[index]${bias ? ' + bias[index % uniforms.columns]' : ''}; return ${value};`,
    );
    backend.disposeData(products.dataId);
    return sums;
  },
};
