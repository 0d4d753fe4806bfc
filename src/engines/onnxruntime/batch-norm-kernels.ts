/** Batch normalisation in training and with given statistics, and sums per channel. */
import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { KernelAttributes } from '../../network/kernel-contract.ts';
import { type Kernel, type Kernels, type OnnxRuntimeBackend } from './backend.ts';
import * as tasks from './batch-norm.ts';
import { affineOf, denseBatchNorm, denseBatchNormGradient, type Normalisation } from './dense-batch-norm.ts';
import type { ImageBuffer } from './image-layout.ts';
import { sumKernel } from './reduction-kernels.ts';

/** Lets the threads sum per channel. @returns the sums, [rows][C], and what the task was given to sum into */
function sumPerChannel(
  { threads }: OnnxRuntimeBackend,
  rows: number,
  channels: number,
  run: (totals: Float64Array) => void,
): Float64Array[] {
  const stride = rows * channels;
  const totals = new Float64Array(new SharedArrayBuffer(threads.size * stride * 8));
  run(totals);
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from({ length: channels }, (_, channel) => {
      let sum = 0;
      for (let at = row * channels + channel; at < totals.length; at += stride) sum += totals[at]!;
      return sum;
    }),
  );
}

const elements = ({ layout: { shape } }: ImageBuffer): number => shape[0] * shape[1] * shape[2];

