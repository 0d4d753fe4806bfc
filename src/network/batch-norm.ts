/** Batch normalisation in training: by the batch's own statistics, differentiable. */
import * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORM_EPSILON } from './architecture.ts';
import { withGradient } from './differentiation.ts';
import { type KernelAttributes, type KernelInputs, type KernelOutput, runKernel } from './kernel-contract.ts';

/** How far the running statistics go towards those of a batch; PyTorch's default. */
export const STATISTICS_MOMENTUM = 0.1;

/** What {@link batchNorm} gives. */
export interface NormalisedBatch {
  /** Like x. */
  y: tf.Tensor;
  /** [C] */
  mean: tf.Tensor;
  /** [C], biased: the one that was divided by. */
  variance: tf.Tensor;
}

/**
 * y = γ (x − mean) / √(variance + ε) + β with mean and variance over every axis but the last, then the activation.
 * Gradients reach x, γ and β.
 * @param x [..., C] with at least two values a channel
 * @throws if there is but one value a channel, which has no variance
 */
export function batchNorm(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  activation: 'linear' | 'relu' = 'linear',
  epsilon = BATCH_NORM_EPSILON,
): NormalisedBatch {
  const attributes = { epsilon, activation };
  return differentiable(
    { x, gamma, beta },
    (inputs) => runKernel('BatchNormTrain', inputs, attributes) ?? composedBatchNorm(inputs, attributes),
    (inputs) =>
      runKernel('BatchNormTrainGrad', inputs, attributes) ?? composedBatchNormGradient(inputs, attributes),
  );
}

/** What may follow a batch normalisation and its ReLU at once. */
export type Behind = Pick<KernelAttributes<'BatchNormBlock'>, 'pool' | 'rate' | 'seed'>;

/** {@link batchNorm} with ReLU and what is `behind` in one operation, for backends that have `BatchNormBlock`. */
export const batchNormBlock = (
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  behind: Behind,
  epsilon = BATCH_NORM_EPSILON,
): NormalisedBatch =>
  differentiable(
    { x, gamma, beta },
    (inputs) => runKernel('BatchNormBlock', inputs, { epsilon, ...behind })!,
    (inputs) => runKernel('BatchNormBlockGrad', inputs, { epsilon, ...behind })!,
  );

/** @throws if there is but one value a channel */
function differentiable(
  inputs: KernelInputs<'BatchNormTrain'>,
  forward: (inputs: KernelInputs<'BatchNormTrain'>) => KernelOutput<'BatchNormTrain'>,
  backward: (inputs: KernelInputs<'BatchNormTrainGrad'>) => KernelOutput<'BatchNormTrainGrad'>,
): NormalisedBatch {
  if (inputs.x.size < 2 * inputs.gamma.size) {
    throw new Error(
      'Batch normalisation needs more than one value a channel: train on batches of two images or more.',
    );
  }
  let statistics: [mean: tf.Tensor, variance: tf.Tensor] | undefined;
  const y = withGradient([inputs.x, inputs.gamma, inputs.beta], (x, gamma, beta) => {
    const [value, mean, variance] = forward({ x, gamma, beta });
    // An operation with a gradient has one output; the statistics leave it by this side door.
    statistics = [tf.keep(mean), tf.keep(variance)];
    return {
      value,
      saved: [x, gamma, beta, mean, variance],
      gradient: (dy, x, gamma, beta, mean, variance) => backward({ dy, x, gamma, beta, mean, variance }),
    };
  });
  const [mean, variance] = statistics!;
  const normalised = { y, mean: mean.clone(), variance: variance.clone() };
  tf.dispose(statistics);
  return normalised;
}

/**
 * The running statistics after a batch: part of the way to the batch's mean and unbiased variance.
 * @param values how many values of each channel the batch had
 * @param momentum which part
 */
