/** The network on the backend that is current when it is made: bytes in, probabilities out. */
import * as tf from '@tensorflow/tfjs-core';
import { type Architecture, type Weights, weightSpecs } from '../../network/architecture.ts';
import { FoldedNetwork } from '../../network/fold.ts';
import { normaliseBytes } from '../../network/preprocess.ts';
import { sizeOf } from '../../math/arrays.ts';
import type { WebGpuBackend } from '../webgpu/program.ts';
import type { Feature } from './protocol.ts';

/** Compiles what a prediction on WebGPU runs, all of it at once: its weights need not be known yet. */
export async function compilePrediction(architecture: Architecture): Promise<void> {
  const zeros = weightSpecs(architecture).map(
    ({ name, shape }) => [name, { shape, data: new Float32Array(sizeOf(shape)) }] as const,
  );
  tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', true);
  try {
    const network = new FoldedNetwork(architecture, Object.fromEntries(zeros));
    tf.dispose(tf.tidy(() => network.probabilities(tf.zeros([1, ...architecture.inputShape]))));
    network.dispose();
  } finally {
    tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', false);
  }
  await (tf.backend() as WebGpuBackend).checkCompileCompletionAsync();
}

/** So many images go through the network at once; more take more memory, not less time. */
const CHUNK = 64;

export class Predictor {
  readonly #network: FoldedNetwork;

  constructor(architecture: Architecture, weights: Weights) {
    this.#network = new FoldedNetwork(architecture, weights);
  }

  /**
   * @param images n images of 28×28 bytes, one after another; 0 is the black ground
   * @returns ten probabilities for each
   */
  async predict(images: Uint8Array): Promise<Float32Array<ArrayBuffer>> {
    const [height, width, channels] = this.#network.architecture.inputShape;
    const size = height * width * channels;
    const result: Float32Array[] = [];
    for (let from = 0; from < images.length; from += CHUNK * size) {
      const bytes = images.subarray(from, from + CHUNK * size);
      const probabilities = tf.tidy(() =>
        this.#network.probabilities(
          tf.tensor4d(normaliseBytes(bytes), [bytes.length / size, height, width, channels]),
        ),
      );
      try {
        result.push((await probabilities.data()) as Float32Array);
      } finally {
        probabilities.dispose();
      }
    }
    return Float32Array.from(result.flatMap((chunk) => [...chunk]));
  }

  /** What every layer gives for one image of 28×28 bytes. */
  async features(image: Uint8Array): Promise<Feature[]> {
    const activations = tf.tidy(() =>
      this.#network.activations(
        tf.tensor4d(normaliseBytes(image), [1, ...this.#network.architecture.inputShape]),
      ),
    );
    try {
      const data = await Promise.all(activations.map(({ values }) => values.data()));
      return activations.map(({ name, values }, i) => ({
        name,
        shape: values.shape.slice(1),
        values: Float32Array.from(data[i]!),
      }));
    } finally {
      tf.dispose(activations.map(({ values }) => values));
    }
  }

  dispose(): void {
    this.#network.dispose();
  }
}
