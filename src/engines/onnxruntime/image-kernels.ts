/** Convolution, pooling, dropout, and what is the same for all pixels of a channel, on image buffers. */
import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';

import { sizeOf } from '../../math/arrays.ts';
import { dropoutThreshold, keepsElement } from '../../math/random.ts';
import type { KernelAttributes } from '../../network/kernel-contract.ts';
import type { Kernel, Kernels } from './backend.ts';
import { correlate, filterGradient } from './convolution.ts';
import { maxPool, maxPoolGradient } from './max-pool.ts';
import { dropout, pixelAffine, pixelSums } from './pixels.ts';

type Shape = [number, number, number, number];

/** Whether a convolution is 3×3, of stride 1, padded to the same size, over NHWC. */
function isPlainConvolution(images: number[], filter: number[], attributes: NamedAttrMap): boolean {
  const { strides, pad, dilations = 1, dataFormat = 'NHWC' } = attributes;
  if (dataFormat !== 'NHWC' || filter[0] !== 3 || filter[1] !== 3 || sizeOf(images) === 0) return false;
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } =
    backend_util.computeConv2DInfo(
      images as Shape,
      filter as Shape,
      strides as number,
      dilations as number,
      pad as 'same',
    );
  return (
    [strideHeight, strideWidth, dilationHeight, dilationWidth].every((step) => step === 1) &&
    [padInfo.top, padInfo.bottom, padInfo.left, padInfo.right].every((size) => size === 1)
  );
}

const convolution: Kernel = ({ inputs, attributes, backend }) => {
  const { bias } = inputs;
  const [x, filter] = [inputs['x']!, inputs['filter']!];
  const { activation = 'linear' } = attributes;
  const outputs = filter.shape[3]!;
  if (!isPlainConvolution(x.shape, filter.shape, attributes)) return undefined;
  if (activation !== 'linear' && activation !== 'relu') return undefined;
  if (bias && sizeOf(bias.shape) !== outputs) return undefined;
  return backend.withImages([x], (images) => {
    const y = backend.images.take([...x.shape.slice(0, 3), outputs]);
    backend.threads.run(correlate, {
      ...{ x: images, y, filter: backend.values(filter), flipped: false },
      bias: bias ? backend.values(bias) : new Float32Array(outputs),
      relu: activation === 'relu',
    });
    return backend.wrapImages(y);
  });
};

const Conv2DBackpropInput: Kernel = ({ inputs, attributes, backend }) => {
  const [dy, filter] = [inputs['dy']!, inputs['filter']!];
  const shape = attributes['inputShape'] as number[];
  if (!isPlainConvolution(shape, filter.shape, attributes)) return undefined;
  return backend.withImages([dy], (gradient) => {
    const dx = backend.images.take(shape);
    backend.threads.run(correlate, {
      ...{ x: gradient, y: dx, filter: backend.values(filter), flipped: true },
      bias: new Float32Array(shape[3]!),
      relu: false,
    });
    return backend.wrapImages(dx);
  });
};

const Conv2DBackpropFilter: Kernel = ({ inputs, attributes, backend }) => {
  const [x, dy] = [inputs['x']!, inputs['dy']!];
  const shape = attributes['filterShape'] as number[];
  if (!isPlainConvolution(x.shape, shape, attributes)) return undefined;
  return backend.withImages([x, dy], (x, dy) => {
    const { arrays, threads } = backend;
    const size = sizeOf(shape);
    const partial = arrays.take(threads.size * size);
    threads.run(filterGradient, { x, dy, partial });
    const gradient = arrays.take(size);
    gradient.set(partial.subarray(0, size));
    for (let at = size; at < partial.length; at += size) {
      for (let i = 0; i < size; i++) gradient[i]! += partial[at + i]!;
    }
    arrays.give(partial);
    return backend.wrapArray(gradient, shape);
  });
};

/** Whether pooling is 2×2 of stride 2 without padding. */
function isPlainPooling({ shape }: TensorInfo, attributes: NamedAttrMap): boolean {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const two = (size: unknown) => size === 2 || (Array.isArray(size) && size.every((each) => each === 2));
  const [, height, width] = shape as Shape;
  const whole = height % 2 === 0 && width % 2 === 0;
  const unpadded = pad === 'valid' || pad === 0 || (pad === 'same' && whole);
  return two(filterSize) && two(strides) && unpadded && !dimRoundingMode && height >= 2 && width >= 2;
}

const MaxPool: Kernel = ({ inputs, attributes, backend }) => {
  const x = inputs['x']!;
  if (!backend.suitsImages(x) || !isPlainPooling(x, attributes)) return undefined;
  return backend.withImages([x], (images) => {
    const [n, height, width, channels] = x.shape as Shape;
    const y = backend.images.take([n, Math.floor(height / 2), Math.floor(width / 2), channels]);
    backend.threads.run(maxPool, { x: images, y });
    return backend.wrapImages(y);
  });
};

const MaxPoolGrad: Kernel = ({ inputs, attributes, backend }) => {
  const [dy, input, output] = [inputs['dy']!, inputs['input']!, inputs['output']!];
  if (!backend.suitsImages(input) || !isPlainPooling(input, attributes)) return undefined;
  return backend.withImages([dy, input, output], (dy, x, y) => {
    const dx = backend.images.take(input.shape);
    backend.threads.run(maxPoolGradient, { dy, x, y, dx });
    return backend.wrapImages(dx);
  });
};

const DropoutTrain: Kernel = ({ inputs, attributes, backend }) => {
  const x = inputs['x']!;
  const { rate, seed } = attributes as KernelAttributes<'DropoutTrain'>;
  const images = backend.imagesOf(x);
  if (images) {
    const y = backend.images.take(x.shape);
    backend.threads.run(dropout, { x: images, y, rate, seed });
    return backend.wrapImages(y);
  }
  const kept = 1 / (1 - rate);
  const threshold = dropoutThreshold(rate);
  const y = backend.values(x).map((value, i) => value * (keepsElement(seed, i, threshold) * kept));
  return backend.wrap(y, x.shape);
};

const PixelSums: Kernel = ({ inputs, backend }) => {
  const { y } = inputs;
  const x = inputs['x']!;
  const [n, , , channels] = x.shape as Shape;
  const factors: TensorInfo[] = y ? [y] : [];
  return backend.withImages([x, ...factors], (images, ...[factor]) => {
    const sums = backend.arrays.take(n * channels);
    backend.threads.run(pixelSums, { x: images, y: factor, sums });
    const rows = transposed(sums, channels, n);
    backend.arrays.give(sums);
    return backend.wrap(rows, [n, channels]);
  });
};

const PixelAffine: Kernel = ({ inputs, backend }) => {
  const { shift } = inputs;
  const [x, scale] = [inputs['x']!, inputs['scale']!];
  const [n, , , channels] = x.shape as Shape;
  return backend.withImages([x], (images) => {
    const y = backend.images.take(x.shape);
    backend.threads.run(pixelAffine, {
      x: images,
      y,
      scale: transposed(backend.values(scale), n, channels),
      shift: shift ? transposed(backend.values(shift), n, channels) : new Float32Array(n * channels),
    });
    return backend.wrapImages(y);
  });
};

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = matrix[row * columns + column]!;
  }
  return result;
}

export const imageKernels: Kernels = {
  Conv2D: convolution,
  FusedConv2D: convolution,
  Conv2DBackpropInput,
  Conv2DBackpropFilter,
  MaxPool,
  MaxPoolGrad,
  DropoutTrain,
  PixelSums,
  PixelAffine,
};
