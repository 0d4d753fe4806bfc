/**
 * Products of matrices on WebGPU. A thread keeps a tile of sums in registers and reads the factors of both matrices from
 * global memory, where its neighbours have just read them: no workgroup memory, no barriers. Whatever is transposed is
 * only another pair of strides, so all products share two programs, for few rows and for many.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Kernel, Kernels } from '../kernel-registry.ts';
import { sizeOf } from '../../math/arrays.ts';
import { fillsTiles, sharedProduct, shares } from './shared-product.ts';
import {
  each,
  eachThread,
  elementwise,
  FEW_THREADS,
  holdsFloats,
  type Inputs,
  int,
  type Program,
  sumOfParts,
  type WebGpuBackend,
} from './program.ts';

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

/** Into how many parts the sums are split, and how many terms each has. */
function division({ batch, rows, terms, columns }: ProductSizes): { parts: number; perPart: number } {
  const tiles = batch * Math.ceil(rows / tileRows(rows)) * Math.ceil(columns / COLUMNS);
  const wanted = Math.max(1, Math.min(Math.floor(THREADS / tiles), Math.floor(terms / LEAST_TERMS)));
  const perPart = Math.ceil(terms / wanted);
  return { parts: Math.ceil(terms / perPart), perPart };
}

const tileRows = (rows: number): number => (rows > FEW_ROWS ? MANY_ROWS : FEW_ROWS);

/** What becomes of a sum: the bias [columns] is added, then comes the activation. */
export interface End {
  readonly bias?: tf.TensorInfo | undefined;
  readonly activation: string;
}

/** WGSL of the activations that a product or a convolution may end with. */
const ACTIVATIONS: Readonly<Record<string, string>> = { linear: 'sum', relu: 'max(0.0, sum)' };

/** The end of an operation of tfjs; undefined for one that these programs do not have. */
export function endOf(
  inputs: Readonly<Record<string, tf.TensorInfo | undefined>>,
  activation: string | null | undefined,
): End | undefined {
  const { bias, preluActivationWeights } = inputs;
  const end = { bias, activation: activation ?? 'linear' };
  const known = end.activation in ACTIVATIONS && !preluActivationWeights;
  return known && (!bias || bias.shape.length === 1) ? end : undefined;
}

/** WGSL: what `sum` becomes in a column. */
export const ended = ({ bias, activation }: End, sum: string, column: string): string =>
  ACTIVATIONS[activation]!.replace('sum', `${sum}${bias ? ` + bias[${column}]` : ''}`);

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
  end: End = { activation: 'linear' },
): tf.TensorInfo {
  const { batch, rows, terms, columns } = sizes;
  const { parts, perPart } = division(sizes);
  const height = tileRows(rows);
  const down = Math.ceil(rows / height);
  const across = Math.ceil(columns / COLUMNS);
  const tile = (line: (i: number, j: number) => string): string =>
    each(height, (i) => each(COLUMNS, (j) => line(i, j)));
  const withBias = (inputs: Inputs): Inputs => (end.bias ? { ...inputs, bias: end.bias } : inputs);
  const factors: Inputs = { a: a.tensor, b: b.tensor };
  const here: End = parts === 1 ? end : { activation: 'linear' };
  const program: Omit<Program, 'outputs'> = {
    key: `product_${height}_${here.activation}_${Boolean(here.bias)}`,
    threads: parts * batch * down * across,
    workgroup: FEW_THREADS,
    inputs: here.bias ? withBias(factors) : factors,
    uniforms: {
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
    // Beyond the last row or column, the last one is read again, and nothing is written.
    body: () => /* wgsl */ `
      let column = index % uniforms.across;
      let row = index / uniforms.across % uniforms.down * ${height};
      let matrix = index / (uniforms.across * uniforms.down);
      let first = matrix / uniforms.batch * uniforms.perPart;
      let end = min(first + uniforms.perPart, uniforms.terms);
      let which = matrix % uniforms.batch;
      let aFirst = which * uniforms.aStrides.x + first * uniforms.aStrides.z;
      let bFirst = which * uniforms.bStrides.x + first * uniforms.bStrides.y;
      ${each(height, (i) => `var aAt${i} = aFirst + min(row + ${i}, uniforms.rows - 1) * uniforms.aStrides.y;`)}
      ${each(COLUMNS, (j) => `let column${j} = column + ${j} * uniforms.across;`)}
      ${each(COLUMNS, (j) => `var bAt${j} = bFirst + min(column${j}, uniforms.columns - 1) * uniforms.bStrides.z;`)}
      ${tile((i, j) => `var sum${i}_${j} = 0.0;`)}
      for (var term = first; term < end; term++) {
        ${each(height, (i) => `let a${i} = a[aAt${i}]; aAt${i} += uniforms.aStrides.z;`)}
        ${each(COLUMNS, (j) => `let b${j} = b[bAt${j}]; bAt${j} += uniforms.bStrides.y;`)}
        ${tile((i, j) => `sum${i}_${j} += a${i} * b${j};`)}
      }
      let to = (matrix * uniforms.rows + row) * uniforms.columns;
      ${each(
        COLUMNS,
        (j) => `if (column${j} < uniforms.columns) {
        ${each(height, (i) => `if (row + ${i} < uniforms.rows) { result[to + ${i} * uniforms.columns + column${j}] = ${ended(here, `sum${i}_${j}`, `column${j}`)}; }`)}
      }`,
      )}
    `,
  };
  const shared = shares(gpu) && fillsTiles(rows, columns);
  const partial = eachThread(
    gpu,
    [parts, batch, rows * columns],
    shared
      ? sharedProduct(program, rows, columns, parts * batch, (sum, column) => ended(here, sum, column))
      : program,
  );
  if (parts === 1) return { ...partial, shape };
  const sums = sumOfParts(gpu, partial, parts, shape);
  gpu.disposeData(partial.dataId);
  if (!end.bias && end.activation === 'linear') return sums;
  const result = elementwise(
    gpu,
    `productEnd_${end.activation}_${Boolean(end.bias)}`,
    shape,
    withBias({ sums }),
    { columns: int(columns) },
    `return ${ended(end, 'sums[index]', 'index % uniforms.columns')};`,
  );
  gpu.disposeData(sums.dataId);
  return result;
}

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
  { a, b, ...ends }: Readonly<Record<string, tf.TensorInfo | undefined>>,
  attributes: tf.NamedAttrMap,
): tf.TensorInfo | undefined {
  const { transposeA, transposeB, activation } = attributes as unknown as tf._FusedMatMulAttrs;
  const end = endOf(ends, activation);
  const batches = a!.shape.slice(0, -2);
  if (!end || batches.join() !== b!.shape.slice(0, -2).join()) return undefined;
  const [left, right] = [matrices(a!, transposeA), matrices(b!, transposeB)];
  const [[rows, terms], columns] = [left.shape, right.shape[1]];
  const batch = sizeOf(batches);
  const fitting = right.shape[0] === terms && (end.bias?.shape[0] ?? columns) === columns;
  const float = holdsFloats(gpu, a!) && holdsFloats(gpu, b!);
  if (!fitting || !float || batch * rows * terms * columns === 0) return undefined;
  return product(gpu, left, right, { batch, rows, terms, columns }, [...batches, rows, columns], end);
}

const kernel: Kernel<WebGpuBackend> = ({ inputs, attributes, backend }) =>
  matMul(backend, inputs, attributes);

export const productKernels: Kernels<WebGpuBackend> = { BatchMatMul: kernel, _FusedMatMul: kernel };
