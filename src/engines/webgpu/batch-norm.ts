/**
 * Batch normalisation in training on WebGPU. Composed of tfjs's ops its sums over a batch go axis by axis, with a thread
 * for each column that is left, and every intermediate is written and read again. Here both directions are two passes
 * over the images: one that sums by channel, one that writes the result, with ReLU, pooling and dropout where they
 * follow. The rows to be summed are split over threads; their parts are added in a pass of their own.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { KernelAttributes, KernelInputs } from '../../network/kernel-contract.ts';
import type { Kernel, Kernels } from '../kernel-registry.ts';
import { dropoutUniforms, dropped } from './dropout.ts';
import {
  each,
  eachThread,
  elementwise,
  fewerParts,
  float,
  type Inputs,
  int,
  run,
  type Uniforms,
  type WebGpuBackend,
} from './program.ts';

/** About as many threads as keep a large GPU busy sum the rows … */
const THREADS = 1 << 16;
/** … but none sums fewer than this: its part costs a write and a read of each sum. */
const LEAST_ROWS = 64;

/** What comes behind the normalisation. */
interface Behind {
  readonly relu: boolean;
  /** Whether each window of 2×2 pixels keeps its largest. */
  readonly pool: boolean;
  readonly drops: boolean;
  /** Programs of the same kind have the same. */
  readonly key: string;
  /** What the programs need to know of it. */
  readonly uniforms: Uniforms;
}

function behind(x: tf.TensorInfo, pool: boolean, relu: boolean, rate: number, seed: number): Behind {
  const uniforms: Uniforms = {
    ...(pool && { inSize: int(x.shape[1]!, x.shape[2]!) }),
    ...(rate > 0 && dropoutUniforms(rate, seed)),
  };
  return { relu, pool, drops: rate > 0, key: `${relu}_${pool}_${rate > 0}`, uniforms };
}

const attributesOf = (x: tf.TensorInfo, attributes: tf.NamedAttrMap): { epsilon: number; after: Behind } => {
  const { epsilon, ...others } = attributes as unknown as
    KernelAttributes<'BatchNormTrain'> | KernelAttributes<'BatchNormBlock'>;
  const after =
    'activation' in others
      ? behind(x, false, others.activation === 'relu', 0, 0)
      : behind(x, others.pool, true, others.rate, others.seed);
  return { epsilon, after };
};

/** WGSL: where the pixels are that an output is made of, `windows` down and across. */
const pixelsOf = ({ pool }: Behind, output: string, windows: string): string =>
  pool
    ? /* wgsl */ `
      let windows = ${windows};
      let place = ${output} / channels;
      let windowRow = place / windows.y % windows.x;
      let windowColumn = place % windows.y;
      let image = place / (windows.x * windows.y);
      let at0 = ((image * uniforms.inSize.x + 2 * windowRow) * uniforms.inSize.y + 2 * windowColumn) * channels + channel;
      let at1 = at0 + channels;
      let at2 = at0 + uniforms.inSize.y * channels;
      let at3 = at2 + channels;`
    : `let at0 = ${output};`;
const pixelCount = ({ pool }: Behind): number => (pool ? 4 : 1);

/** WGSL: `normalised0` … and `y0` …, what they become before ReLU, of the pixels. */
const normalisedPixels = (after: Behind): string => /* wgsl */ `
  let inverse = inverseSqrt(variance[channel] + uniforms.epsilon);
  ${each(
    pixelCount(after),
    (i) => `
    let normalised${i} = (x[at${i}] - mean[channel]) * inverse;
    let y${i} = normalised${i} * gamma[channel] + beta[channel];`,
  )}`;

