/**
 * The convolution's gradients for backends that lack one or have a slow one (wasm both, webgpu that of the input),
 * composed of ordinary ops. Node and the browser share them.
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
 * Puts the input gradient as a convolution, of dy with the filter flipped and its channels exchanged, before the
 * backend's own, which is slower than its convolution: on wasm ten times, on webgpu more than twice. What is not of
 * stride 1, NHWC and zero padding that keeps the size stays with the backend's own. To be called once.
 */
export function registerInputGradient(backendName: string): void {
  const own = tf.getKernel(tf.Conv2DBackpropInput, backendName);
  if (!own) return;
  tf.unregisterKernel(tf.Conv2DBackpropInput, backendName);
  tf.registerKernel({
    ...own,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { dy, filter } = inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
      const { strides, pad, dataFormat } = attrs as unknown as tf.Conv2DBackpropInputAttrs;
      const [height, width] = filter.shape;
      const one = [strides].flat().every((stride) => stride === 1);
      if (pad !== 'same' || dataFormat !== 'NHWC' || !one || height % 2 === 0 || width % 2 === 0) {
        return own.kernelFunc({ inputs, backend, attrs });
      }
      return tf.tidy(() => tf.conv2d(dy, tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]), 1, 'same'));
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
