/**
 * Batch normalisation in training on WebGPU. Composed of tfjs's ops its sums over a batch go axis by axis, with a thread
 * for each column that is left, and every intermediate is written and read again. Here both directions are two passes
 * over the images: one that sums by channel, one that writes the result. The rows to be summed are split over
 * threads; their parts are added in a pass of their own.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { KernelAttributes, KernelInputs } from '../../network/kernel-contract.ts';
import type { Kernel, Kernels } from '../kernel-registry.ts';
import {
  eachThread,
  elementwise,
  elementwiseResults,
  float,
  type Inputs,
  int,
  sumOfParts,
  type Uniforms,
  type WebGpuBackend,
} from './program.ts';

/** About as many threads as keep a large GPU busy sum the rows … */
const THREADS = 1 << 16;
/** … but none sums fewer than this: its part costs a write and a read of each sum. */
const LEAST_ROWS = 64;

const forward: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { x, gamma, beta } = inputs as KernelInputs<'BatchNormTrain'>;
  const { epsilon, activation } = attributes as KernelAttributes<'BatchNormTrain'>;
  const [channels] = gamma.shape as [number];
  const rows = x.size / channels;
  const totals = channelSums(
    gpu,
    'batchNormSums',
    rows,
    channels,
    { x },
    {},
    // Relative to a channel's first value: sums of squares lose their digits where a mean is far from zero.
    /* wgsl */ `
      let difference = x[at] - x[channel];
      sum += vec2<f32>(difference, difference * difference);
    `,
  );
  const [mean, variance] = elementwiseResults(
    gpu,
    'batchNormStatistics',
    [channels],
    { totals, x },
    ['mean', 'variance'],
    { rows },
    /* wgsl */ `
      let difference = totals[index] / uniforms.rows;
      mean[index] = x[index] + difference;
      variance[index] = max(0.0, totals[uniforms.size + index] / uniforms.rows - difference * difference);
    `,
  ) as [tf.TensorInfo, tf.TensorInfo];
  gpu.disposeData(totals.dataId);
  const y = elementwise(
    gpu,
    `batchNormApply_${activation}`,
    x.shape,
    { x, gamma, beta, mean, variance },
    { epsilon: float(epsilon) },
    /* wgsl */ `
      let channel = index % uniforms.gammaShape;
      let inverse = inverseSqrt(variance[channel] + uniforms.epsilon);
      let y = (x[index] - mean[channel]) * inverse * gamma[channel] + beta[channel];
      return ${activation === 'relu' ? 'max(0.0, y)' : 'y'};
    `,
  );
  return [y, mean, variance];
};

const backward: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { dy, x, gamma, beta, mean, variance } = inputs as KernelInputs<'BatchNormTrainGrad'>;
  const { epsilon, activation } = attributes as KernelAttributes<'BatchNormTrainGrad'>;
  const [channels] = gamma.shape as [number];
  const rows = x.size / channels;
  const relu = activation === 'relu';
  /** WGSL: `normalised`, and `slope`, which is dy where the activation lets it through. */
  const parts = (at: string): string => /* wgsl */ `
    let inverse = inverseSqrt(variance[channel] + uniforms.epsilon);
    let normalised = (x[${at}] - mean[channel]) * inverse;
    let slope = ${relu ? `select(0.0, dy[${at}], normalised * gamma[channel] + beta[channel] > 0.0)` : `dy[${at}]`};
  `;
  const totals = channelSums(
    gpu,
    `batchNormGradientSums_${activation}`,
    rows,
    channels,
    { dy, x, mean, variance, ...(relu && { gamma, beta }) },
    { epsilon: float(epsilon) },
    /* wgsl */ `
      ${parts('at')}
      sum += vec2<f32>(slope * normalised, slope);
    `,
  );
  const [dgamma, dbeta] = elementwiseResults(
    gpu,
    'batchNormParameterGradients',
    [channels],
    { totals },
    ['dgamma', 'dbeta'],
    {},
    'dgamma[index] = totals[index]; dbeta[index] = totals[uniforms.size + index];',
  ) as [tf.TensorInfo, tf.TensorInfo];
  const dx = elementwise(
    gpu,
    `batchNormDx_${activation}`,
    x.shape,
    { dy, x, gamma, mean, variance, totals, ...(relu && { beta }) },
    { rows: float(rows), epsilon: float(epsilon) },
    /* wgsl */ `
      let channels = uniforms.gammaShape;
      let channel = index % channels;
      ${parts('index')}
      // What moving mean and variance along with x takes back.
      let together = (totals[channels + channel] + normalised * totals[channel]) / uniforms.rows;
      return (slope - together) * inverse * gamma[channel];
    `,
  );
  gpu.disposeData(totals.dataId);
  return [dx, dgamma, dbeta];
};

export const batchNormKernels: Kernels<WebGpuBackend> = {
  BatchNormTrain: forward,
  BatchNormTrainGrad: backward,
};

/**
 * Two sums over the rows, by channel.
 * @param inputs of the program, each [rows · channels] or [channels]
 * @param summed WGSL that adds to `sum`, a vector of the two, what the row has: `at` is its place, `channel` its channel
 * @returns [2, channels], the caller's
 */
function channelSums(
  gpu: WebGpuBackend,
  key: string,
  rows: number,
  channels: number,
  inputs: Inputs,
  uniforms: Uniforms,
  summed: string,
): tf.TensorInfo {
  const wanted = Math.max(1, Math.min(Math.floor(THREADS / channels), Math.floor(rows / LEAST_ROWS)));
  const perPart = Math.ceil(rows / wanted);
  const parts = Math.ceil(rows / perPart);
  const partial = eachThread(
    gpu,
    key,
    [parts, 2, channels],
    parts * channels,
    inputs,
    { rows: int(rows), perPart: int(perPart), channels: int(channels), ...uniforms },
    /* wgsl */ `
      let channel = index % uniforms.channels;
      let part = index / uniforms.channels;
      let end = min((part + 1) * uniforms.perPart, uniforms.rows);
      var sum = vec2<f32>(0.0);
      for (var row = part * uniforms.perPart; row < end; row++) {
        let at = row * uniforms.channels + channel;
        ${summed}
      }
      let at = 2 * part * uniforms.channels + channel;
      result[at] = sum.x;
      result[at + uniforms.channels] = sum.y;
    `,
  );
  const totals = sumOfParts(gpu, partial, parts, [2, channels]);
  gpu.disposeData(partial.dataId);
  return totals;
}
