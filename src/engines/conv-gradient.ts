/**
 * The convolution's filter gradient for backends that lack it (wasm), composed of ordinary ops. Node and the browser
 * share it.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Gives the backend a `Conv2DBackpropFilter` unless it has one. Strides of 1, NHWC, any kernel size. */
export function registerConvolutionGradient(backendName: string): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, backendName)) return;
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
      const { strides, pad, dataFormat, dimRoundingMode, filterShape } =
        attrs as unknown as tf.Conv2DBackpropFilterAttrs;
      const info = tf.backend_util.computeConv2DInfo(
        x.shape,
        filterShape,
        strides,
        1,
        pad,
        dimRoundingMode,
        false,
        dataFormat === 'NHWC' ? 'channelsLast' : 'channelsFirst',
      );
      if (dataFormat !== 'NHWC' || info.strideHeight !== 1 || info.strideWidth !== 1) {
        throw new Error('This filter gradient is written for NHWC and strides of 1.');
      }
      return filterGradient(x, dy, info);
    },
  });
}

/**
 * For each place of the kernel: the input, shifted by that place, transposed, times dy. The transposition is done once
 * and by itself, because wasm's matMul is over twenty times slower when it is asked to transpose.
 */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, info: tf.backend_util.Conv2DInfo): tf.Tensor {
  return tf.tidy(() => {
    const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } =
      info;
    const channelsFirst = tf.transpose(x, [3, 0, 1, 2]);
    const padded = tf.pad(channelsFirst, [
      [0, 0],
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
    ]);
    const positions = batchSize * outHeight * outWidth;
    const gradient = tf.reshape(dy, [positions, outChannels]) as tf.Tensor2D;
    const places: tf.Tensor[] = [];
    for (let row = 0; row < filterHeight; row++) {
      for (let column = 0; column < filterWidth; column++) {
        places.push(
          tf.tidy(() => {
            const shifted = tf.slice(
              padded,
              [0, 0, row, column],
              [inChannels, batchSize, outHeight, outWidth],
            );
            return tf.matMul(tf.reshape(shifted, [inChannels, positions]) as tf.Tensor2D, gradient);
          }),
        );
      }
    }
    return tf.reshape(tf.stack(places), info.filterShape);
  });
}
