/** Puts this project's kernels before those of tfjs's wasm backend, in Node and in the browser. */
import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../../math/arrays.ts';
import type { KernelAttributes, KernelInputs, KernelName } from '../../network/kernel-contract.ts';
import { registerFilterGradient, registerInputGradient } from '../conv-gradient.ts';
import { type Kernel, registerKernels } from '../kernel-registry.ts';
import { composedBatchNorm, composedBatchNormGradient } from '../../network/batch-norm.ts';
import { adamW } from './adamw.ts';
import { convolve, filterGradient, type Stored } from './convolution.ts';
import {
  batchNormTrain,
  batchNormTrainGradient,
  channelSums,
  dropoutTrain,
  hasVectors,
  maxPoolGradient,
} from './layers.ts';
import { PASS, WasmMemory } from './memory.ts';
import { fillRows, multiply, type StoredMatrix } from './product.ts';
import { PANEL } from './routines.ts';
import {
  correlateTiles,
  type FilterMapping,
  filterScratch,
  mapFilter,
  mappedSize,
  suitsTiles,
  type TileCorrelation,
  tilesFilterGradient,
  tilesScratch,
} from './tiles.ts';

/** With fewer rows than these a product is a matter of reading the second matrix, which tfjs keeps packed. */
const FEW_ROWS = 4;
/** With fewer channels than these there is little to multiply at each position of a filter. */
const FEW_CHANNELS = 8;

let registered = false;

/**
 * To be called once the backend is the current one. Each kernel takes what it is made for and leaves all else to the one
 * before it; without SIMD that is everything.
 * @returns the backend's memory, in which the kernels compute; null without SIMD
 */
export function registerWasmKernels(): WasmMemory | null {
  let memory: WasmMemory | null = null;
  try {
    memory = WasmMemory.of(tf.backend());
  } catch {
    // The kernels of tfjs do without.
  }
  if (registered) return memory;
  registered = true;
  registerFilterGradient('wasm');
  registerInputGradient('wasm');
  if (!memory) return null;
  registerKernels<tf.KernelBackend>('wasm', {
    Identity: identity,
    AdamW: ofNetwork<'AdamW'>(adamW),
    BatchNormTrain: ofNetwork<'BatchNormTrain'>((memory, inputs, attributes) =>
      hasVectors(inputs.x)
        ? batchNormTrain(memory, inputs, attributes)
        : composedBatchNorm(inputs, attributes),
    ),
    BatchNormTrainGrad: ofNetwork<'BatchNormTrainGrad'>((memory, inputs, attributes) =>
      hasVectors(inputs.x)
        ? batchNormTrainGradient(memory, inputs, attributes)
        : composedBatchNormGradient(inputs, attributes),
    ),
    DropoutTrain: ofNetwork<'DropoutTrain'>(dropoutTrain),
    MaxPoolGrad: onFloats(maxPoolGrad),
    Sum: onFloats(sum),
    BatchMatMul: onFloats(matMul),
    _FusedMatMul: onFloats(matMul),
    Conv2D: onFloats(conv2D),
    FusedConv2D: onFloats(conv2D),
    Conv2DBackpropInput: onFloats(conv2DInputGradient),
    Conv2DBackpropFilter: onFloats(conv2DFilterGradient),
  });
  return memory;
}

/** tfjs's copies the values, though they never change. */
const identity: Kernel<tf.KernelBackend> = ({ inputs: { x }, backend }) => {
  const { dataId, shape, dtype } = x!;
  backend.incRef(dataId);
  return { dataId, shape, dtype };
};

/** A kernel of the network's own, with the inputs and attributes of its contract. */
const ofNetwork =
  <Name extends KernelName>(
    kernel: (
      memory: WasmMemory,
      inputs: KernelInputs<Name>,
      attributes: KernelAttributes<Name>,
    ) => ReturnType<Kernel<unknown>>,
  ): Kernel<unknown> =>
  ({ inputs, attributes, backend }) =>
    kernel(WasmMemory.of(backend), inputs as KernelInputs<Name>, attributes as KernelAttributes<Name>);

