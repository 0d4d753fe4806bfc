/**
 * The kernels of the `onnxruntime` backend: those that ONNX Runtime computes faster, and the model's own
 * (docs/architecture.md). Each takes what it is made for and leaves every other case to the inherited CPU kernel.
 */
import {
  backend_util,
  getKernel,
  type KernelConfig,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

import { dropoutThreshold, keepsElement } from '../../math/random.ts';
import type { KernelAttributes } from '../../network/kernel-contract.ts';
import type { OnnxRuntimeBackend } from './backend.ts';
import { affine, affineOf, batchNormGradient, channelSums, moments } from './batch-norm.ts';
import type { Kernel } from './call.ts';
import { sizeOf } from '../../math/arrays.ts';
import { convolve, filterGradient, inputGradient } from './convolution.ts';
import { denseBatchNorm, denseBatchNormGradient } from './dense-batch-norm.ts';
import { isLarge, largeKernels, sum } from './large.ts';
import { type Activation, matrixProduct } from './matrix-product.ts';
import { maxPool, maxPoolGradient } from './max-pool.ts';
import { pixelAffine, pixelSums } from './per-image.ts';

/** Whether a convolution is 3×3, of stride 1, padded to the same size, over NHWC. */
function isPlainConvolution(
  imageShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations = 1, dataFormat = 'NHWC' }: Record<string, unknown>,
): boolean {
  if (dataFormat !== 'NHWC' || filterShape[0] !== 3 || filterShape[1] !== 3 || sizeOf(imageShape) === 0)
    return false;
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } =
    backend_util.computeConv2DInfo(
      imageShape as [number, number, number, number],
      filterShape as [number, number, number, number],
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
  const { x, filter, bias } = inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };
  const { activation = 'linear' } = attributes;
  const outputs = filter.shape[3]!;
  if (!isPlainConvolution(x.shape, filter.shape, attributes)) return undefined;
  if (activation !== 'linear' && activation !== 'relu') return undefined;
  if (bias && sizeOf(bias.shape) !== outputs) return undefined;
  const biasValues = bias ? backend.values(bias) : new Float32Array(outputs);
  return backend.withSlab(x, (slab) =>
    backend.wrapSlab(convolve(backend, slab, backend.values(filter), biasValues, activation === 'relu')),
  );
};

const convolutionInputGradient: Kernel = ({ inputs, attributes, backend }) => {
  const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const shape = attributes['inputShape'] as number[];
  if (!isPlainConvolution(shape, filter.shape, attributes)) return undefined;
  return backend.withSlab(dy, (slab) =>
    backend.wrapSlab(inputGradient(backend, slab, backend.values(filter), shape[3]!)),
  );
};

const convolutionFilterGradient: Kernel = ({ inputs, attributes, backend }) => {
  const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
  const shape = attributes['filterShape'] as number[];
  if (!isPlainConvolution(x.shape, shape, attributes)) return undefined;
  return backend.withSlab(x, (slab) =>
    backend.withSlab(dy, (gradient) => backend.wrapArray(filterGradient(backend, slab, gradient), shape)),
  );
};

/** Whether images lie in a slab buffer, or are so many that it pays to copy them into one. */
const fitsSlab = (x: TensorInfo, backend: OnnxRuntimeBackend): boolean =>
  backend.slabOf(x) !== undefined || (x.shape.length === 4 && isLarge(x));

/** Whether pooling is 2×2 of stride 2 without padding. */
function isPlainPooling(
  { shape }: TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: Record<string, unknown>,
): boolean {
  const two = (size: unknown) => size === 2 || (Array.isArray(size) && size.every((each) => each === 2));
  const [, height, width] = shape as [number, number, number, number];
  const whole = height % 2 === 0 && width % 2 === 0;
  const unpadded = pad === 'valid' || pad === 0 || (pad === 'same' && whole);
  return two(filterSize) && two(strides) && unpadded && !dimRoundingMode && height >= 2 && width >= 2;
}

const pooling: Kernel = ({ inputs, attributes, backend }) => {
  const x = inputs['x']!;
  if (!fitsSlab(x, backend) || !isPlainPooling(x, attributes)) return undefined;
  return backend.withSlab(x, (slab) => backend.wrapSlab(maxPool(backend, slab)));
};

const poolingGradient: Kernel = ({ inputs, attributes, backend }) => {
  const { dy, input, output } = inputs as { dy: TensorInfo; input: TensorInfo; output: TensorInfo };
  if (!fitsSlab(input, backend) || !isPlainPooling(input, attributes)) return undefined;
  return backend.withSlab(input, (x) =>
    backend.withSlab(output, (y) =>
      backend.withSlab(dy, (gradient) => backend.wrapSlab(maxPoolGradient(backend, gradient, x, y))),
    ),
  );
};

