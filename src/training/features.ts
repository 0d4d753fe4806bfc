/**
 * A network taken apart for fine-tuning: the body, whose convolutions stay as they are, and the head, the dense layers
 * behind it. What the body gives for an image, its features, needs to be computed only once.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type Architecture, outputShapes, type Weights, weightSpecs } from '../network/architecture.ts';
import { sizeOf } from '../math/arrays.ts';
import { FoldedNetwork } from '../network/fold.ts';
import { normaliseBytes } from '../network/preprocess.ts';

/** Images per batch through the body. */
const BATCH = 64;

/**
 * Body and head as two networks, with the layers' names unchanged. Dropout between the two belongs to the
 * head: the features are those of the image as it is.
 * @throws if the network has no convolution before, or no dense layer behind its `flatten`
 */
export function splitArchitecture(architecture: Architecture): { body: Architecture; head: Architecture } {
  const { inputShape, layers } = architecture;
  let at = layers.findIndex(({ type }) => type === 'flatten');
  while (at > 0 && layers[at - 1]!.type === 'dropout') at--;
  const [height, width, channels] = outputShapes(architecture)[at - 1] ?? [];
  if (height === undefined || width === undefined || channels === undefined) {
    throw new Error('The network has no convolutions whose features a head could learn from.');
  }
  return {
    body: { inputShape, layers: layers.slice(0, at) },
    head: { inputShape: [height, width, channels], layers: layers.slice(at) },
  };
}

/** Those of the weights that an architecture has. @throws if one is missing */
export function weightsOf(architecture: Architecture, weights: Weights): Weights {
  return Object.fromEntries(
    weightSpecs(architecture).map(({ name }) => {
      const weight = weights[name];
      if (!weight) throw new Error(`The weight ${name} is missing.`);
      return [name, weight];
    }),
  );
}

/** The body with batch normalisation folded, and the features of every image that it has seen. */
export class Features {
  /** [height, width, channels] of an image's features. */
  readonly shape: readonly [number, number, number];
  readonly #network: FoldedNetwork;
  readonly #imageSize: number;
  readonly #seen = new Map<string, Float32Array>();

  /** @param architecture the whole network's, @param weights all of them */
  constructor(architecture: Architecture, weights: Weights) {
    const { body, head } = splitArchitecture(architecture);
    this.shape = head.inputShape;
    this.#network = new FoldedNetwork(body, weightsOf(body, weights));
    this.#imageSize = sizeOf(body.inputShape);
  }

  /**
   * Features of images, one after another; only those of new images are computed.
   * @param pixels bytes, one image after another
   * @param progress called after every batch with how many of the images are done
   */
  async of(pixels: Uint8Array, progress?: (done: number) => void): Promise<Float32Array[]> {
    const count = pixels.length / this.#imageSize;
    const keys = Array.from({ length: count }, (_, n) => String.fromCharCode(...this.#image(pixels, n)));
    const first = new Map(keys.map((key, n) => [key, n]));
    const missing = [...first].filter(([key]) => !this.#seen.has(key));
    for (let from = 0; from < missing.length; from += BATCH) {
      const batch = missing.slice(from, from + BATCH);
      const images = new Uint8Array(batch.length * this.#imageSize);
      batch.forEach(([, n], i) => images.set(this.#image(pixels, n), i * this.#imageSize));
      const features = await this.#compute(images, batch.length);
      batch.forEach(([key], i) => this.#seen.set(key, features[i]!));
      progress?.(count - missing.length + from + batch.length);
    }
    return keys.map((key) => this.#seen.get(key)!);
  }

  dispose(): void {
    this.#network.dispose();
  }

  #image(pixels: Uint8Array, n: number): Uint8Array {
    return pixels.subarray(n * this.#imageSize, (n + 1) * this.#imageSize);
  }

  async #compute(images: Uint8Array, count: number): Promise<Float32Array[]> {
    const { inputShape } = this.#network.architecture;
    const result = tf.tidy(() =>
      this.#network.logits(tf.tensor4d(normaliseBytes(images), [count, ...inputShape])),
    );
    try {
      const values = await result.data();
      const size = sizeOf(this.shape);
      return Array.from({ length: count }, (_, n) =>
        Float32Array.from(values.subarray(n * size, (n + 1) * size)),
      );
    } finally {
      result.dispose();
    }
  }
}

/** Features of some images as the head takes them, [n, height, width, channels]. */
export function featureTensor(
  features: readonly Float32Array[],
  shape: readonly [number, number, number],
): tf.Tensor4D {
  const size = sizeOf(shape);
  const values = new Float32Array(features.length * size);
  features.forEach((each, n) => values.set(each, n * size));
  return tf.tensor4d(values, [features.length, ...shape]);
}
