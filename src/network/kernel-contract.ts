/**
 * The network's own kernels (docs/architecture.md). An engine that registers one of them for its backend runs it; on
 * every other backend the same mathematics is composed of tfjs's ops.
 */
import * as tf from '@tensorflow/tfjs-core';

/** The contract of each, by its name in tfjs's registry. */
export interface NetworkKernels {
  /** Batch normalisation over every axis but the last, with an optional ReLU behind it. */
  BatchNormTrain: {
    /** x [..., C], gamma and beta [C] */
    inputs: { x: tf.Tensor; gamma: tf.Tensor; beta: tf.Tensor };
    attributes: { epsilon: number; activation: 'linear' | 'relu' };
    /** y like x; mean and biased variance of the batch, [C] */
    output: [y: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor];
  };
  /** Its gradient. */
  BatchNormTrainGrad: {
    /** dy like x: the gradient with respect to y; mean and variance as BatchNormTrain gave them */
    inputs: NetworkKernels['BatchNormTrain']['inputs'] & Record<'dy' | 'mean' | 'variance', tf.Tensor>;
    attributes: NetworkKernels['BatchNormTrain']['attributes'];
    /** dx like x, dgamma and dbeta [C] */
    output: [dx: tf.Tensor, dgamma: tf.Tensor, dbeta: tf.Tensor];
  };
  /** The same with ReLU, max pooling of 2×2 pixels where `pool` says so, and `DropoutTrain` behind it, in one. */
  BatchNormBlock: {
    /** x [n, height, width, C] where it is pooled */
    inputs: NetworkKernels['BatchNormTrain']['inputs'];
    attributes: { epsilon: number; pool: boolean } & NetworkKernels['DropoutTrain']['attributes'];
    output: NetworkKernels['BatchNormTrain']['output'];
  };
  /** Its gradient; dy like y. */
  BatchNormBlockGrad: {
    inputs: NetworkKernels['BatchNormTrainGrad']['inputs'];
    attributes: NetworkKernels['BatchNormBlock']['attributes'];
    output: NetworkKernels['BatchNormTrainGrad']['output'];
  };
  /** (1 − momentum) · old + momentum · new, of means and of variances, the new ones of which are corrected by a factor. */
  RunningStatistics: {
    /** [C] each */
    inputs: Record<'oldMean' | 'oldVariance' | 'mean' | 'variance', tf.Tensor>;
    attributes: { momentum: number; correction: number };
    output: [mean: tf.Tensor, variance: tf.Tensor];
  };
  /** Element `i` (row-major) of x is kept, divided by 1 − rate, where hash32(seed, i) >>> 1 ≥ rate · 2³¹; else it is 0. */
  DropoutTrain: {
    inputs: { x: tf.Tensor };
    /** The part of the elements that is dropped, 0 ≤ rate < 1; uint32 */
    attributes: { rate: number; seed: number };
    output: tf.Tensor;
  };
  /** One step of AdamW for one parameter; all tensors have one shape. */
  AdamW: {
    inputs: { parameter: tf.Tensor; gradient: tf.Tensor; m: tf.Tensor; v: tf.Tensor };
    attributes: {
      learningRate: number;
      beta1: number;
      beta2: number;
      epsilon: number;
      weightDecay: number;
      /** Counted from 1. */
      step: number;
    };
    /** The new values of the three, whose old ones may be overwritten. */
    output: [parameter: tf.Tensor, m: tf.Tensor, v: tf.Tensor];
  };
  /** from + share · (to − from), of two tensors of one shape. */
  MoveTowards: {
    inputs: { from: tf.Tensor; to: tf.Tensor };
    attributes: { share: number };
    output: tf.Tensor;
  };
  /** Sums over the pixels of each image and channel: of x, or of x · y where there is a y. */
  PixelSums: {
    /** [n, height, width, C] both */
    inputs: { x: tf.Tensor; y?: tf.Tensor };
    attributes: Record<never, never>;
    /** [n, C] */
    output: tf.Tensor;
  };
  /** x · scale, plus shift where there is one, for each image and channel. */
  PixelAffine: {
    /** x [n, height, width, C]; scale and shift [n, C] */
    inputs: { x: tf.Tensor; scale: tf.Tensor; shift?: tf.Tensor };
    attributes: Record<never, never>;
    /** Like x. */
    output: tf.Tensor;
  };
}
export type KernelName = keyof NetworkKernels;
export type KernelInputs<Name extends KernelName> = NetworkKernels[Name]['inputs'];
export type KernelAttributes<Name extends KernelName> = NetworkKernels[Name]['attributes'];
export type KernelOutput<Name extends KernelName> = NetworkKernels[Name]['output'];

export const hasKernel = (name: KernelName): boolean => tf.getKernel(name, tf.getBackend()) !== undefined;

/** Runs a kernel of the current backend. @returns undefined where the backend has none of this name */
export function runKernel<Name extends KernelName>(
  name: Name,
  inputs: KernelInputs<Name>,
  attributes: KernelAttributes<Name>,
): KernelOutput<Name> | undefined {
  if (!hasKernel(name)) return undefined;
  return tf.engine().runKernel(name, { ...inputs }, { ...attributes }) as KernelOutput<Name>;
}