const batchNormTrain: Kernel = ({ inputs, attributes, backend }) => {
  const { x, gamma, beta } = inputs as { x: TensorInfo; gamma: TensorInfo; beta: TensorInfo };
  const { epsilon, activation } = attributes as { epsilon: number; activation: string };
  const relu = activation === 'relu';
  const [g, b] = [backend.values(gamma), backend.values(beta)];
  const slab = backend.slabOf(x);
  let y: TensorInfo;
  let statistics: { mean: Float32Array; variance: Float32Array };
  if (slab) {
    statistics = moments(backend, slab);
    const { scale, shift } = affineOf(g, b, statistics.mean, statistics.variance, epsilon);
    y = backend.wrapSlab(affine(backend, slab, scale, shift, relu));
  } else {
    const result = denseBatchNorm(backend.values(x), g, b, epsilon, relu);
    statistics = result;
    y = backend.wrap(result.y, x.shape);
  }
  return [y, backend.wrap(statistics.mean, gamma.shape), backend.wrap(statistics.variance, gamma.shape)];
};

const batchNormTrainGradient: Kernel = ({ inputs, attributes, backend }) => {
  const { epsilon, activation } = attributes as { epsilon: number; activation: string };
  const [dy, x] = [inputs['dy']!, inputs['x']!];
  const parameters = {
    gamma: backend.values(inputs['gamma']!),
    beta: backend.values(inputs['beta']!),
    mean: backend.values(inputs['mean']!),
    variance: backend.values(inputs['variance']!),
  };
  const relu = activation === 'relu';
  const perChannel = (values: Float32Array) => backend.wrap(values, inputs['gamma']!.shape);
  const slab = backend.slabOf(x);
  if (slab) {
    return backend.withSlab(dy, (gradient) => {
      const { dx, sums, dgamma, dbeta } = batchNormGradient(
        backend,
        gradient,
        slab,
        parameters,
        epsilon,
        relu,
      );
      dx.sums = sums;
      return [backend.wrapSlab(dx), perChannel(dgamma), perChannel(dbeta)];
    });
  }
  const { dx, dgamma, dbeta } = denseBatchNormGradient(
    backend.values(dy),
    backend.values(x),
    parameters,
    epsilon,
    relu,
  );
  return [backend.wrap(dx, x.shape), perChannel(dgamma), perChannel(dbeta)];
};

const dropoutTrain: Kernel = ({ inputs, attributes, backend }) => {
  const x = inputs['x']!;
  const { rate, seed } = attributes as { rate: number; seed: number };
  const slab = backend.slabOf(x);
  if (slab) {
    const y = backend.slabs.take(slab.layout.shape);
    backend.team.run('dropout', { x: slab, y, rate, seed });
    return backend.wrapSlab(y);
  }
  const kept = 1 / (1 - rate);
  const threshold = dropoutThreshold(rate);
  const y = backend.values(x).map((value, i) => value * (keepsElement(seed, i, threshold) * kept));
  return backend.wrap(y, x.shape);
};

const adamW: Kernel = ({ inputs, attributes, backend }) => {
  const { shape } = inputs['parameter']!;
  const take = () => backend.arrays.take(sizeOf(shape));
  const next = { newParameter: take(), newM: take(), newV: take() };
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = attributes as KernelAttributes<'AdamW'>;
  backend.team.run('adamW', {
    parameter: backend.sharedValues(inputs['parameter']!),
    gradient: backend.sharedValues(inputs['gradient']!),
    m: backend.sharedValues(inputs['m']!),
    v: backend.sharedValues(inputs['v']!),
    ...next,
    ...{ learningRate, beta1, beta2, epsilon, weightDecay, step },
  });
  return [next.newParameter, next.newM, next.newV].map((array) => backend.wrapArray(array, shape));
};

const moveTowards: Kernel = ({ inputs, attributes, backend }) => {
  const { from, to } = inputs as { from: TensorInfo; to: TensorInfo };
  const result = backend.arrays.take(sizeOf(from.shape));
  backend.team.run('moveTowards', {
    from: backend.sharedValues(from),
    to: backend.sharedValues(to),
    result,
    share: attributes['share'] as number,
  });
  return backend.wrapArray(result, from.shape);
};

const pixelSumsOf: Kernel = ({ inputs, backend }) => {
  const { x, y } = inputs as { x: TensorInfo; y?: TensorInfo };
  const [images, , , channels] = x.shape as [number, number, number, number];
  return backend.withSlab(x, (slab) => {
    const sums = y
      ? backend.withSlab(y, (other) => pixelSums(backend, slab, other))
      : pixelSums(backend, slab);
    return backend.wrap(sums, [images, channels]);
  });
};

