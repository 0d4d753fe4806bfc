/**
 * The published network: a TF.js LayersModel that the stock package loads and that gives class probabilities for
 * images in [0, 1] of shape [n, 28, 28, 1]. Written from the one layer list, and read back to named float32 weights.
 */
import {
  type Architecture,
  BATCH_NORM_EPSILON,
  KERNEL_SIZE,
  outputShapes,
  squeezeExciteNames,
  type Weight,
  type Weights,
  type WeightSpec,
  weightSpecs,
} from '../network/architecture.ts';
import { concatenate, sizeOf } from '../math/arrays.ts';
import { ArtifactError } from './integrity.ts';
import { decodeFloat16, encodeFloat16 } from './float16.ts';

/** The name under which the last dense layer is published: what it gives are the logits. */
export const LOGITS = 'logits';

/** The layer in front of the network. */
const NORMALISATION = 'normalisation';

/** How the kernels are stored; biases and batch normalisation are always float32. */
export type KernelType = 'float32' | 'float16' | 'uint8';

type Quantization =
  | { dtype: 'float16'; original_dtype: 'float32' }
  | { dtype: 'uint8'; original_dtype: 'float32'; min: number; scale: number };

interface StoredWeight {
  name: string;
  shape: number[];
  dtype: 'float32';
  quantization?: Quantization;
}

/** The content of `model.json`. */
export interface LayersModelJson {
  format: 'layers-model';
  generatedBy: string;
  convertedBy: null;
  modelTopology: object;
  /** What TensorFlow.js hands through; only in a network that a reader has taught. */
  userDefinedMetadata?: ModelMetadata;
  weightsManifest: { paths: string[]; weights: StoredWeight[] }[];
}

/** What a downloaded network says of itself. */
export interface ModelMetadata {
  /** Names of its classes, in the order of its outputs. */
  classes: readonly string[];
  /** SHA-256 of its weights file, by which the pair is known; absent where the browser has no hashing. */
  weights?: string;
}

export interface ExportOptions {
  /** The normalisation (x − mean) / deviation in front of the network. */
  mean: number;
  deviation: number;
  kernels: KernelType;
  weightsFile: string;
}

/**
 * Writes a network as `model.json` and the bytes of its weights file.
 * @throws Error on a weight that is missing, has the wrong size, or is not finite.
 */
export function writeLayersModel(
  architecture: Architecture,
  weights: Weights,
  options: ExportOptions,
): { json: LayersModelJson; bytes: Uint8Array<ArrayBuffer> } {
  const published = publishedNames(architecture);
  const chunks: Uint8Array[] = [];
  const stored = weightSpecs(architecture).map((spec): StoredWeight => {
    const data = weights[spec.name]?.data;
    if (data?.length !== sizeOf(spec.shape))
      throw new Error(`The weight ${spec.name} is missing or has the wrong size.`);
    const entry: StoredWeight = { name: published(spec), shape: [...spec.shape], dtype: 'float32' };
    const [bytes, quantization] = encode(data, spec.role === 'kernel' ? options.kernels : 'float32');
    chunks.push(bytes);
    if (!decode(entry.name, bytes, quantization).every(Number.isFinite)) {
      throw new Error(`The weight ${spec.name} holds values that ${options.kernels} cannot.`);
    }
    return quantization ? { ...entry, quantization } : entry;
  });
  return {
    json: {
      format: 'layers-model',
      generatedBy: 'fashion-mnist-report',
      convertedBy: null,
      modelTopology: topology(architecture, options),
      weightsManifest: [{ paths: [options.weightsFile], weights: stored }],
    },
    bytes: concatenate(chunks),
  };
}

/**
 * Reads the weights of a published network.
 * @param id the run, for messages
 * @param json the content of `model.json`
 * @param files bytes of the weight files, by the names that {@link weightFiles} gives
 * @throws ArtifactError which says which file is wrong and why: a weight unknown, missing or of another shape, a file
 *   too short or too long, a number that is not finite.
 */
