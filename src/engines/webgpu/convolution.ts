/**
 * Convolutions on WebGPU, forward and back: 3×3 by Winograd's tiles, others as products of matrices where what lies under
 * the filter fits into a buffer, as for the first layer. What is left stays with tfjs's kernels.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel, Kernels } from '../kernel-registry.ts';
import { type End, endOf, product } from './product.ts';
import { elementwise, holdsFloats, int, type WebGpuBackend } from './program.ts';
import { convolve, filterGradient, suitsWinograd } from './winograd.ts';

type Shape4D = [number, number, number, number];

interface Options {
  readonly strides: number | [number, number];
  readonly pad: tf.Conv2DAttrs['pad'];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly activation?: string | null;
}

/** The sizes of a convolution that becomes a product. */
interface Sizes {
  readonly info: tf.backend_util.Conv2DInfo;
  /** Output pixels of all images. */
  readonly positions: number;
  /** Numbers under the filter. */
  readonly terms: number;
}

/** @returns undefined where what lies under the filter does not fit into a buffer */
function productSizes(
  gpu: WebGpuBackend,
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode, dataFormat }: Options,
): Sizes | undefined {
  if (dataFormat !== 'NHWC') return undefined;
  const info = tf.backend_util.computeConv2DInfo(
    x as Shape4D,
    filter as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const positions = info.batchSize * info.outHeight * info.outWidth;
  const terms = info.filterHeight * info.filterWidth * info.inChannels;
  const bytes = 4 * positions * terms;
  const fits = bytes > 0 && bytes <= gpu.device.limits.maxStorageBufferBindingSize;
  return fits ? { info, positions, terms } : undefined;
}

/** What lies under the filter at each position; zeros outside the image. @returns [positions, terms], the caller's */
const columnsOf = (gpu: WebGpuBackend, x: tf.TensorInfo, { info, positions, terms }: Sizes): tf.TensorInfo =>
  elementwise(
    gpu,
    'convolutionColumns',
    [positions, terms],
    { x },
    {
      outSize: int(info.outHeight, info.outWidth),
      inSize: int(info.inHeight, info.inWidth),
      strides: int(info.strideHeight, info.strideWidth),
      dilations: int(info.dilationHeight, info.dilationWidth),
      pads: int(info.padInfo.top, info.padInfo.left),
      filterWidth: int(info.filterWidth),
      channels: int(info.inChannels),
      terms: int(terms),
    },
    /* wgsl */ `
      let term = index % uniforms.terms;
      let position = index / uniforms.terms;
      let place = term / uniforms.channels;
      let out = vec2<i32>(position / uniforms.outSize.y % uniforms.outSize.x, position % uniforms.outSize.y);
      let shift = vec2<i32>(place / uniforms.filterWidth, place % uniforms.filterWidth);
      let pixel = out * uniforms.strides - uniforms.pads + shift * uniforms.dilations;
      let image = position / (uniforms.outSize.x * uniforms.outSize.y);
      let at = ((image * uniforms.inSize.x + pixel.x) * uniforms.inSize.y + pixel.y) * uniforms.channels;
      let inside = all(pixel >= vec2<i32>(0)) && all(pixel < uniforms.inSize);
      return select(0.0, x[at + term % uniforms.channels], inside);
    `,
  );

const forward: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { x, filter, ...ends } = inputs as Record<string, tf.TensorInfo>;
  const options = attributes as unknown as Options;
  const end = endOf(ends, options.activation);
  if (!end || !holdsFloats(gpu, x!) || !holdsFloats(gpu, filter!)) return undefined;
  if (suitsWinograd(gpu, x!.shape, filter!.shape, options)) return convolve(gpu, x!, filter!, end);
  const sizes = productSizes(gpu, x!.shape, filter!.shape, options);
  return sizes && byProduct(gpu, x!, filter!, sizes, end);
};

function byProduct(
  gpu: WebGpuBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  sizes: Sizes,
  end: End,
): tf.TensorInfo {
  const { info, positions, terms } = sizes;
  const { outChannels, outShape } = info;
  const columns = columnsOf(gpu, x, sizes);
  const y = product(
    gpu,
    { tensor: columns, batch: 0, row: terms, column: 1 },
    { tensor: filter, batch: 0, row: outChannels, column: 1 },
    { batch: 1, rows: positions, terms, columns: outChannels },
    outShape,
    end,
  );
  gpu.disposeData(columns.dataId);
  return y;
}

const inputGradient: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { dy, filter } = inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
  const options = attributes as unknown as Options;
  // The images are as large as their gradients: dy stands for both.
  if (!suitsWinograd(gpu, dy.shape, filter.shape, options)) return undefined;
  return convolve(gpu, dy, filter, { activation: 'linear' }, true);
};

const filtersGradient: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
  const { filterShape, ...options } = attributes as unknown as Options & { filterShape: Shape4D };
  if (suitsWinograd(gpu, x.shape, filterShape, options)) return filterGradient(gpu, x, dy);
  const sizes = productSizes(gpu, x.shape, filterShape, options);
  if (!sizes) return undefined;
  const { positions, terms } = sizes;
  const columns = columnsOf(gpu, x, sizes);
  const gradient = product(
    gpu,
    { tensor: columns, batch: 0, row: 1, column: terms },
    { tensor: dy, batch: 0, row: filterShape[3], column: 1 },
    { batch: 1, rows: terms, terms: positions, columns: filterShape[3] },
    filterShape,
  );
  gpu.disposeData(columns.dataId);
  return gradient;
};

export const convolutionKernels: Kernels<WebGpuBackend> = {
  Conv2D: forward,
  FusedConv2D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filtersGradient,
};