const pixelAffineOf: Kernel = ({ inputs, backend }) => {
  const { x, scale, shift } = inputs as { x: TensorInfo; scale: TensorInfo; shift?: TensorInfo };
  return backend.withSlab(x, (slab) =>
    backend.wrapSlab(pixelAffine(backend, slab, backend.values(scale), shift && backend.values(shift))),
  );
};

/** tfjs's batched product, of matrices proper. */
const matMul: Kernel = ({ inputs, attributes, backend }) => {
  const { a, b, bias } = inputs as { a: TensorInfo; b: TensorInfo; bias?: TensorInfo };
  const { transposeA, transposeB, activation = 'linear' } = attributes;
  const [left, right] = [a.shape, b.shape];
  const isMatrix = (shape: readonly number[]) => sizeOf(shape.slice(0, -2)) === 1 && sizeOf(shape) > 0;
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || !isMatrix(left) || !isMatrix(right)) return undefined;
  if (activation !== 'linear' && activation !== 'relu') return undefined;
  const rows = left.at(transposeA ? -1 : -2)!;
  const columns = right.at(transposeB ? -2 : -1)!;
  if (left.at(transposeA ? -2 : -1) !== right.at(transposeB ? -1 : -2)) return undefined;
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== columns)) return undefined;
  const batch = left.length >= right.length ? left.slice(0, -2) : right.slice(0, -2);
  const product = matrixProduct(
    backend,
    { values: backend.values(a), shape: left.slice(-2), transposed: Boolean(transposeA) },
    { values: backend.values(b), shape: right.slice(-2), transposed: Boolean(transposeB) },
    bias && backend.values(bias),
    activation as Activation,
  );
  return backend.wrapArray(product, [...batch, rows, columns]);
};

/** Over all axes but the last, as the gradient of a convolution's bias needs it, the sum of a slab needs no copy of it. */
const sumOfSlab: Kernel = (call) => {
  const { inputs, attributes, backend } = call;
  const x = inputs['x']!;
  const slab = backend.slabOf(x);
  const axes = [attributes['axis']].flat() as number[];
  const overPixels = axes.length === 3 && [0, 1, 2].every((axis) => axes.includes(axis));
  if (!slab || !overPixels) return sum(call);
  const channels = x.shape[3]!;
  return backend.wrap(
    slab.sums ?? channelSums(backend, slab),
    attributes['keepDims'] ? [1, 1, 1, channels] : [channels],
  );
};

/** Batch normalisation with given statistics, as in inference. */
const batchNorm: Kernel = ({ inputs, attributes, backend }) => {
  const { x, mean, variance, scale, offset } = inputs as Record<string, TensorInfo | undefined>;
  const channels = x!.shape.at(-1)!;
  const perChannel = [mean, variance, scale, offset].every(
    (info) => !info || info.shape.join() === String(channels),
  );
  if (!fitsSlab(x!, backend) || !perChannel) return undefined;
  const values = (info: TensorInfo | undefined, otherwise: number) =>
    info ? backend.values(info) : new Float32Array(channels).fill(otherwise);
  const map = affineOf(
    values(scale, 1),
    values(offset, 0),
    values(mean, 0),
    values(variance, 1),
    attributes['varianceEpsilon'] as number,
  );
  return backend.withSlab(x!, (slab) => backend.wrapSlab(affine(backend, slab, map.scale, map.shift, false)));
};

const kernels: Record<string, Kernel> = {
  ...largeKernels,
  Conv2D: convolution,
  FusedConv2D: convolution,
  Conv2DBackpropInput: convolutionInputGradient,
  Conv2DBackpropFilter: convolutionFilterGradient,
  MaxPool: pooling,
  MaxPoolGrad: poolingGradient,
  BatchMatMul: matMul,
  _FusedMatMul: matMul,
  Sum: sumOfSlab,
  FusedBatchNorm: batchNorm,
  BatchNormTrain: batchNormTrain,
  BatchNormTrainGrad: batchNormTrainGradient,
  DropoutTrain: dropoutTrain,
  AdamW: adamW,
  MoveTowards: moveTowards,
  PixelSums: pixelSumsOf,
  PixelAffine: pixelAffineOf,
};

/** Kernels of the backend that are not simply inherited, for tfjs's registry. */
export function kernelConfigs(backendName: string): KernelConfig[] {
  return Object.entries(kernels).map(([kernelName, kernel]) => {
    const inherited = getKernel(kernelName, 'cpu');
    const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) => {
      const attributes: NamedAttrMap = attrs ?? {};
      const result = kernel({
        inputs: inputs as NamedTensorInfoMap as Record<string, TensorInfo>,
        attributes,
        backend: backend as OnnxRuntimeBackend,
      });
      if (result) return result;
      if (!inherited) throw new Error(`Kernel ${kernelName} does not cover this case.`);
      return inherited.kernelFunc({ inputs, attrs: attributes, backend });
    };
    return { kernelName, backendName, kernelFunc };
  });
}
