/**
 * The kernels the model has of its own (docs/architecture.md). An engine that registers one of them for its
 * backend runs it; on every other backend the same mathematics is composed of ordinary tfjs ops.
 */
import * as tf from '@tensorflow/tfjs-core';

export const BATCH_NORM_TRAIN = 'BatchNormTrain';
export const BATCH_NORM_TRAIN_GRAD = 'BatchNormTrainGrad';
export const DROPOUT_TRAIN = 'DropoutTrain';
export const ADAM_W = 'AdamW';
export const MOVE_TOWARDS = 'MoveTowards';
export const PIXEL_SUMS = 'PixelSums';
export const PIXEL_AFFINE = 'PixelAffine';

/** Batch normalisation over every axis but the last, with an optional ReLU behind it. */
export type BatchNormTrainInputs = {
  /** [..., C] */
  x: tf.Tensor;
  /** [C] */
  gamma: tf.Tensor;
  /** [C] */
  beta: tf.Tensor;
};
export type BatchNormTrainAttributes = { epsilon: number; activation: 'linear' | 'relu' };
/** `y` like x; `mean` [C] and biased `variance` [C] of the batch. */
export type BatchNormTrainOutputs = [y: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor];

export type BatchNormTrainGradInputs = BatchNormTrainInputs & {
  /** Gradient of the loss with respect to y, like x. */
  dy: tf.Tensor;
  /** [C], as BatchNormTrain gave it. */
  mean: tf.Tensor;
  /** [C], as BatchNormTrain gave it. */
  variance: tf.Tensor;
};
export type BatchNormTrainGradAttributes = BatchNormTrainAttributes;
/** `dx` like x, `dgamma` [C], `dbeta` [C]. */
export type BatchNormTrainGradOutputs = [dx: tf.Tensor, dgamma: tf.Tensor, dbeta: tf.Tensor];

/** Element `i` (row-major) of x is kept, divided by 1 − rate, where hash32(seed, i) ≥ rate · 2³²; else it is 0. */
export type DropoutTrainInputs = { x: tf.Tensor };
export type DropoutTrainAttributes = {
  /** Part of the elements that is dropped, 0 ≤ rate < 1. */
  rate: number;
  /** uint32 */
  seed: number;
};
export type DropoutTrainOutput = tf.Tensor;

/** One step of AdamW for one parameter; all four tensors have one shape. */
export type AdamWInputs = { parameter: tf.Tensor; gradient: tf.Tensor; m: tf.Tensor; v: tf.Tensor };
export type AdamWAttributes = {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Counted from 1. */
  step: number;
};
/** The new values of the three. */
export type AdamWOutputs = [parameter: tf.Tensor, m: tf.Tensor, v: tf.Tensor];

/** from + share · (to − from), of two tensors of one shape. */
export type MoveTowardsInputs = { from: tf.Tensor; to: tf.Tensor };
export type MoveTowardsAttributes = { share: number };
export type MoveTowardsOutput = tf.Tensor;

/** Sums over the pixels of each image and channel: of x, or of x · y where there is a y. */
export type PixelSumsInputs = {
  /** [n, height, width, C] */
  x: tf.Tensor;
  /** Like x. */
  y?: tf.Tensor;
};
/** [n, C] */
export type PixelSumsOutput = tf.Tensor;

/** x · scale, plus shift where there is one, for each image and channel. */
export type PixelAffineInputs = {
  /** [n, height, width, C] */
  x: tf.Tensor;
  /** [n, C] */
  scale: tf.Tensor;
  /** [n, C] */
  shift?: tf.Tensor;
};
/** Like x. */
export type PixelAffineOutput = tf.Tensor;

/** Whether the current backend has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null;
}

/** Runs a kernel of the current backend by name; the types are those above. */
export function runKernel<Outputs extends tf.Tensor | tf.Tensor[]>(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, number | string> = {},
): Outputs {
  return tf.engine().runKernel(name, inputs, attributes) as Outputs;
}
