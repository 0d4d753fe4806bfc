/** The network as it is used: batch normalisation folded into the layer before, no dropout. */
import * as tf from '@tensorflow/tfjs-core';
import {
  type Architecture,
  BATCH_NORM_EPSILON,
  type Layer,
  squeezeExciteNames,
  type Weight,
  type Weights,
} from './architecture.ts';
import { gated } from './squeeze-excite.ts';

export type FoldedLayer =
  | {
      readonly type: 'conv' | 'dense';
      readonly name: string;
      readonly kernel: Weight;
      readonly bias: Weight;
      /** Whether a ReLU follows. */
      readonly relu: boolean;
    }
  | {
      readonly type: 'squeezeExcite';
      readonly name: string;
      /** Kernel and bias of the layer that squeezes, then of the one that excites. */
      readonly weights: readonly [Weight, Weight, Weight, Weight];
    }
  | {
      readonly type: 'add';
      readonly name: string;
      /** The convolution whose input is added. */
      readonly inputOf: string;
      readonly relu: boolean;
    }
  | { readonly type: 'maxPool' | 'flatten' };

/**
 * Folds each batch normalisation into the convolution or dense layer before it: kernel · s and (bias − mean) · s + β
 * with s = γ / √(variance + ε), in double precision.
 * @throws if a weight is missing, or a normalisation or ReLU stands where it cannot be folded
 */
export function foldBatchNorm(architecture: Architecture, weights: Weights): FoldedLayer[] {
  const folded: FoldedLayer[] = [];
  const weight = (layer: string, role: string): Weight => {
    const found = weights[`${layer}/${role}`];
    if (!found) throw new Error(`The weight ${layer}/${role} is missing.`);
    return found;
  };
  /** Removes the last layer so that it can be changed; it must have no activation yet. */
  const last = (layer: Layer): Extract<FoldedLayer, { relu: boolean }> => {
    const found = folded.pop();
    if (!found || !('relu' in found) || found.relu) {
      throw new Error(`A ${layer.type} layer must follow a convolution or a dense layer.`);
    }
    return found;
  };
  for (const layer of architecture.layers) {
    switch (layer.type) {
      case 'conv':
      case 'dense': {
        const { type, name } = layer;
        folded.push({ type, name, kernel: weight(name, 'kernel'), bias: weight(name, 'bias'), relu: false });
        break;
      }
      case 'batchNorm': {
        const roles = ['gamma', 'beta', 'moving_mean', 'moving_variance'] as const;
        const [gamma, beta, mean, variance] = roles.map((role) => weight(layer.name, role).data);
        const scale = Float64Array.from(gamma!, (g, c) => g / Math.sqrt(variance![c]! + BATCH_NORM_EPSILON));
        const before = last(layer);
        if (!('kernel' in before))
          throw new Error(`${layer.name} must follow a convolution or a dense layer.`);
        const { kernel, bias } = before;
        folded.push({
          ...before,
          // The output channel is the last axis of both kinds of kernels.
          kernel: { ...kernel, data: kernel.data.map((w, i) => w * scale[i % scale.length]!) },
          bias: { ...bias, data: bias.data.map((b, c) => (b - mean![c]!) * scale[c]! + beta![c]!) },
        });
        break;
      }
      case 'relu':
        folded.push({ ...last(layer), relu: true });
        break;
      case 'squeezeExcite': {
        const { type, name } = layer;
        const [squeeze, excite] = squeezeExciteNames(name);
        folded.push({
          type,
          name,
          weights: [
            weight(squeeze, 'kernel'),
            weight(squeeze, 'bias'),
            weight(excite, 'kernel'),
            weight(excite, 'bias'),
          ],
        });
        break;
      }
      case 'add':
        folded.push({ ...layer, relu: false });
        break;
      case 'maxPool':
      case 'flatten':
        folded.push({ type: layer.type });
        break;
      case 'dropout': // only in training
    }
  }
  return folded;
}

/** A trained network for prediction. */
export class FoldedNetwork {
  readonly architecture: Architecture;
  readonly #layers: readonly { layer: FoldedLayer; tensors: readonly tf.Tensor[] }[];

  /** @param weights all of the network's, as `Network.weights` gives them */
  constructor(architecture: Architecture, weights: Weights) {
    this.architecture = architecture;
    const tensor = ({ shape, data }: Weight): tf.Tensor => tf.keep(tf.tensor(data.slice(), [...shape]));
    this.#layers = foldBatchNorm(architecture, weights).map((layer) => ({
      layer,
      tensors: weightsOf(layer).map(tensor),
    }));
  }

  /**
   * @param images normalised, [n, height, width, channels]
   * @returns [n, classes]
   */
  logits(images: tf.Tensor4D): tf.Tensor2D {
    return this.#through(images);
  }

  /**
   * The outputs of all convolution, pooling and dense layers in order, ReLU included; the last are the logits. Pooling
   * layers, which have no names, are numbered: `pool1`.
   */
  activations(images: tf.Tensor4D): { name: string; values: tf.Tensor }[] {
    const found: { name: string; values: tf.Tensor }[] = [];
    let pools = 0;
    tf.tidy(() => {
      this.#through(images, (layer, values) => {
        if (layer.type === 'maxPool') found.push({ name: `pool${++pools}`, values: tf.keep(values) });
        else if ('kernel' in layer) found.push({ name: layer.name, values: tf.keep(values) });
      });
    });
    return found;
  }

  #through(images: tf.Tensor4D, after?: (layer: FoldedLayer, values: tf.Tensor) => void): tf.Tensor2D {
    return tf.tidy(() => {
      let x: tf.Tensor = images;
      const inputs = new Map<string, tf.Tensor>();
      for (const { layer, tensors } of this.#layers) {
        switch (layer.type) {
          case 'conv':
            inputs.set(layer.name, x);
            x = tf.fused.conv2d({
              x: x as tf.Tensor4D,
              filter: tensors[0] as tf.Tensor4D,
              bias: tensors[1]!,
              strides: 1,
              pad: 'same',
              activation: layer.relu ? 'relu' : 'linear',
            });
            break;
          case 'dense':
            x = tf.fused.matMul({
              a: x,
              b: tensors[0]!,
              bias: tensors[1]!,
              activation: layer.relu ? 'relu' : 'linear',
            });
            break;
          case 'add':
            x = tf.add(x, inputs.get(layer.inputOf)!);
            if (layer.relu) x = tf.relu(x);
            break;
          case 'maxPool':
            x = tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
            break;
          case 'squeezeExcite': {
            const [squeezeKernel, squeezeBias, exciteKernel, exciteBias] = tensors as [
              ...[tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D],
            ];
            x = gated(x as tf.Tensor4D, { squeezeKernel, squeezeBias, exciteKernel, exciteBias });
            break;
          }
          case 'flatten':
            x = tf.reshape(x, [x.shape[0]!, -1]);
        }
        after?.(layer, x);
      }
      return x as tf.Tensor2D;
    });
  }

  /** Like {@link logits}, but as probabilities that sum to 1 in each row. */
  probabilities(images: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => tf.softmax(this.logits(images)));
  }

  dispose(): void {
    for (const { tensors } of this.#layers) tf.dispose([...tensors]);
  }
}

function weightsOf(layer: FoldedLayer): readonly Weight[] {
  if ('kernel' in layer) return [layer.kernel, layer.bias];
  return 'weights' in layer ? layer.weights : [];
}
