/**
 * Batch normalisation in training over the rows of a matrix [rows, C]. Behind a dense layer there are but some
 * hundred thousand values, too few for a call of ONNX Runtime to pay.
 */

/** What a normalisation is computed with; the arrays are [C]. */
export interface Normalisation {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/** Scale and shift of the affine map that a normalisation is. */
export function affineOf({ gamma, beta, mean, variance, epsilon }: Normalisation): {
  scale: Float32Array;
  shift: Float32Array;
} {
  const scale = gamma.map((value, channel) => value / Math.sqrt(variance[channel]! + epsilon));
  const shift = beta.map((value, channel) => value - mean[channel]! * scale[channel]!);
  return { scale, shift };
}

export function denseBatchNorm(
  x: Float32Array,
  parameters: Pick<Normalisation, 'gamma' | 'beta' | 'epsilon'>,
  relu: boolean,
): { y: Float32Array; mean: Float32Array; variance: Float32Array } {
  const channels = parameters.gamma.length;
  const rows = x.length / channels;
  const mean = new Float64Array(channels);
  for (let i = 0; i < x.length; i++) mean[i % channels]! += x[i]! / rows;
  const variance = new Float64Array(channels);
  for (let i = 0; i < x.length; i++) variance[i % channels]! += (x[i]! - mean[i % channels]!) ** 2 / rows;
  const statistics = { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
  const { scale, shift } = affineOf({ ...parameters, ...statistics });
  const y = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const z = x[i]! * scale[i % channels]! + shift[i % channels]!;
    y[i] = relu ? Math.max(z, 0) : z;
  }
  return { y, ...statistics };
}

/** See `batchNormGradient` in batch-norm-kernels.ts for the formula. */
export function denseBatchNormGradient(
  dy: Float32Array,
  x: Float32Array,
  normalisation: Normalisation,
  relu: boolean,
): { dx: Float32Array; dgamma: Float32Array; dbeta: Float32Array } {
  const { gamma, mean, variance, epsilon } = normalisation;
  const channels = gamma.length;
  const rows = x.length / channels;
  const { scale, shift } = affineOf(normalisation);
  const inverse = variance.map((value) => 1 / Math.sqrt(value + epsilon));
  const dz = relu
    ? dy.map((value, i) => (x[i]! * scale[i % channels]! + shift[i % channels]! > 0 ? value : 0))
    : dy;
  const dbeta = new Float64Array(channels);
  const dgamma = new Float64Array(channels);
  for (let i = 0; i < x.length; i++) {
    const channel = i % channels;
    dbeta[channel]! += dz[i]!;
    dgamma[channel]! += dz[i]! * (x[i]! - mean[channel]!) * inverse[channel]!;
  }
  const dx = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const channel = i % channels;
    const normalised = (x[i]! - mean[channel]!) * inverse[channel]!;
    dx[i] = scale[channel]! * (dz[i]! - dbeta[channel]! / rows - (normalised * dgamma[channel]!) / rows);
  }
  return { dx, dgamma: Float32Array.from(dgamma), dbeta: Float32Array.from(dbeta) };
}