export function readLayersModel(
  architecture: Architecture,
  id: string,
  json: unknown,
  files: Readonly<Record<string, ArrayBuffer | undefined>>,
): Weights {
  const specs = weightSpecs(architecture);
  const published = publishedNames(architecture);
  const expected = new Map(specs.map((spec) => [published(spec), spec]));
  const found = new Map<string, Weight>();
  const broken = (reason: string, file = 'model.json'): ArtifactError => new ArtifactError(file, id, reason);
  for (const { paths, weights } of manifest(id, json)) {
    const parts = paths.map((path) => {
      const bytes = files[path];
      if (!bytes) throw broken('model.json names it, but it is not there', path);
      return new Uint8Array(bytes);
    });
    const group = concatenate(parts);
    const blame = paths.join(', ');
    let offset = 0;
    for (const { name, shape, quantization } of weights) {
      const spec = expected.get(name);
      if (!spec) throw broken(`it names the weight "${name}", which the network does not have`);
      if (found.has(spec.name)) throw broken(`it names the weight "${name}" twice`);
      if (shape.join() !== spec.shape.join()) {
        throw broken(
          `the weight "${name}" is of shape [${shape.join(', ')}], the network's is [${spec.shape.join(', ')}]`,
        );
      }
      const size = sizeOf(shape) * BYTES[quantization?.dtype ?? 'float32'];
      if (offset + size > group.byteLength) {
        throw broken(
          `it ends after ${group.byteLength} bytes, inside or before the weight "${name}": truncated or of another model`,
          blame,
        );
      }
      const data = decode(name, group.slice(offset, offset + size), quantization);
      if (!data.every(Number.isFinite)) {
        throw broken(`the weight "${name}" holds numbers that are not finite: damaged`, blame);
      }
      found.set(spec.name, { shape: spec.shape, data });
      offset += size;
    }
    if (offset !== group.byteLength) {
      throw broken(
        `it has ${group.byteLength} bytes, model.json describes ${offset}: damaged or of another model`,
        blame,
      );
    }
  }
  const missing = specs.find((spec) => !found.has(spec.name));
  if (missing) throw broken(`the weight "${published(missing)}" is missing`);
  return Object.fromEntries(specs.map((spec) => [spec.name, found.get(spec.name)!]));
}

/** The weight files that a `model.json` names, relative to it. @throws ArtifactError when it is no LayersModel. */
export function weightFiles(id: string, json: unknown): string[] {
  return manifest(id, json).flatMap((group) => group.paths);
}

const BYTES: Record<KernelType, number> = { float32: 4, float16: 2, uint8: 1 };

function encode(data: Float32Array, type: KernelType): [Uint8Array, Quantization?] {
  switch (type) {
    case 'float32':
      return [new Uint8Array(Float32Array.from(data).buffer)];
    case 'float16':
      return [new Uint8Array(encodeFloat16(data).buffer), { dtype: type, original_dtype: 'float32' }];
    case 'uint8': {
      let [min, max] = [Infinity, -Infinity];
      for (const value of data) {
        if (value < min) min = value;
        if (value > max) max = value;
      }
      const scale = max > min ? (max - min) / 255 : 1;
      return [
        Uint8Array.from(data, (value) => Math.round((value - min) / scale)),
        { dtype: type, original_dtype: 'float32', min, scale },
      ];
    }
  }
}

/** As tfjs decodes: bytes are little-endian, as on every machine that tfjs runs on. */
function decode(name: string, bytes: Uint8Array, quantization?: Quantization): Float32Array {
  const buffer = bytes.slice().buffer;
  switch (quantization?.dtype) {
    case undefined:
      return new Float32Array(buffer);
    case 'float16':
      return decodeFloat16(new Uint16Array(buffer));
    case 'uint8':
      return Float32Array.from(bytes, (value) => value * quantization.scale + quantization.min);
    default:
      throw new Error(`The weight ${name} is stored in a way that is not known here.`);
  }
}

