/**
 * 3×3 convolutions with stride 1 and padding "same" on WebGPU, and their gradients, by Winograd's tiles (../winograd.ts).
 * Each map is a program with a thread for each channel of a tile; between them, 36 pairs of matrices are multiplied.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { type End, ended, product } from './product.ts';
import { each, eachThread, FEW_THREADS, int, type WebGpuBackend } from './program.ts';
import { type Matrix, POINTS, pointTables, TILE, transposed } from '../winograd.ts';

const PLANES = POINTS * POINTS;
/** With fewer channels on either side the maps take longer than the products that are saved. */
const FEWEST_CHANNELS = 16;

/** With these points the maps need the fewest multiplications. */
const { data: DATA, filter: FILTER, output: OUTPUT } = pointTables([1, 2]);

/** WGSL: row · values. */
const dot = (row: readonly number[], value: (i: number) => string): string => {
  const terms = row.flatMap((factor, i) => {
    if (factor === 0) return [];
    if (Math.abs(factor) === 1) return [`${factor < 0 ? '-' : '+'} ${value(i)}`];
    // A decimal point makes it a float.
    const literal = Number.isInteger(factor) ? `${factor}.0` : String(factor);
    return [`+ (${literal}) * ${value(i)}`];
  });
  return terms.join(' ').replace(/^\+ /, '');
};

/**
 * WGSL: matrix · values · matrixᵀ, of a square of values.
 * @param read WGSL of the value in a row and a column
 * @param write WGSL that does something with a value of the result
 */
function mapped(
  matrix: Matrix,
  read: (row: number, column: number) => string,
  write: (row: number, column: number, value: string) => string,
): string {
  const size = matrix[0]!.length;
  return [
    each(size, (r) => each(size, (c) => `let v${r}_${c} = ${read(r, c)};`)),
    ...matrix.map((row, r) => each(size, (c) => `let w${r}_${c} = ${dot(row, (i) => `v${i}_${c}`)};`)),
    ...matrix.map((_, r) =>
      matrix
        .map((row, c) =>
          write(
            r,
            c,
            dot(row, (i) => `w${r}_${i}`),
          ),
        )
        .join('\n'),
    ),
  ].join('\n');
}

/** Tiles of images: their sizes, and how many tiles there are, down, across, and in all images. */
interface Tiles {
  readonly height: number;
  readonly width: number;
  readonly down: number;
  readonly across: number;
  readonly count: number;
}

function tilesOf([images, height, width]: readonly number[]): Tiles {
  const [down, across] = [Math.ceil(height! / TILE), Math.ceil(width! / TILE)];
  return { height: height!, width: width!, down, across, count: images! * down * across };
}

/** What programs with a thread for each channel of a tile are given, and how they find tile and channel. */
const tileUniforms = ({ height, width, down, across, count }: Tiles, channels: number) => ({
  size: int(height, width),
  tiles: int(down, across, count),
  channels: int(channels),
});
const TILE_OF_THREAD = /* wgsl */ `
  let channels = uniforms.channels;
  let channel = index % channels;
  let tile = index / channels;
  let place = tile % (uniforms.tiles.x * uniforms.tiles.y);
  let image = tile / (uniforms.tiles.x * uniforms.tiles.y);
  let top = place / uniforms.tiles.y * ${TILE};
  let left = place % uniforms.tiles.y * ${TILE};
  let plane = uniforms.tiles.z * channels;
`;

/** Maps the pixels under each tile, or the outputs in it: [images, height, width, C] → [36, tiles, C]. */
function mapTiles(gpu: WebGpuBackend, images: tf.TensorInfo, tiles: Tiles, outputs: boolean): tf.TensorInfo {
  const channels = images.shape[3]!;
  const matrix = outputs ? OUTPUT : DATA;
  const side = matrix[0]!.length;
  const before = outputs ? 0 : 1;
  return eachThread(gpu, [PLANES, tiles.count, channels], {
    key: `winogradTiles_${outputs}`,
    threads: tiles.count * channels,
    workgroup: FEW_THREADS,
    inputs: { images },
    uniforms: tileUniforms(tiles, channels),
    body: () => /* wgsl */ `
      ${TILE_OF_THREAD}
      let corner = ((image * uniforms.size.x + top - ${before}) * uniforms.size.y + left - ${before}) * channels + channel;
      ${each(side, (i) => `let row${i} = top + ${i - before}; let rowInside${i} = row${i} >= 0 && row${i} < uniforms.size.x; let rowAt${i} = corner + ${i} * uniforms.size.y * channels;`)}
      ${each(side, (i) => `let column${i} = left + ${i - before}; let inside${i} = column${i} >= 0 && column${i} < uniforms.size.y;`)}
      ${mapped(
        matrix,
        (r, c) => `select(0.0, images[rowAt${r} + ${c} * channels], rowInside${r} && inside${c})`,
        (r, c, value) => `result[index + ${r * POINTS + c} * plane] = ${value};`,
      )}
    `,
  });
}