const forward: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { x, gamma, beta } = inputs as KernelInputs<'BatchNormTrain'>;
  const { epsilon, after } = attributesOf(x, attributes);
  const [channels] = gamma.shape as [number];
  const rows = x.size / channels;
  const [mean, variance] = channelSums(
    gpu,
    {
      key: 'batchNormSums',
      rows,
      channels,
      inputs: { x },
      // Relative to a channel's first value: sums of squares lose their digits where a mean is far from zero.
      summed: /* wgsl */ `
        let difference = x[at] - x[channel];
        sum += vec2<f32>(difference, difference * difference);
      `,
    },
    {
      inputs: { x },
      outputs: { mean: [channels], variance: [channels] },
      body: /* wgsl */ `
        let difference = sum.x / uniforms.rows;
        mean[index] = x[index] + difference;
        variance[index] = max(0.0, sum.y / uniforms.rows - difference * difference);
      `,
    },
  ) as [tf.TensorInfo, tf.TensorInfo];
  const [images, height, width] = x.shape as [number, number, number];
  const { pool, relu, drops } = after;
  const shape = pool ? [images, Math.floor(height / 2), Math.floor(width / 2), channels] : x.shape;
  const largest = pool ? 'max(max(y0, y1), max(y2, y3))' : 'y0';
  const active = relu ? `max(0.0, ${largest})` : largest;
  const y = elementwise(
    gpu,
    `batchNormApply_${after.key}`,
    shape,
    { x, gamma, beta, mean, variance },
    { channels: int(channels), epsilon: float(epsilon), ...after.uniforms },
    /* wgsl */ `
      let channels = uniforms.channels;
      let channel = index % channels;
      ${pixelsOf(after, 'index', 'uniforms.inSize / 2')}
      ${normalisedPixels(after)}
      ${drops ? dropped('y', active, 'index') : `let y = ${active};`}
      return y;
    `,
    drops,
  );
  return [y, mean, variance];
};

const backward: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { dy, x, gamma, beta, mean, variance } = inputs as KernelInputs<'BatchNormTrainGrad'>;
  const { epsilon, after } = attributesOf(x, attributes);
  const [channels] = gamma.shape as [number];
  const { pool, relu, drops } = after;
  /** WGSL: `slope`, what of dy at `output` comes to the `largest` of its pixels, whose value is `normalised`. */
  const slopeOf = (output: string): string => /* wgsl */ `
    var largest = 0;
    var most = y0;
    var normalised = normalised0;
    ${each(pixelCount(after) - 1, (i) => `if (y${i + 1} > most) { largest = ${i + 1}; most = y${i + 1}; normalised = normalised${i + 1}; }`)}
    ${drops ? dropped('passed', `dy[${output}]`, output) : `let passed = dy[${output}];`}
    let slope = ${relu ? 'select(0.0, passed, most > 0.0)' : 'passed'};
  `;
  const tensors: Inputs = { dy, x, mean, variance, gamma, beta };
  const [dgamma, dbeta, totals] = channelSums(
    gpu,
    {
      key: `batchNormGradientSums_${after.key}`,
      rows: dy.size / channels,
      channels,
      inputs: tensors,
      uniforms: { epsilon: float(epsilon), ...after.uniforms },
      varying: drops,
      summed: /* wgsl */ `
        let channels = uniforms.channels;
        ${pixelsOf(after, 'at', 'uniforms.inSize / 2')}
        ${normalisedPixels(after)}
        ${slopeOf('at')}
        sum += vec2<f32>(slope * normalised, slope);
      `,
    },
    {
      inputs: {},
      outputs: { dgamma: [channels], dbeta: [channels], totals: [2, channels] },
      body: /* wgsl */ `
        dgamma[index] = sum.x;
        dbeta[index] = sum.y;
        totals[index] = sum.x;
        totals[uniforms.threads + index] = sum.y;
      `,
    },
  ) as [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo];
  const [images, height, width] = x.shape as [number, number, number];
  // An odd last row or column lies in no window; those it would lie in have no slope, and reach only that far.
  const windows = pool ? images * Math.ceil(height / 2) * Math.ceil(width / 2) * channels : x.size;
  const inside = ['true', 'beside', 'below', 'below && beside'];
  const dx = eachThread(gpu, x.shape, {
    key: `batchNormDx_${after.key}`,
    threads: windows,
    inputs: { ...tensors, totals },
    uniforms: {
      channels: int(channels),
      rows: float(x.size / channels),
      epsilon: float(epsilon),
      ...after.uniforms,
    },
    varying: drops,
    body: () => /* wgsl */ `
      let channels = uniforms.channels;
      let channel = index % channels;
      ${pixelsOf(after, 'index', '(uniforms.inSize + 1) / 2')}
      ${normalisedPixels(after)}
      ${
        pool
          ? /* wgsl */ `
          let outSize = uniforms.inSize / 2;
          let beside = 2 * windowColumn + 1 < uniforms.inSize.y;
          let below = 2 * windowRow + 1 < uniforms.inSize.x;
          let output = ((image * outSize.x + windowRow) * outSize.y + windowColumn) * channels + channel;
          ${slopeOf('output')}
          let came = select(0.0, slope, below && beside);`
          : `${slopeOf('index')} let came = slope;`
      }
      ${each(
        pixelCount(after),
        (i) => /* wgsl */ `
        if (${inside[i]}) {
          // What moving mean and variance along with x takes back.
          let together = (totals[channels + channel] + normalised${i} * totals[channel]) / uniforms.rows;
          result[at${i}] = (select(0.0, came, largest == ${i}) - together) * inverse * gamma[channel];
        }`,
      )}
    `,
  });
  gpu.disposeData(totals.dataId);
  return [dx, dgamma, dbeta];
};