/** Weight names as published: those of the last dense layer are those of `logits`. */
function publishedNames(architecture: Architecture): (spec: WeightSpec) => string {
  const last = lastDense(architecture);
  return (spec) => `${spec.layer === last ? LOGITS : spec.layer}/${spec.role}`;
}

function lastDense(architecture: Architecture): string {
  const last = architecture.layers.at(-1);
  if (last?.type !== 'dense') throw new Error('The last layer of a classifier must be dense.');
  return last.name;
}

/**
 * The layers in the words of Keras, which `tf.loadLayersModel` understands: a Sequential model, or a Functional one
 * where the network is not a plain row of layers.
 */
function topology(architecture: Architecture, { mean, deviation }: ExportOptions): object {
  const row: KerasLayer[] = [
    keras('Rescaling', NORMALISATION, {
      scale: 1 / deviation,
      offset: -mean / deviation,
      batch_input_shape: [null, ...architecture.inputShape],
      dtype: 'float32',
    }),
    ...kerasLayers(architecture),
    keras('Softmax', 'probabilities', { axis: -1 }),
  ];
  const name = 'fashion_mnist_report';
  const branches = row.some(({ inputs }) => inputs);
  return {
    ...(branches
      ? { class_name: 'Functional', config: { name, ...graph(row, architecture.inputShape) } }
      : { class_name: 'Sequential', config: { name, layers: row } }),
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  };
}

function kerasLayers(architecture: Architecture): KerasLayer[] {
  const last = lastDense(architecture);
  const shapes = outputShapes(architecture);
  const counts: Record<string, number> = {};
  const numbered = (kind: string): string => `${kind}${(counts[kind] = (counts[kind] ?? 0) + 1)}`;
  const row: KerasLayer[] = [];
  /** The layers in front of the convolutions, by their names. */
  const inputs = new Map<string, string>();
  const add = (...layer: Parameters<typeof keras>): unknown => row.push(keras(...layer));
  architecture.layers.forEach((layer, i) => {
    switch (layer.type) {
      case 'conv':
        inputs.set(layer.name, (row.at(-1)?.config['name'] as string | undefined) ?? NORMALISATION);
        add('Conv2D', layer.name, {
          filters: layer.filters,
          kernel_size: [KERNEL_SIZE, KERNEL_SIZE],
          strides: [1, 1],
          padding: 'same',
          data_format: 'channels_last',
          activation: 'linear',
          use_bias: true,
        });
        break;
      case 'batchNorm':
        // Keras's momentum is the part of the old value that stays: 1 − PyTorch's.
        add('BatchNormalization', layer.name, { axis: -1, momentum: 0.9, epsilon: BATCH_NORM_EPSILON });
        break;
      case 'relu':
        add('Activation', numbered('relu'), { activation: 'relu' });
        break;
      case 'add':
        row.push({
          ...keras('Add', layer.name),
          inputs: [row.at(-1)!.config['name'] as string, inputs.get(layer.inputOf)!],
        });
        break;
      case 'maxPool':
        add('MaxPooling2D', numbered('pool'), {
          pool_size: [2, 2],
          strides: [2, 2],
          padding: 'valid',
          data_format: 'channels_last',
        });
        break;
      case 'squeezeExcite':
        row.push(...squeezeExcite(layer.name, layer.units, shapes[i]!.at(-1)!, row.at(-1)!));
        break;
      case 'dropout':
        add('Dropout', layer.name, { rate: layer.rate });
        break;
      case 'flatten':
        add('Flatten', numbered('flatten'));
        break;
      case 'dense':
        row.push(dense(layer.name === last ? LOGITS : layer.name, layer.units, 'linear'));
    }
  });
  return row;
}