type FloatKernel = (
  memory: WasmMemory,
  inputs: Parameters<Kernel<unknown>>[0]['inputs'],
  attributes: tf.NamedAttrMap,
) => tf.TensorInfo | undefined;

/** A kernel that takes floats alone. */
const onFloats =
  (kernel: FloatKernel): Kernel<unknown> =>
  ({ inputs, attributes, backend }) =>
    Object.values(inputs).every((each) => !each || each.dtype === 'float32')
      ? kernel(WasmMemory.of(backend), inputs, attributes)
      : undefined;

function matMul(...[memory, inputs, attributes]: Parameters<FloatKernel>): ReturnType<FloatKernel> {
  const { a, b, bias, preluActivationWeights } = inputs;
  const { transposeA, transposeB, activation = 'linear' } = attributes as unknown as tf._FusedMatMulAttrs;
  const left = matrix(memory, a!, transposeA);
  const right = matrix(memory, b!, transposeB);
  if (!left || !right || right.columns % PANEL || left.rows < FEW_ROWS) return undefined;
  if (!isSimple(activation) || preluActivationWeights) return undefined;
  if (bias && bias.shape[0] !== right.columns) return undefined;
  const shape = [...a!.shape.slice(0, -2), left.rows, right.columns];
  return activated(memory, shape, bias, activation, (out) =>
    multiply(memory, { a: left, b: right, out, add: Boolean(bias) }),
  );
}

function conv2D(...[memory, inputs, attributes]: Parameters<FloatKernel>): ReturnType<FloatKernel> {
  const { x, filter, bias, preluActivationWeights } = inputs;
  const { activation = 'linear' } = attributes as unknown as tf.FusedConv2DAttrs;
  const [images, weights] = [stored(memory, x!), stored(memory, filter!)];
  const [, , channels, filters] = weights.shape;
  if (!keepsSize(attributes, weights.shape) || channels < FEW_CHANNELS || filters % PANEL) return undefined;
  if (!isSimple(activation) || preluActivationWeights) return undefined;
  if (bias && bias.shape[0] !== filters) return undefined;
  const shape = [...images.shape.slice(0, 3), filters];
  const relu = activation === 'relu';
  if (suitsTiles(images.shape, weights.shape) && (bias || !relu)) {
    const derived = memory.derived(filter!, mappedSize(weights.shape), (to) =>
      mapped(memory, { filter: weights, flipped: false, to }),
    );
    const biases = bias ? memory.address(bias) : null;
    return correlated(memory, { x: images, weights: derived, outputs: filters, biases, relu });
  }
  return activated(memory, shape, bias, activation, (out) =>
    convolve(memory, { x: images, filter: weights, flipped: false, out, add: Boolean(bias) }),
  );
}

function mapped(memory: WasmMemory, mapping: Omit<FilterMapping, 'scratch'>): void {
  const { shape } = mapping.filter;
  memory.withScratch([memory.parts * filterScratch(shape)], (scratch) =>
    memory.run(mapFilter, { ...mapping, scratch }, PASS * mappedSize(shape)),
  );
}

function correlated(memory: WasmMemory, task: Omit<TileCorrelation, 'out' | 'scratch'>): tf.TensorInfo {
  const { x, outputs } = task;
  const result = memory.output([...x.shape.slice(0, 3), outputs]);
  memory.withScratch([tilesScratch(x.shape, outputs, memory.parts)], (scratch) =>
    memory.run(correlateTiles, { ...task, out: memory.address(result), scratch }, sizeOf(x.shape) * outputs),
  );
  return result;
}

/** @param compute adds to the bias, which is there already, or writes where there is none */
function activated(
  memory: WasmMemory,
  shape: number[],
  bias: tf.TensorInfo | undefined,
  activation: string,
  compute: (out: number) => void,
): tf.TensorInfo {
  const result = memory.output(shape);
  const out = memory.address(result);
  const [size, columns] = [sizeOf(shape), shape.at(-1)!];
  if (bias) fillRows(memory, memory.address(bias), columns, out, size / columns);
  compute(out);
  if (activation === 'relu') memory.alone.routines.rectify(out, size / 4);
  return result;
}

