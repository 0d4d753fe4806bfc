/**
 * The four kernels the model has of its own (docs/architecture.md). An engine that registers one of them for its
 * backend runs it; on every other backend the same mathematics is composed of ordinary tfjs ops.
 */
import * as tf from '@tensorflow/tfjs-core';

export const BATCH_NORM_TRAIN = 'BatchNormTrain';
export const BATCH_NORM_TRAIN_GRAD = 'BatchNormTrainGrad';
export const DROPOUT_TRAIN = 'DropoutTrain';
export const ADAM_W = 'AdamW';

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

/** Whether the current backend has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null;
}

/** Runs a kernel of the current backend by name; the types are those above. */
export function runKernel<Outputs extends tf.Tensor | tf.Tensor[]>(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, number | string>,
): Outputs {
  return tf.engine().runKernel(name, inputs, attributes) as Outputs;
}
