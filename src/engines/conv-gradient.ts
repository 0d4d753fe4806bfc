/**
 * The convolution's gradients composed of ordinary ops, for backends that lack one or have a slow one: wasm both, webgpu
 * that of the input. Node and the browser share them.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type Kernel, registerKernels } from './kernel-registry.ts';

/** Gives the backend a `Conv2DBackpropFilter` unless it has one. Strides of 1, NHWC, any kernel size. */
export function registerFilterGradient(backendName: string): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, backendName)) return;
  registerKernels(backendName, { [tf.Conv2DBackpropFilter]: filterGradient });
}

/**
 * Computes the input gradient as a convolution, of dy with the filter flipped and its channels exchanged; the backend's
 * own is slower than its convolution, on wasm ten times, on webgpu more than twice. What is not of stride 1, NHWC and
 * zero padding that keeps the size stays with the backend's own. To be called once.
 */
export function registerInputGradient(backendName: string): void {
  registerKernels(backendName, { [tf.Conv2DBackpropInput]: inputGradient });
}

const inputGradient: Kernel<unknown> = ({ inputs, attributes }) => {
  const { dy, filter } = inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
  const { strides, pad, dataFormat } = attributes as unknown as tf.Conv2DBackpropInputAttrs;
  const [height, width] = filter.shape;
  const one = [strides].flat().every((stride) => stride === 1);
  if (pad !== 'same' || dataFormat !== 'NHWC' || !one || height % 2 === 0 || width % 2 === 0)
    return undefined;
  return tf.tidy(() => tf.conv2d(dy, tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]), 1, 'same'));
};

/**
 * For each position of the filter: the input, shifted by that position, transposed, times dy. The transposition is done
 * once and by itself, because wasm's matMul is over twenty times slower when it is asked to transpose.
 */
const filterGradient: Kernel<unknown> = ({ inputs, attributes }) => {
  const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } =
    attributes as unknown as tf.Conv2DBackpropFilterAttrs;
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  if (dataFormat !== 'NHWC' || info.strideHeight !== 1 || info.strideWidth !== 1) {
    throw new Error('This filter gradient is written for NHWC and strides of 1.');
  }
  const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } =
    info;
  return tf.tidy(() => {
    const padded = tf.pad(tf.transpose(x, [3, 0, 1, 2]), [
      [0, 0],
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
    ]);
    const positions = batchSize * outHeight * outWidth;
    const gradient = tf.reshape(dy, [positions, outChannels]) as tf.Tensor2D;
    const products = Array.from({ length: filterHeight * filterWidth }, (_, position) =>
      tf.tidy(() => {
        const begin = [0, 0, Math.floor(position / filterWidth), position % filterWidth];
        const shifted = tf.slice(padded, begin, [inChannels, batchSize, outHeight, outWidth]);
        return tf.matMul(tf.reshape(shifted, [inChannels, positions]) as tf.Tensor2D, gradient);
      }),
    );
    return tf.reshape(tf.stack(products), info.filterShape);
  });
};