export function updatedStatistics(
  running: { mean: tf.Tensor; variance: tf.Tensor },
  batch: { mean: tf.Tensor; variance: tf.Tensor },
  values: number,
  momentum = STATISTICS_MOMENTUM,
): { mean: tf.Tensor; variance: tf.Tensor } {
  const correction = values / (values - 1);
  const moved = runKernel(
    'RunningStatistics',
    { oldMean: running.mean, oldVariance: running.variance, mean: batch.mean, variance: batch.variance },
    { momentum, correction },
  );
  if (moved) return { mean: moved[0], variance: moved[1] };
  const step = (old: tf.Tensor, now: tf.Tensor, factor: number): tf.Tensor =>
    tf.tidy(() => tf.add(tf.mul(old, 1 - momentum), tf.mul(now, momentum * factor)));
  return {
    mean: step(running.mean, batch.mean, 1),
    variance: step(running.variance, batch.variance, correction),
  };
}

/** γ (x − mean) / √(variance + ε) + β by channel. */
export function scaleAndShift(
  x: tf.Tensor,
  by: { gamma: tf.Tensor; beta: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor },
  epsilon = BATCH_NORM_EPSILON,
): tf.Tensor {
  // Centred first: where a mean is far from zero, x·scale and mean·scale are large and lose their difference.
  return tf.add(
    tf.mul(tf.sub(x, by.mean), tf.mul(tf.rsqrt(tf.add(by.variance, epsilon)), by.gamma)),
    by.beta,
  );
}

/** {@link scaleAndShift} by running statistics that no gradient moves. Gradients reach x, γ and β. */
export function frozenBatchNorm(
  x: tf.Tensor,
  by: { gamma: tf.Tensor; beta: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor },
  epsilon = BATCH_NORM_EPSILON,
): tf.Tensor {
  return withGradient([x, by.gamma, by.beta], (x, gamma, beta) => {
    const inverseDeviation = tf.rsqrt(tf.add(by.variance, epsilon));
    const normalised = tf.mul(tf.sub(x, by.mean), inverseDeviation);
    return {
      value: tf.add(tf.mul(normalised, gamma), beta),
      saved: [normalised, tf.mul(inverseDeviation, gamma)],
      gradient: (dy, normalised, scale) => [
        tf.mul(dy, scale),
        channelSums(tf.mul(dy, normalised)),
        channelSums(dy),
      ],
    };
  });
}

type Attributes = KernelAttributes<'BatchNormTrain'>;

/** `BatchNormTrain` composed of tfjs's ops. */
export function composedBatchNorm(
  inputs: KernelInputs<'BatchNormTrain'>,
  attributes: Attributes,
): KernelOutput<'BatchNormTrain'> {
  return tf.tidy(() => {
    const { x, gamma, beta } = inputs;
    const values = x.size / gamma.size;
    const mean = tf.div(channelSums(x), values);
    const variance = tf.div(channelSums(tf.square(tf.sub(x, mean))), values);
    const y = scaleAndShift(x, { gamma, beta, mean, variance }, attributes.epsilon);
    return [attributes.activation === 'relu' ? tf.relu(y) : y, mean, variance];
  });
}

/** `BatchNormTrainGrad` composed of tfjs's ops. */
export function composedBatchNormGradient(
  inputs: KernelInputs<'BatchNormTrainGrad'>,
  attributes: Attributes,
): KernelOutput<'BatchNormTrainGrad'> {
  return tf.tidy(() => {
    const { x, gamma, mean, variance } = inputs;
    const active =
      attributes.activation === 'relu' ? tf.step(scaleAndShift(x, inputs, attributes.epsilon)) : undefined;
    const dy = active ? tf.mul(inputs.dy, active) : inputs.dy;
    const inverseDeviation = tf.rsqrt(tf.add(variance, attributes.epsilon));
    const normalised = tf.mul(tf.sub(x, mean), inverseDeviation);
    const dbeta = channelSums(dy);
    const dgamma = channelSums(tf.mul(dy, normalised));
    // What moving mean and variance along with x takes back.
    const values = x.size / gamma.size;
    const shared = tf.add(tf.div(dbeta, values), tf.mul(normalised, tf.div(dgamma, values)));
    return [tf.mul(tf.sub(dy, shared), tf.mul(inverseDeviation, gamma)), dgamma, dbeta];
  });
}

/** Sums over every axis but the last: [..., C] → [C]. Axis by axis, because long float32 sums lose digits. */
function channelSums(x: tf.Tensor): tf.Tensor {
  let sums = x;
  while (sums.rank > 1) sums = tf.sum(sums, sums.rank - 2);
  return sums;
}
