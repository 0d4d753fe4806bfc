/** The network in training: parameters as variables, batch normalisation by the batch, dropout. */
import * as tf from '@tensorflow/tfjs-core';
import {
  type Architecture,
  type Layer,
  squeezeExciteNames,
  type Weights,
  weightSpecs,
} from './architecture.ts';
import {
  batchNorm,
  batchNormBlock,
  type Behind,
  frozenBatchNorm,
  scaleAndShift,
  updatedStatistics,
} from './batch-norm.ts';
import { hasKernel } from './kernel-contract.ts';
import { convolution, dense, imageConvolution, inputDense } from './layers.ts';
import { channelDropout, dropout } from './dropout.ts';
import { deriveSeed } from '../math/random.ts';
import { squeezeExcite } from './squeeze-excite.ts';
import { readVariables, writeVariables, zeroVariables } from './variables.ts';

/**
 * `dropoutSeed` is the step's seed, from which each layer derives its own; null leaves dropout out. `momentum` is how far
 * the running statistics move towards those of the batch, where it differs from the usual one.
 */
export type ForwardMode =
  { training: false } | { training: true; dropoutSeed: number | null; momentum?: number };

/** What a training pass returns. */
export interface TrainingPass {
  /** [n, classes] */
  logits: tf.Tensor2D;
  /** New values of the running statistics, by name, for {@link Network.updateStatistics}. */
  statistics: Record<string, tf.Tensor>;
}

let networks = 0;

export class Network {
  readonly architecture: Architecture;
  /** What training changes, by name (`conv1/kernel`), in the order of the layers. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
  /** Running means and variances, by name (`bn1/moving_mean`). */
  readonly statistics: ReadonlyMap<string, tf.Variable>;
  /** Whether batch normalisation uses the running statistics in training too, and leaves them unchanged. */
  readonly frozenStatistics: boolean;

  /** @param weights all weights, by name: from `initialise` or from another network's {@link weights} */
  constructor(architecture: Architecture, weights: Weights, { frozenStatistics = false } = {}) {
    this.architecture = architecture;
    this.frozenStatistics = frozenStatistics;
    // tfjs keeps variables by name, for all networks of the process.
    const prefix = `network${networks++}/`;
    const specs = weightSpecs(architecture);
    this.parameters = zeroVariables(
      specs.filter((spec) => spec.trainable),
      prefix,
      true,
    );
    this.statistics = zeroVariables(
      specs.filter((spec) => !spec.trainable),
      prefix,
      false,
    );
    this.load(weights);
  }

  /**
   * @param images normalised, [n, height, width, channels]
   * @returns logits [n, classes]. In training, the running statistics are updated as well.
   */
  forward(images: tf.Tensor4D, mode: ForwardMode): tf.Tensor2D {
    return tf.tidy(() => {
      if (!mode.training) return this.#run(images, mode).logits;
      const { logits, statistics } = this.#run(images, mode);
      this.updateStatistics(statistics);
      return logits;
    });
  }

  /**
   * A forward pass in training that changes nothing: the new running statistics are returned with the logits, for the
   * caller to apply once the step turns out to be sound. Gradients reach all {@link parameters}.
   */
  trainingPass(images: tf.Tensor4D, dropoutSeed: number): TrainingPass {
    return this.#run(images, { training: true, dropoutSeed });
  }

  /** Applies the statistics that {@link trainingPass} returned. */
  updateStatistics(statistics: Readonly<Record<string, tf.Tensor>>): void {
    for (const [name, value] of Object.entries(statistics)) this.statistics.get(name)!.assign(value);
  }

  /** A copy of all weights, running statistics included. */
  async weights(): Promise<Weights> {
    return {
      ...(await readVariables(this.parameters)),
      ...(await readVariables(this.statistics)),
    };
  }

  /** Sets all weights. @throws if one is missing or has another shape */
  load(weights: Weights): void {
    writeVariables(new Map([...this.parameters, ...this.statistics]), weights);
  }

  dispose(): void {
    tf.dispose([...this.parameters.values(), ...this.statistics.values()]);
  }