/** The means of the channels, two dense layers, and what they give times what came in. */
function squeezeExcite(name: string, units: number, channels: number, before: KerasLayer): KerasLayer[] {
  const [squeeze, excite] = squeezeExciteNames(name);
  const gates = `${name}_gates`;
  return [
    keras('GlobalAveragePooling2D', `${name}_means`, { data_format: 'channels_last' }),
    dense(squeeze, units, 'relu'),
    dense(excite, channels, 'sigmoid'),
    keras('Reshape', gates, { target_shape: [1, 1, channels] }),
    { ...keras('Multiply', name), inputs: [before.config['name'] as string, gates] },
  ];
}

function dense(name: string, units: number, activation: string): KerasLayer {
  return keras('Dense', name, { units, activation, use_bias: true });
}

/** A row of layers as a graph, in which each has the one before it for its input unless it names others. */
function graph(row: readonly KerasLayer[], inputShape: readonly number[]): object {
  const input = keras('InputLayer', 'images', {
    batch_input_shape: [null, ...inputShape],
    dtype: 'float32',
    sparse: false,
  });
  const node = (name: unknown): unknown[] => [name, 0, 0, {}];
  const place = (name: unknown): unknown[] => [name, 0, 0];
  const layers = [input, ...row].map(({ class_name, config, inputs }, i, all) => {
    const before = inputs ?? (i > 0 ? [all[i - 1]!.config['name']] : []);
    const inbound = before.length ? [before.map(node)] : [];
    return { class_name, name: config['name'], config, inbound_nodes: inbound };
  });
  return {
    layers,
    input_layers: [place(layers[0]!.name)],
    output_layers: [place(layers.at(-1)!.name)],
  };
}

interface KerasLayer {
  class_name: string;
  config: Record<string, unknown>;
  /** The layers whose outputs it takes, where that is not the one before it. */
  inputs?: string[];
}

function keras(className: string, name: string, config: Record<string, unknown> = {}): KerasLayer {
  return { class_name: className, config: { name, trainable: true, ...config } };
}

function manifest(id: string, json: unknown): LayersModelJson['weightsManifest'] {
  const groups = (json as Partial<LayersModelJson> | null)?.weightsManifest;
  const sound = (group: Partial<LayersModelJson['weightsManifest'][number]> | null): boolean =>
    Array.isArray(group?.paths) &&
    group.paths.every((path) => typeof path === 'string') &&
    Array.isArray(group.weights) &&
    group.weights.every(isStoredWeight);
  if (Array.isArray(groups) && groups.every(sound)) return groups;
  throw new ArtifactError('model.json', id, 'it is no LayersModel with a list of float32 weights');
}

function isStoredWeight({ name, shape, dtype, quantization }: StoredWeight): boolean {
  return (
    typeof name === 'string' &&
    Array.isArray(shape) &&
    shape.every((size) => Number.isInteger(size) && size > 0) &&
    dtype === 'float32' &&
    (quantization === undefined ||
      quantization.dtype === 'float16' ||
      (quantization.dtype === 'uint8' &&
        Number.isFinite(quantization.min) &&
        Number.isFinite(quantization.scale)))
  );
}

/** What a network says of itself, as far as it does. */
export function modelMetadata(json: unknown): Partial<ModelMetadata> {
  const { classes, weights } = (json as Partial<LayersModelJson> | null)?.userDefinedMetadata ?? {};
  return {
    ...(Array.isArray(classes) && classes.every((name) => typeof name === 'string') && { classes }),
    ...(typeof weights === 'string' && { weights }),
  };
}

/** How many classes a network gives probabilities for; undefined where its last layer is not among its weights. */
export const outputsOf = (id: string, json: unknown): number | undefined =>
  manifest(id, json)
    .flatMap(({ weights }) => weights)
    .find(({ name }) => name === `${LOGITS}/bias`)?.shape[0];
