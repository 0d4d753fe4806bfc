/** Puts this project's kernels before those of tfjs's wasm backend. Node and the browser share them. */
import * as tf from '@tensorflow/tfjs-core';
import { ADAM_W, type AdamWAttributes, type AdamWInputs } from '../../network/kernels.ts';
import { registerConvolutionGradient, registerInputGradient } from '../conv-gradient.ts';
import { adamW } from './adamw.ts';
import { convolve, type Filter, filterGradient, type Images, inputGradient } from './convolution.ts';
import { Machine } from './memory.ts';
import { fillRows, type Matrix, multiply } from './product.ts';
import { PANEL } from './routines.ts';

const BACKEND = 'wasm';

/** With fewer rows than these a product is a matter of reading the second matrix, which tfjs keeps packed. */
const FEW_ROWS = 4;
/** With fewer channels than these there is little to multiply at each place of a filter. */
const FEW_CHANNELS = 8;

let registered = false;

/**
 * To be called once the backend is the current one. Each kernel takes what it is made for and leaves all else to the one
 * before it; without SIMD that is everything.
 */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  registerConvolutionGradient(BACKEND);
  registerInputGradient(BACKEND);
  try {
    Machine.of(tf.backend());
  } catch {
    return;
  }
  tf.registerKernel({
    kernelName: ADAM_W,
    backendName: BACKEND,
    kernelFunc: ({ inputs, backend, attrs }) =>
      adamW(Machine.of(backend), inputs as AdamWInputs, attrs as unknown as AdamWAttributes),
  });
  putBefore(tf.BatchMatMul, matMul);
  putBefore(tf._FusedMatMul, matMul);
  putBefore(tf.Conv2D, conv2D);
  putBefore(tf.FusedConv2D, conv2D);
  putBefore(tf.Conv2DBackpropInput, conv2DInputGradient);
  putBefore(tf.Conv2DBackpropFilter, conv2DFilterGradient);
}

/** Of tensors of floats alone. @returns null for what the kernel is not made for */
type Kernel = (
  machine: Machine,
  inputs: tf.NamedTensorInfoMap,
  attributes: tf.NamedAttrMap,
) => tf.TensorInfo | null;

function putBefore(kernelName: string, kernel: Kernel): void {
  const own = tf.getKernel(kernelName, BACKEND);
  tf.unregisterKernel(kernelName, BACKEND);
  tf.registerKernel({
    ...own,
    kernelFunc: ({ inputs, backend, attrs = {} }) => {
      const areFloats = Object.values(inputs).every((each) => !each || each.dtype === 'float32');
      const result = areFloats ? kernel(Machine.of(backend), inputs, attrs) : null;
      return result ?? own.kernelFunc({ inputs, backend, attrs });
    },
  });
}

const matMul: Kernel = (machine, { a, b, bias, preluActivationWeights }, attributes) => {
  const { transposeA, transposeB, activation = 'linear' } = attributes as unknown as tf._FusedMatMulAttrs;
  const left = matrix(machine, a!, transposeA);
  const right = matrix(machine, b!, transposeB);
  if (!left || !right || right.columns % PANEL || left.rows < FEW_ROWS) return null;
  if (!isSimple(activation) || preluActivationWeights || (bias && bias.shape[0] !== right.columns))
    return null;
  const result = machine.output([...a!.shape.slice(0, -2), left.rows, right.columns]);
  const out = machine.address(result);
  if (bias) fillRows(machine, machine.address(bias), right.columns, out, left.rows);
  multiply(machine, left, right, out, Boolean(bias));
  if (activation === 'relu') machine.routines.rectify(out, (left.rows * right.columns) / 4);
  return result;
};

const conv2D: Kernel = (machine, { x, filter, bias, preluActivationWeights }, attributes) => {
  const { activation = 'linear' } = attributes as unknown as tf.FusedConv2DAttrs;
  const [images, weights] = [lie<Images>(machine, x!), lie<Filter>(machine, filter!)];
  const [, , channels, filters] = weights.shape;
  if (!keepsSize(attributes, weights) || channels < FEW_CHANNELS || filters % PANEL) return null;
  if (!isSimple(activation) || preluActivationWeights || (bias && bias.shape[0] !== filters)) return null;
  const [count, height, width] = images.shape;
  const result = machine.output([count, height, width, filters]);
  const out = machine.address(result);
  const positions = count * height * width;
  if (bias) fillRows(machine, machine.address(bias), filters, out, positions);
  convolve(machine, images, weights, out, Boolean(bias));
  if (activation === 'relu') machine.routines.rectify(out, (positions * filters) / 4);
  return result;
};

const conv2DInputGradient: Kernel = (machine, { dy, filter }, attributes) => {
  const [images, weights] = [lie<Images>(machine, dy!), lie<Filter>(machine, filter!)];
  const [, , channels, filters] = weights.shape;
  if (!keepsSize(attributes, weights) || filters < FEW_CHANNELS || channels % PANEL) return null;
  const [count, height, width] = images.shape;
  const result = machine.output([count, height, width, channels]);
  inputGradient(machine, images, weights, machine.address(result));
  return result;
};

const conv2DFilterGradient: Kernel = (machine, { x, dy }, attributes) => {
  const { filterShape } = attributes as unknown as tf.Conv2DBackpropFilterAttrs;
  const [images, slopes] = [lie<Images>(machine, x!), lie<Images>(machine, dy!)];
  if (!keepsSize(attributes, { shape: filterShape }) || slopes.shape[3] % PANEL) return null;
  const result = machine.output(filterShape);
  filterGradient(machine, images, slopes, [filterShape[0], filterShape[1]], machine.address(result));
  return result;
};

const isSimple = (activation: string): boolean => activation === 'linear' || activation === 'relu';

/** Null for a tensor of several matrices. */
function matrix(machine: Machine, tensor: tf.TensorInfo, transposed: boolean): Matrix | null {
  if (tensor.shape.slice(0, -2).some((size) => size !== 1)) return null;
  const lying = tensor.shape.slice(-2) as [number, number];
  return {
    at: machine.address(tensor),
    rows: lying[transposed ? 1 : 0],
    columns: lying[transposed ? 0 : 1],
    transposed,
  };
}

function lie<Kind extends Images | Filter>(machine: Machine, tensor: tf.TensorInfo): Kind {
  return { at: machine.address(tensor), shape: tensor.shape } as unknown as Kind;
}

/** Whether a convolution is one that src/engines/wasm/convolution.ts is written for. */
function keepsSize(attributes: tf.NamedAttrMap, { shape: [height, width] }: Pick<Filter, 'shape'>): boolean {
  const { strides, dilations = 1, pad, dataFormat = 'NHWC' } = attributes as unknown as tf.Conv2DAttrs;
  const one = [strides, dilations].flat().every((each) => each === 1);
  return one && pad === 'same' && dataFormat === 'NHWC' && height % 2 === 1 && width % 2 === 1;
}
