/**
 * Convolutions on WebGPU, forward and back: 3×3 by Winograd's tiles; the first layer, whose one channel is not worth
 * mapping, by a thread for each output; the filter gradient of all others by tiles of a matrix product. What is left
 * stays with tfjs's kernels.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel, Kernels } from '../kernel-registry.ts';
import { filterGradient as tiledFilterGradient } from './conv-filter-gradient.ts';
import { elementwise, type Inputs, int, type WebGpuBackend } from './program.ts';
import { ACTIVATIONS } from './product.ts';
import { convolve, filterGradient, suitsWinograd } from './winograd.ts';

/** More numbers under a filter than this are for tiles. */
const FEW_TERMS = 64;

type Attributes = tf.FusedConv2DAttrs & { dataFormat: 'NHWC' | 'NCHW' };

const forward: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { x, filter, bias, preluActivationWeights } = inputs as Record<string, tf.TensorInfo>;
  const options = attributes as unknown as Attributes;
  const { dataFormat } = options;
  const activation = options.activation ?? 'linear';
  const simple = activation in ACTIVATIONS && !preluActivationWeights && (!bias || bias.shape.length === 1);
  if (!simple || dataFormat !== 'NHWC') return undefined;
  if (suitsWinograd(gpu, x!.shape, filter!.shape, options))
    return convolve(gpu, x!, filter!, { bias, activation });
  return fewTerms(gpu, x!, filter!, bias, activation, options);
};

/** A thread for each output, which reads all that is under the filter. */
function fewTerms(
  gpu: WebGpuBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  bias: tf.TensorInfo | undefined,
  activation: string,
  { strides, pad, dilations, dimRoundingMode }: Attributes,
): tf.TensorInfo | undefined {
  const [height, width, channels] = filter.shape as [number, number, number, number];
  if (height * width * channels > FEW_TERMS) return undefined;
  const sizes = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const tensors: Inputs = bias ? { x, weights: filter, bias } : { x, weights: filter };
  return elementwise(
    gpu,
    `convolutionOfFewTerms_${activation}_${Boolean(bias)}`,
    sizes.outShape,
    tensors,
    {
      outSize: int(sizes.outHeight, sizes.outWidth, sizes.outChannels),
      inSize: int(sizes.inHeight, sizes.inWidth, channels),
      filterSize: int(height, width),
      strides: int(sizes.strideHeight, sizes.strideWidth),
      dilations: int(sizes.dilationHeight, sizes.dilationWidth),
      pads: int(sizes.padInfo.top, sizes.padInfo.left),
    },
    /* wgsl */ `
      let channels = uniforms.outSize.z;
      let channel = index % channels;
      let pixel = index / channels;
      let position = vec2<i32>(pixel / uniforms.outSize.y % uniforms.outSize.x, pixel % uniforms.outSize.y);
      let image = pixel / (uniforms.outSize.x * uniforms.outSize.y);
      let corner = position * uniforms.strides - uniforms.pads;
      var sum = ${bias ? 'bias[channel]' : '0.0'};
      for (var row = 0; row < uniforms.filterSize.x; row++) {
        for (var column = 0; column < uniforms.filterSize.y; column++) {
          let source = corner + vec2<i32>(row, column) * uniforms.dilations;
          if (all(source >= vec2<i32>(0)) && all(source < uniforms.inSize.xy)) {
            let at = ((image * uniforms.inSize.x + source.x) * uniforms.inSize.y + source.y) * uniforms.inSize.z;
            let factors = (row * uniforms.filterSize.y + column) * uniforms.inSize.z;
            for (var term = 0; term < uniforms.inSize.z; term++) {
              sum += x[at + term] * weights[(factors + term) * channels + channel];
            }
          }
        }
      }
      return ${ACTIVATIONS[activation]!};
    `,
  );
}

const inputGradient: Kernel<WebGpuBackend> = ({ inputs, attributes, backend: gpu }) => {
  const { dy, filter } = inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
  const options = attributes as unknown as tf.Conv2DBackpropInputAttrs;
  // The images are as large as their gradients: dy stands for both.
  if (!suitsWinograd(gpu, dy.shape, filter.shape, options)) return undefined;
  return convolve(gpu, dy, filter, { turned: true });
};

const filtersGradient: Kernel<WebGpuBackend> = (call) => {
  const { x, dy } = call.inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
  const options = call.attributes as unknown as tf.Conv2DBackpropFilterAttrs;
  return suitsWinograd(call.backend, x.shape, options.filterShape, options)
    ? filterGradient(call.backend, x, dy)
    : tiledFilterGradient(call);
};

export const convolutionKernels: Kernels<WebGpuBackend> = {
  Conv2D: forward,
  FusedConv2D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filtersGradient,
};
