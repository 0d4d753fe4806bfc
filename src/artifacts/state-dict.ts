/** Weights under PyTorch's names and in its layouts: a `state_dict` of `nn.Conv2d`, `nn.BatchNorm` and `nn.Linear`. */
import {
  type Architecture,
  outputShapes,
  type Weight,
  type Weights,
  weightSpecs,
} from '../network/architecture.ts';
import { sizeOf } from '../math/arrays.ts';
import { encodeFloat16 } from './float16.ts';
import type { Tensors } from './safetensors.ts';

const NAMES = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
} as const;

/**
 * Convolution kernels turn from HWIO to OIHW, dense kernels from [in, out] to [out, in]. The dense layer behind a
 * flatten reads its inputs in the order C, H, W, as PyTorch flattens them, instead of H, W, C.
 * @param weights as `Network` has them
 * @returns by names such as `conv1.weight` and `bn1.running_var`, in the order of the layers
 */
export function toPyTorch(architecture: Architecture, weights: Weights): Record<string, Weight> {
  const flattened = flattenedShapes(architecture);
  const tensors: Record<string, Weight> = {};
  for (const { name, layer, role } of weightSpecs(architecture)) {
    const weight = weights[name];
    if (!weight) throw new Error(`The weight ${name} is missing.`);
    const key = `${layer}.${NAMES[role]}`;
    if (role !== 'kernel') tensors[key] = weight;
    else if (weight.shape.length === 4) tensors[key] = transpose(weight, [3, 2, 0, 1]);
    else tensors[key] = denseKernel(weight, flattened.get(layer));
  }
  return tensors;
}

/** Tensors with the kernels, those of more than one axis, in half precision: exact for weights as they are published. */
export const halvedKernels = (tensors: Weights): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape, data: shape.length > 1 ? encodeFloat16(data) : data },
    ]),
  );

/** The image shape [h, w, c] that each dense layer behind a flatten reads. */
function flattenedShapes(architecture: Architecture): Map<string, readonly number[]> {
  const { layers } = architecture;
  const shapes = outputShapes(architecture);
  const found = new Map<string, readonly number[]>();
  layers.forEach((layer, index) => {
    const next = layers[index + 1];
    if (layer.type === 'flatten' && next?.type === 'dense') found.set(next.name, shapes[index - 1]!);
  });
  return found;
}

function denseKernel(kernel: Weight, image: readonly number[] | undefined): Weight {
  const [inputs, outputs] = kernel.shape as [number, number];
  if (!image) return transpose(kernel, [1, 0]);
  const { data } = transpose({ shape: [...image, outputs], data: kernel.data }, [3, 2, 0, 1]);
  return { shape: [outputs, inputs], data };
}

/** @param order which axis of the weight becomes each axis of the result */
function transpose({ shape, data }: Weight, order: readonly number[]): Weight {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const turned = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = new Float32Array(data.length);
  for (let i = 0; i < result.length; i++) {
    let rest = i;
    let from = 0;
    for (let axis = turned.length - 1; axis >= 0; axis--) {
      from += (rest % turned[axis]!) * steps[axis]!;
      rest = Math.floor(rest / turned[axis]!);
    }
    result[i] = data[from]!;
  }
  return { shape: turned, data: result };
}