/** Maps filters: [3, 3, in, out] → [36, in, out]; turned by half a circle, [3, 3, out, in] → [36, in, out]. */
function mapFilter(gpu: WebGpuBackend, filter: tf.TensorInfo, turned: boolean): tf.TensorInfo {
  const [inputs, outputs] = (turned ? [filter.shape[3], filter.shape[2]] : filter.shape.slice(2)) as [
    number,
    number,
  ];
  return eachThread(gpu, [PLANES, inputs, outputs], {
    key: `winogradFilter_${turned}`,
    threads: inputs * outputs,
    workgroup: FEW_THREADS,
    inputs: { weights: filter },
    uniforms: { sizes: int(inputs, outputs) },
    body: () => /* wgsl */ `
      let at = ${turned ? 'index % uniforms.sizes.y * uniforms.sizes.x + index / uniforms.sizes.y' : 'index'};
      ${mapped(
        FILTER,
        (r, c) => `weights[at + ${turned ? 8 - 3 * r - c : 3 * r + c} * uniforms.threads]`,
        (r, c, value) => `result[index + ${r * POINTS + c} * uniforms.threads] = ${value};`,
      )}
    `,
  });
}

/** Whether a convolution goes this way, and its maps fit into a buffer of the device. */
export function suitsWinograd(
  gpu: WebGpuBackend,
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dataFormat, dilations = 1 }: Partial<tf.Conv2DAttrs> & { dataFormat: string },
): boolean {
  const [inputs, outputs] = filter.slice(2) as [number, number];
  const ones = [strides, dilations].flat().every((each) => each === 1);
  const bytes = 4 * PLANES * Math.max(tilesOf(x).count * Math.max(inputs, outputs), inputs * outputs);
  return (
    ones &&
    pad === 'same' &&
    dataFormat === 'NHWC' &&
    filter[0] === 3 &&
    filter[1] === 3 &&
    Math.min(inputs, outputs) >= FEWEST_CHANNELS &&
    x[0]! > 0 &&
    bytes <= gpu.device.limits.maxStorageBufferBindingSize
  );
}

/**
 * The convolution of x with a filter, or, where it is turned, of dy: its gradient with respect to x.
 * @param x [n, height, width, in]
 * @param filter [3, 3, in, out], or turned [3, 3, out, in]
 * @returns [n, height, width, out], the caller's
 */
export function convolve(
  gpu: WebGpuBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  end: End = { activation: 'linear' },
  turned = false,
): tf.TensorInfo {
  const tiles = tilesOf(x.shape);
  const data = mapTiles(gpu, x, tiles, false);
  const filters = mapFilter(gpu, filter, turned);
  const [, terms, columns] = filters.shape as [number, number, number];
  const rows = tiles.count;
  const products = product(
    gpu,
    { tensor: data, batch: rows * terms, row: terms, column: 1 },
    { tensor: filters, batch: terms * columns, row: columns, column: 1 },
    { batch: PLANES, rows, terms, columns },
    [PLANES, rows, columns],
  );
  const { bias, activation } = end;
  const y = eachThread(gpu, [...x.shape.slice(0, 3), columns], {
    key: `winogradOutputs_${activation}_${Boolean(bias)}`,
    threads: rows * columns,
    workgroup: FEW_THREADS,
    inputs: bias ? { products, bias } : { products },
    uniforms: tileUniforms(tiles, columns),
    body: () => /* wgsl */ `
      ${TILE_OF_THREAD}
      let to = ((image * uniforms.size.x + top) * uniforms.size.y + left) * channels + channel;
      ${mapped(
        transposed(OUTPUT),
        (r, c) => `products[index + ${r * POINTS + c} * plane]`,
        (r, c, value) => /* wgsl */ `
          if (top + ${r} < uniforms.size.x && left + ${c} < uniforms.size.y) {
            result[to + (${r} * uniforms.size.y + ${c}) * channels] = ${ended(end, value, 'channel')};
          }`,
      )}
    `,
  });
  for (const { dataId } of [data, filters, products]) gpu.disposeData(dataId);
  return y;
}

/** The gradient with respect to the filter. @param x [n, height, width, in] @param dy [n, height, width, out] */
export function filterGradient(gpu: WebGpuBackend, x: tf.TensorInfo, dy: tf.TensorInfo): tf.TensorInfo {
  const tiles = tilesOf(x.shape);
  const [rows, columns] = [x.shape[3]!, dy.shape[3]!];
  const data = mapTiles(gpu, x, tiles, false);
  const gradients = mapTiles(gpu, dy, tiles, true);
  const terms = tiles.count;
  const products = product(
    gpu,
    { tensor: data, batch: terms * rows, row: 1, column: rows },
    { tensor: gradients, batch: terms * columns, row: columns, column: 1 },
    { batch: PLANES, rows, terms, columns },
    [PLANES, rows, columns],
  );
  const gradient = eachThread(gpu, [3, 3, rows, columns], {
    key: 'winogradFilterGradient',
    threads: rows * columns,
    workgroup: FEW_THREADS,
    inputs: { products },
    body: () =>
      mapped(
        transposed(FILTER),
        (r, c) => `products[index + ${r * POINTS + c} * uniforms.threads]`,
        (r, c, value) => `result[index + ${3 * r + c} * uniforms.threads] = ${value};`,
      ),
  });
  for (const { dataId } of [data, gradients, products]) gpu.disposeData(dataId);
  return gradient;
}