/** The running statistics' step, of both at once. */
const runningStatistics: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { oldMean, oldVariance, mean, variance } = inputs as KernelInputs<'RunningStatistics'>;
  const { momentum, correction } = attributes as KernelAttributes<'RunningStatistics'>;
  return run(gpu, {
    key: 'runningStatistics',
    outputs: { newMean: mean.shape, newVariance: mean.shape },
    threads: mean.size,
    inputs: { oldMean, oldVariance, mean, variance },
    uniforms: { kept: float(1 - momentum), share: float(momentum), corrected: float(momentum * correction) },
    body: () => /* wgsl */ `
      newMean[index] = uniforms.kept * oldMean[index] + uniforms.share * mean[index];
      newVariance[index] = uniforms.kept * oldVariance[index] + uniforms.corrected * variance[index];
    `,
  });
};

export const batchNormKernels: Kernels<WebGpuBackend> = {
  BatchNormTrain: forward,
  BatchNormTrainGrad: backward,
  BatchNormBlock: forward,
  BatchNormBlockGrad: backward,
  RunningStatistics: runningStatistics,
};

interface ChannelSums {
  readonly key: string;
  readonly rows: number;
  readonly channels: number;
  readonly inputs: Inputs;
  readonly uniforms?: Uniforms;
  readonly varying?: boolean;
  /** WGSL that adds to `sum`, a vector of two, what a row has: `at` is its place, `channel` its channel. */
  readonly summed: string;
}

/** Two sums over the rows, by channel. @param end WGSL that makes the results of the `sum` of a channel, `index` */
function channelSums(
  gpu: WebGpuBackend,
  { key, rows, channels, inputs, uniforms, varying = false, summed }: ChannelSums,
  end: { inputs: Inputs; outputs: Readonly<Record<string, number[]>>; body: string },
): tf.TensorInfo[] {
  const wanted = Math.max(1, Math.min(Math.floor(THREADS / channels), Math.floor(rows / LEAST_ROWS)));
  const perPart = Math.ceil(rows / wanted);
  const parts = Math.ceil(rows / perPart);
  const partial = eachThread(gpu, [parts, 2, channels], {
    key,
    threads: parts * channels,
    inputs,
    uniforms: { rows: int(rows), perPart: int(perPart), channels: int(channels), ...uniforms },
    varying,
    body: () => /* wgsl */ `
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
  });
  const few = fewerParts(gpu, partial, parts, [2, channels]);
  const results = run(gpu, {
    key: `${key.split('_')[0]}End`,
    outputs: end.outputs,
    threads: channels,
    inputs: { partial: few.tensor, ...end.inputs },
    uniforms: { parts: int(few.parts), rows: float(rows) },
    body: () => /* wgsl */ `
      var sum = vec2<f32>(0.0);
      for (var at = index; at < 2 * uniforms.parts * uniforms.threads; at += 2 * uniforms.threads) {
        sum += vec2<f32>(partial[at], partial[at + uniforms.threads]);
      }
      ${end.body}
    `,
  });
  for (const { dataId } of new Set([partial, few.tensor])) gpu.disposeData(dataId);
  return results;
}
