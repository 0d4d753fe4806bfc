/** The gradient of the network's pooling on WebGPU. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../kernel-registry.ts';
import { eachThread, holdsFloats, int, type WebGpuBackend } from './program.ts';

export const poolKernels: Kernels<WebGpuBackend> = {
  /**
   * Of 2×2 pixels each, without padding: in each window the first of the largest gets the gradient. tfjs looks for it in
   * one pass and compares every pixel's place with it in another.
   */
  MaxPoolGrad({ inputs, attributes, backend }) {
    const { dy, input: x } = inputs as { dy: tf.TensorInfo; input: tf.TensorInfo };
    const { filterSize, strides, pad } = attributes as unknown as tf.MaxPoolGradAttrs;
    if (
      !holdsFloats(backend, x) ||
      pad !== 'valid' ||
      ![filterSize, strides].flat().every((each) => each === 2)
    )
      return undefined;
    const [images, height, width, channels] = x.shape as [number, number, number, number];
    // An odd last row or column lies in no window: those it would lie in write its zeros.
    const [down, across] = [Math.ceil(height / 2), Math.ceil(width / 2)];
    const pixels = ['top', 'top', 'bottom', 'bottom'].map((row, i) => `${row} + ${i % 2} * channels`);
    return eachThread(backend, x.shape, {
      key: 'maxPoolGradient',
      threads: images * down * across * channels,
      inputs: { dy, x },
      uniforms: { inSize: int(height, width), windows: int(down, across), channels: int(channels) },
      body: () => /* wgsl */ `
        let channels = uniforms.channels;
        let channel = index % channels;
        let place = index / channels;
        let row = place / uniforms.windows.y % uniforms.windows.x;
        let column = place % uniforms.windows.y;
        let image = place / (uniforms.windows.x * uniforms.windows.y);
        let outSize = uniforms.inSize / 2;
        let top = ((image * uniforms.inSize.x + 2 * row) * uniforms.inSize.y + 2 * column) * channels + channel;
        let bottom = top + uniforms.inSize.y * channels;
        let whole = row < outSize.x && column < outSize.y;
        var largest = 0;
        var most = x[top];
        ${pixels
          .slice(1)
          .map((at, i) => `let x${i} = x[${at}]; if (x${i} > most) { most = x${i}; largest = ${i + 1}; }`)
          .join('\n')}
        let slope = select(0.0, dy[((image * outSize.x + row) * outSize.y + column) * channels + channel], whole);
        let below = 2 * row + 1 < uniforms.inSize.x;
        let beside = 2 * column + 1 < uniforms.inSize.y;
        ${pixels.map((at, i) => `if (${i < 2 ? 'true' : 'below'} && ${i % 2 ? 'beside' : 'true'}) { result[${at}] = select(0.0, slope, largest == ${i}); }`).join('\n')}
      `,
    });
  },
};