function conv2DInputGradient(
  ...[memory, { dy, filter }, attributes]: Parameters<FloatKernel>
): ReturnType<FloatKernel> {
  const [gradient, weights] = [stored(memory, dy!), stored(memory, filter!)];
  const [, , channels, filters] = weights.shape;
  if (!keepsSize(attributes, weights.shape) || filters < FEW_CHANNELS || channels % PANEL) return undefined;
  if (suitsTiles(gradient.shape, weights.shape)) {
    return memory.withScratch([mappedSize(weights.shape)], (to) => {
      mapped(memory, { filter: weights, flipped: true, to });
      const epilogue = { biases: null, relu: false };
      return correlated(memory, { x: gradient, weights: to, outputs: channels, ...epilogue });
    });
  }
  const result = memory.output([...gradient.shape.slice(0, 3), channels]);
  convolve(memory, { x: gradient, filter: weights, flipped: true, out: memory.address(result), add: false });
  return result;
}

function conv2DFilterGradient(
  ...[memory, { x, dy }, attributes]: Parameters<FloatKernel>
): ReturnType<FloatKernel> {
  const { filterShape } = attributes as unknown as tf.Conv2DBackpropFilterAttrs;
  const [images, gradient] = [stored(memory, x!), stored(memory, dy!)];
  if (!keepsSize(attributes, filterShape) || gradient.shape[3] % PANEL) return undefined;
  const result = memory.output(filterShape);
  if (suitsTiles(images.shape, filterShape)) {
    const sizes = [mappedSize(filterShape), tilesScratch(images.shape, filterShape[3], memory.parts)];
    memory.withScratch(sizes, (sums, scratch) =>
      memory.run(
        tilesFilterGradient,
        { x: images, dy: gradient, out: memory.address(result), sums, scratch },
        sizeOf(images.shape) * filterShape[3],
      ),
    );
    return result;
  }
  const size = [filterShape[0], filterShape[1]] as const;
  filterGradient(memory, { x: images, dy: gradient, size, out: memory.address(result) });
  return result;
}

function maxPoolGrad(
  ...[memory, { dy, input }, attributes]: Parameters<FloatKernel>
): ReturnType<FloatKernel> {
  const { filterSize, strides, pad } = attributes as unknown as tf.MaxPoolGradAttrs;
  const halves = [filterSize, strides].flat().every((each) => each === 2) && pad === 'valid';
  return halves && hasVectors(input!) ? maxPoolGradient(memory, input!, dy!) : undefined;
}

/** Over all axes but the last. */
function sum(...[memory, { x }, attributes]: Parameters<FloatKernel>): ReturnType<FloatKernel> {
  const { axis, keepDims } = attributes as unknown as tf.SumAttrs;
  const axes = tf.util.parseAxisParam(axis, x!.shape);
  const last = x!.shape.length - 1;
  if (keepDims || axes.length !== last || axes.includes(last) || !hasVectors(x!)) return undefined;
  return channelSums(memory, x!);
}

const isSimple = (activation: string): boolean => activation === 'linear' || activation === 'relu';

const stored = (memory: WasmMemory, tensor: tf.TensorInfo): Stored => ({
  at: memory.address(tensor),
  shape: tensor.shape as [number, number, number, number],
});

/** Undefined for a tensor of several matrices. */
function matrix(memory: WasmMemory, tensor: tf.TensorInfo, transposed: boolean): StoredMatrix | undefined {
  if (tensor.shape.slice(0, -2).some((size) => size !== 1)) return undefined;
  const [first, second] = tensor.shape.slice(-2) as [number, number];
  const [rows, columns] = transposed ? [second, first] : [first, second];
  return { at: memory.address(tensor), rows, columns, transposed };
}

/** Whether a convolution is one that src/engines/wasm/convolution.ts is written for. */
function keepsSize(attributes: tf.NamedAttrMap, [height, width]: Stored['shape']): boolean {
  const { strides, dilations = 1, pad, dataFormat = 'NHWC' } = attributes as unknown as tf.Conv2DAttrs;
  const one = [strides, dilations].flat().every((each) => each === 1);
  return one && pad === 'same' && dataFormat === 'NHWC' && height % 2 === 1 && width % 2 === 1;
}