/** Mean and biased variance over all but the last axis. */
function moments(
  backend: OnnxRuntimeBackend,
  x: ImageBuffer,
): { mean: Float32Array; variance: Float32Array } {
  const count = elements(x);
  const [sums, squares] = sumPerChannel(backend, 2, x.layout.shape[3], (totals) =>
    backend.threads.run(tasks.moments, { x, totals }),
  ) as [Float64Array, Float64Array];
  const mean = sums.map((value) => value / count);
  const variance = squares.map((value, channel) => Math.max(value / count - mean[channel]! ** 2, 0));
  return { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

/** scale·x + shift per channel, or its positive part. */
function affine(
  { images, threads }: OnnxRuntimeBackend,
  x: ImageBuffer,
  map: { scale: Float32Array; shift: Float32Array },
  relu: boolean,
): ImageBuffer {
  const y = images.take(x.layout.shape);
  threads.run(tasks.affine, { x, y, ...map, relu });
  return y;
}

/**
 * The gradient of batch normalisation in training
 * (Ioffe and Szegedy, https://arxiv.org/abs/1502.03167, section 3) and of the ReLU behind it.
 * With dz the gradient in front of the ReLU, x̂ the normalised x and ⟨⟩ the mean over all but the channel:
 * dx = γ/σ · (dz − ⟨dz⟩ − x̂·⟨dz·x̂⟩), which is affine in dz and x.
 * @returns dx with its sums per channel, which are the gradient of a bias in front of the normalisation
 */
function batchNormGradient(
  backend: OnnxRuntimeBackend,
  dy: ImageBuffer,
  x: ImageBuffer,
  normalisation: Normalisation,
  relu: boolean,
): { dx: ImageBuffer; dgamma: Float32Array; dbeta: Float32Array } {
  const { images, threads } = backend;
  const { gamma, mean, variance, epsilon } = normalisation;
  const { shape } = x.layout;
  const channels = shape[3];
  const count = elements(x);
  const dz = relu ? images.take(shape) : dy;
  const [sums, products] = sumPerChannel(backend, 2, channels, (totals) =>
    threads.run(tasks.gradientSums, { dy, x, dz, relu, totals, ...affineOf(normalisation) }),
  ) as [Float64Array, Float64Array];
  const [dgamma, a, b, c] = [0, 1, 2, 3].map(() => new Float32Array(channels)) as [
    ...[Float32Array, Float32Array, Float32Array, Float32Array],
  ];
  for (let channel = 0; channel < channels; channel++) {
    const deviation = Math.sqrt(variance[channel]! + epsilon);
    const projected = (products[channel]! - mean[channel]! * sums[channel]!) / deviation;
    const slope = -(gamma[channel]! / deviation ** 2) * (projected / count);
    dgamma[channel] = projected;
    a[channel] = gamma[channel]! / deviation;
    b[channel] = slope;
    c[channel] = -slope * mean[channel]! - (gamma[channel]! / deviation) * (sums[channel]! / count);
  }
  const dx = images.take(shape);
  const [dxSums] = sumPerChannel(backend, 1, channels, (totals) =>
    threads.run(tasks.combine, { dz, x, dx, a, b, c, totals }),
  ) as [Float64Array];
  if (relu) images.give(dz);
  // In the padding, where dz and x are zero, each of the N·H columns has added c.
  const padding = shape[0] * shape[1];
  dx.sums = Float32Array.from(dxSums.map((value, channel) => value - c[channel]! * padding));
  return { dx, dgamma, dbeta: Float32Array.from(sums) };
}

const BatchNormTrain: Kernel = ({ inputs, attributes, backend }) => {
  const [x, gamma, beta] = [inputs['x']!, inputs['gamma']!, inputs['beta']!];
  const { epsilon, activation } = attributes as KernelAttributes<'BatchNormTrain'>;
  const relu = activation === 'relu';
  const parameters = { gamma: backend.values(gamma), beta: backend.values(beta), epsilon };
  const images = backend.imagesOf(x);
  const normalise = (images: ImageBuffer) => {
    const statistics = moments(backend, images);
    const map = affineOf({ ...parameters, ...statistics });
    return { y: backend.wrapImages(affine(backend, images, map, relu)), ...statistics };
  };
  const normaliseRows = () => {
    const { y, ...statistics } = denseBatchNorm(backend.values(x), parameters, relu);
    return { y: backend.wrap(y, x.shape), ...statistics };
  };
  const { y, mean, variance } = images ? normalise(images) : normaliseRows();
  return [y, backend.wrap(mean, gamma.shape), backend.wrap(variance, gamma.shape)];
};

const BatchNormTrainGrad: Kernel = ({ inputs, attributes, backend }) => {
  const { epsilon, activation } = attributes as KernelAttributes<'BatchNormTrainGrad'>;
  const [dy, x] = [inputs['dy']!, inputs['x']!];
  const values = (name: string): Float32Array => backend.values(inputs[name]!);
  const normalisation = {
    ...{ gamma: values('gamma'), beta: values('beta'), mean: values('mean'), variance: values('variance') },
    epsilon,
  };
  const relu = activation === 'relu';
  const results = (dx: TensorInfo, dgamma: Float32Array, dbeta: Float32Array): TensorInfo[] => [
    dx,
    ...[dgamma, dbeta].map((each) => backend.wrap(each, inputs['gamma']!.shape)),
  ];
  const images = backend.imagesOf(x);
  if (images) {
    return backend.withImages([dy], (gradient) => {
      const { dx, dgamma, dbeta } = batchNormGradient(backend, gradient, images, normalisation, relu);
      return results(backend.wrapImages(dx), dgamma, dbeta);
    });
  }
  const { dx, dgamma, dbeta } = denseBatchNormGradient(values('dy'), values('x'), normalisation, relu);
  return results(backend.wrap(dx, x.shape), dgamma, dbeta);
};

/** Batch normalisation with given statistics, as in inference. */
const FusedBatchNorm: Kernel = ({ inputs, attributes, backend }) => {
  const { x, mean, variance, scale, offset } = inputs;
  const channels = x!.shape.at(-1)!;
  const perChannel = [mean, variance, scale, offset].every(
    (info) => !info || info.shape.join() === String(channels),
  );
  if (!backend.suitsImages(x!) || !perChannel) return undefined;
  const values = (info: TensorInfo | undefined, otherwise: number) =>
    info ? backend.values(info) : new Float32Array(channels).fill(otherwise);
  const map = affineOf({
    gamma: values(scale, 1),
    beta: values(offset, 0),
    mean: values(mean, 0),
    variance: values(variance, 1),
    epsilon: attributes['varianceEpsilon'] as number,
  });
  return backend.withImages([x!], (images) => backend.wrapImages(affine(backend, images, map, false)));
};

/** Over all axes but the last, as in the gradient of a convolution's bias, the sum of images needs no copy of them. */
const Sum: Kernel = (call) => {
  const { inputs, attributes, backend } = call;
  const images = backend.imagesOf(inputs['x']!);
  const axes = [attributes['axis']].flat() as number[];
  const overPixels = axes.length === 3 && [0, 1, 2].every((axis) => axes.includes(axis));
  if (!images || !overPixels) return sumKernel(call);
  const channels = images.layout.shape[3];
  const sums = () =>
    sumPerChannel(backend, 1, channels, (totals) =>
      backend.threads.run(tasks.channelSums, { x: images, totals }),
    )[0]!;
  return backend.wrap(
    images.sums ?? Float32Array.from(sums()),
    attributes['keepDims'] ? [1, 1, 1, channels] : [channels],
  );
};

export const batchNormKernels: Kernels = { BatchNormTrain, BatchNormTrainGrad, FusedBatchNorm, Sum };