  #run(images: tf.Tensor4D, mode: ForwardMode): TrainingPass {
    const { layers } = this.architecture;
    const statistics: Record<string, tf.Tensor> = {};
    let x: tf.Tensor = images;
    /** Whether x has passed no layer with parameters yet: nobody needs its gradient then. */
    let given = true;
    /** What went into the convolutions, by name, for the shortcuts. */
    const inputs = new Map<string, tf.Tensor>();
    for (let i = 0; i < layers.length; i++) {
      const layer = layers[i]!;
      switch (layer.type) {
        case 'conv':
          inputs.set(layer.name, x);
          x = (given ? imageConvolution : convolution)(
            x as tf.Tensor4D,
            this.#weight(layer.name, 'kernel') as tf.Tensor4D,
            this.#weight(layer.name, 'bias') as tf.Tensor1D,
          );
          break;
        case 'dense':
          x = (given ? inputDense : dense)(
            x as tf.Tensor2D,
            this.#weight(layer.name, 'kernel') as tf.Tensor2D,
            this.#weight(layer.name, 'bias') as tf.Tensor1D,
          );
          break;
        case 'batchNorm': {
          const gamma = this.#weight(layer.name, 'gamma');
          const beta = this.#weight(layer.name, 'beta');
          const mean = this.#weight(layer.name, 'moving_mean');
          const variance = this.#weight(layer.name, 'moving_variance');
          if (mode.training && this.frozenStatistics) {
            x = frozenBatchNorm(x, { gamma, beta, mean, variance });
          } else if (mode.training) {
            // What follows at once is part of the operation, which saves passes over the largest tensors.
            const relu = layers[i + 1]?.type === 'relu';
            const behind = relu && hasKernel('BatchNormBlock') ? layersBehind(layers, i + 2, mode) : null;
            const batch = behind
              ? batchNormBlock(x, gamma, beta, behind.attributes)
              : batchNorm(x, gamma, beta, relu ? 'relu' : 'linear');
            const updated = updatedStatistics({ mean, variance }, batch, x.size / gamma.size, mode.momentum);
            statistics[`${layer.name}/moving_mean`] = updated.mean;
            statistics[`${layer.name}/moving_variance`] = updated.variance;
            x = batch.y;
            if (relu) i += 1 + (behind?.count ?? 0);
          } else {
            x = scaleAndShift(x, { gamma, beta, mean, variance });
          }
          break;
        }
        case 'relu':
          x = tf.relu(x);
          break;
        case 'add':
          x = tf.add(x, inputs.get(layer.inputOf)!);
          break;
        case 'maxPool':
          x = tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
          break;
        case 'squeezeExcite': {
          const [squeeze, excite] = squeezeExciteNames(layer.name);
          x = squeezeExcite(x as tf.Tensor4D, {
            squeezeKernel: this.#weight(squeeze, 'kernel') as tf.Tensor2D,
            squeezeBias: this.#weight(squeeze, 'bias') as tf.Tensor1D,
            exciteKernel: this.#weight(excite, 'kernel') as tf.Tensor2D,
            exciteBias: this.#weight(excite, 'bias') as tf.Tensor1D,
          });
          break;
        }
        case 'dropout':
          if (mode.training && mode.dropoutSeed !== null)
            x = (layer.channels ? channelDropout : dropout)(
              x,
              layer.rate,
              deriveSeed(mode.dropoutSeed, layer.name),
            );
          break;
        case 'flatten':
          x = tf.reshape(x, [x.shape[0]!, -1]);
      }
      given &&= !hasParameters(layer);
    }
    return { logits: x as tf.Tensor2D, statistics };
  }

  #weight(layer: string, role: string): tf.Variable {
    const name = `${layer}/${role}`;
    return (this.parameters.get(name) ?? this.statistics.get(name))!;
  }
}

/** Pooling and dropout from the layer at `first` on, as far as `BatchNormBlock` has them; null where there is neither. */
function layersBehind(
  layers: readonly Layer[],
  first: number,
  { dropoutSeed }: Extract<ForwardMode, { training: true }>,
): { attributes: Behind; count: number } | null {
  const pool = layers[first]?.type === 'maxPool';
  const next = layers[first + (pool ? 1 : 0)];
  const dropout = next?.type === 'dropout' && !next.channels && dropoutSeed !== null ? next : null;
  const count = (pool ? 1 : 0) + (dropout ? 1 : 0);
  const drops = { rate: dropout?.rate ?? 0, seed: dropout ? deriveSeed(dropoutSeed!, dropout.name) : 0 };
  return count ? { attributes: { pool, ...drops }, count } : null;
}

const hasParameters = ({ type }: Layer): boolean =>
  type === 'conv' || type === 'dense' || type === 'batchNorm' || type === 'squeezeExcite';
