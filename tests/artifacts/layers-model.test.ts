import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ExportOptions,
  type LayersModelJson,
  readLayersModel,
  weightFiles,
  writeLayersModel,
} from '../../src/artifacts/layers-model.ts';
import { decodeFloat16, encodeFloat16 } from '../../src/artifacts/float16.ts';
import {
  type Architecture,
  reportArchitecture,
  type Weights,
  weightSpecs,
} from '../../src/network/architecture.ts';
import { initialise } from '../../src/network/initialise.ts';
import { Network } from '../../src/network/network.ts';
import { normalise, PIXEL_DEVIATION, PIXEL_MEAN } from '../../src/network/preprocess.ts';
import { Random } from '../../src/math/random.ts';

const small: Architecture = {
  inputShape: [28, 28, 1],
  layers: [
    { type: 'conv', name: 'conv1', filters: 4 },
    { type: 'batchNorm', name: 'bn1' },
    { type: 'relu' },
    { type: 'maxPool' },
    { type: 'dropout', name: 'dropout1', rate: 0.25 },
    { type: 'conv', name: 'conv2', filters: 3 },
    { type: 'batchNorm', name: 'bn2' },
    { type: 'relu' },
    { type: 'maxPool' },
    { type: 'flatten' },
    { type: 'dense', name: 'dense1', units: 12 },
    { type: 'batchNorm', name: 'bn3' },
    { type: 'relu' },
    { type: 'dense', name: 'dense2', units: 10 },
  ],
};

/** The same with squeeze and excitation, in the middle and at an edge. */
const branched: Architecture = {
  ...small,
  layers: small.layers.flatMap((layer, i): Architecture['layers'] =>
    layer.type === 'maxPool' ? [layer, { type: 'squeezeExcite', name: `se${i}`, units: 2 }] : [layer],
  ),
};

/** The same with a residual block before each pooling. */
const residual: Architecture = {
  ...branched,
  layers: branched.layers.flatMap((layer, i, { length }): Architecture['layers'] => {
    if (layer.type !== 'maxPool') return [layer];
    const name = `block${i}`;
    return [
      { type: 'conv', name, filters: i < length / 3 ? 4 : 3 },
      { type: 'add', name: `${name}_sum`, inputOf: name },
      { type: 'relu' },
      layer,
    ];
  }),
};

const options: ExportOptions = {
  mean: PIXEL_MEAN,
  deviation: PIXEL_DEVIATION,
  kernels: 'float16',
  weightsFile: 'weights.bin',
};

/** Weights in which nothing is 0 or 1 by default, so that a mixed-up statistic shows. */
function someWeights(architecture: Architecture): Weights {
  const random = new Random(7);
  const weights = initialise(architecture, 5);
  for (const { name, role } of weightSpecs(architecture)) {
    const { data } = weights[name]!;
    if (role === 'gamma' || role === 'moving_variance')
      data.forEach((_, i) => (data[i] = 0.5 + random.uniform()));
    if (role === 'beta' || role === 'moving_mean') data.forEach((_, i) => (data[i] = random.uniform() - 0.5));
  }
  return weights;
}

const halved = (architecture: Architecture, weights: Weights): Weights =>
  Object.fromEntries(
    weightSpecs(architecture).map(({ name, role, shape }) => {
      const { data } = weights[name]!;
      return [name, { shape, data: role === 'kernel' ? decodeFloat16(encodeFloat16(data)) : data }];
    }),
  );

/** `tf.loadLayersModel` over what would stand in the two files. */
function load(json: object, bytes: Uint8Array<ArrayBuffer>): Promise<tf.LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(JSON.stringify(json)) as LayersModelJson;
  return tf.loadLayersModel({
    load: () =>
      Promise.resolve({
        modelTopology,
        weightSpecs: weightsManifest.flatMap((group) => group.weights) as tf.io.WeightsManifestEntry[],
        weightData: bytes.buffer,
      }),
  });
}

/** The greatest difference between the probabilities of the stock package and of our network for some images. */
async function distanceToStock(
  architecture: Architecture,
  json: object,
  bytes: Uint8Array<ArrayBuffer>,
  weights: Weights,
): Promise<number> {
  const random = new Random(3);
  const images = Float32Array.from({ length: 5 * 784 }, () => random.uniform());
  const model = await load(json, bytes);
  const published = model.predict(tf.tensor(images, [5, 28, 28, 1])) as tf.Tensor;
  const network = new Network(architecture, weights);
  const normalised = tf.tensor4d(normalise(images), [5, 28, 28, 1]);
  const ours = tf.softmax(network.forward(normalised, { training: false }));
  expect(published.shape).toEqual([5, 10]);
  const [a, b] = [published.dataSync(), ours.dataSync()];
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});
afterEach(() => tf.disposeVariables());

describe('the published model', () => {
  for (const kernels of ['float32', 'float16', 'uint8'] as const) {
    it(`gives the probabilities of our network in the stock package (${kernels})`, async () => {
      const weights = someWeights(small);
      const { json, bytes } = writeLayersModel(small, weights, { ...options, kernels });
      const read = readLayersModel(small, 'test', JSON.parse(JSON.stringify(json)), {
        'weights.bin': bytes.buffer,
      });
      if (kernels === 'float32') expect(read).toEqual(weights);
      if (kernels === 'float16') expect(read).toEqual(halved(small, weights));
      expect(await distanceToStock(small, json, bytes, read)).toBeLessThan(1e-5);
    });
  }

  it('gives them for a network with residual blocks too', async () => {
    const weights = someWeights(residual);
    const { json, bytes } = writeLayersModel(residual, weights, { ...options, kernels: 'float32' });
    expect(readLayersModel(residual, 'test', json, { 'weights.bin': bytes.buffer })).toEqual(weights);
    expect(await distanceToStock(residual, json, bytes, weights)).toBeLessThan(1e-5);
  });

  it('gives them for a network with squeeze and excitation too', async () => {
    const weights = someWeights(branched);
    const { json, bytes } = writeLayersModel(branched, weights, { ...options, kernels: 'float32' });
    expect(readLayersModel(branched, 'test', json, { 'weights.bin': bytes.buffer })).toEqual(weights);
    expect(await distanceToStock(branched, json, bytes, weights)).toBeLessThan(1e-5);
    const names = (await load(json, bytes)).layers.map(({ name }) => name);
    expect(names[0]).toBe('images');
    expect(names).toContain('se3_excite');
    expect(names.slice(-2)).toEqual(['logits', 'probabilities']);
  });

  it('has the report’s layers and parameters, logits before a softmax, and half the bytes', async () => {
    const { json, bytes } = writeLayersModel(reportArchitecture, initialise(reportArchitecture, 1), options);
    const model = await load(json, bytes);
    expect(model.countParams()).toBe(2_493_514 + 2 * (2 * (64 + 128 + 256) + 512 + 256 + 128));
    expect(model.layers.at(-2)!.name).toBe('logits');
    expect(model.layers.at(-1)!.getClassName()).toBe('Softmax');
    expect(model.layers[0]!.getClassName()).toBe('Rescaling');
    expect(model.outputs[0]!.shape).toEqual([null, 10]);
    expect(bytes.byteLength).toBeLessThan(5.1e6);
  });

  it('takes weights in several files', () => {
    const { json, bytes } = writeLayersModel(small, someWeights(small), options);
    json.weightsManifest[0]!.paths = ['a.bin', 'b.bin'];
    expect(weightFiles('test', json)).toEqual(['a.bin', 'b.bin']);
    const parts = { 'a.bin': bytes.slice(0, 101).buffer, 'b.bin': bytes.slice(101).buffer };
    expect(readLayersModel(small, 'test', json, parts)).toEqual(halved(small, someWeights(small)));
  });
});

describe('a damaged model', () => {
  const fresh = (): { json: LayersModelJson; bytes: Uint8Array<ArrayBuffer> } =>
    writeLayersModel(small, someWeights(small), options);
  const read = (json: unknown, bytes?: Uint8Array<ArrayBuffer>): Weights =>
    readLayersModel(small, 'baseline', json, { 'weights.bin': bytes?.buffer });

  it('is refused by name: short, long, missing file', () => {
    const { json, bytes } = fresh();
    expect(() => read(json, bytes.slice(0, -1))).toThrow(
      /^weights\.bin of "baseline": it ends after .* truncated/,
    );
    expect(() => read(json, bytes.slice(0, 10))).toThrow(/before the weight "conv1\/kernel"/);
    expect(() => read(json, new Uint8Array(bytes.length + 4))).toThrow(/weights\.bin of "baseline": it has/);
    expect(() => read(json)).toThrow('weights.bin of "baseline": model.json names it, but it is not there');
  });

  it('is refused by name: unknown, missing, doubled weight, other shape', () => {
    const { json, bytes } = fresh();
    const weights = json.weightsManifest[0]!.weights;
    const last = weights.at(-1)!;
    expect(last.name).toBe('logits/bias');
    const edited = (list: typeof weights): unknown => ({
      ...json,
      weightsManifest: [{ paths: ['weights.bin'], weights: list }],
    });
    expect(() => read(edited(weights.slice(0, -1)), bytes.slice(0, -40))).toThrow(
      'model.json of "baseline": the weight "logits/bias" is missing',
    );
    expect(() => read(edited([...weights.slice(0, -1), { ...last, name: 'dense9/bias' }]), bytes)).toThrow(
      '"dense9/bias"',
    );
    expect(() => read(edited([...weights, last]), bytes)).toThrow('twice');
    expect(() => read(edited([...weights.slice(0, -1), { ...last, shape: [5, 2] }]), bytes)).toThrow(
      '[5, 2]',
    );
    expect(() => read({ nothing: true }, bytes)).toThrow('model.json of "baseline": it is no LayersModel');
    expect(() => read(null, bytes)).toThrow('no LayersModel');
  });

  it('is refused when it holds no numbers', () => {
    const { json, bytes } = fresh();
    new DataView(bytes.buffer).setUint32(bytes.length - 4, 0xffffffff);
    expect(() => read(json, bytes)).toThrow(/"logits\/bias" holds numbers that are not finite/);
  });

  it('is not written in the first place', () => {
    const weights = someWeights(small);
    weights['dense1/kernel']!.data[0] = 70_000; // more than float16 holds
    expect(() => writeLayersModel(small, weights, options)).toThrow('dense1/kernel');
    delete weights['conv1/bias'];
    expect(() => writeLayersModel(small, weights, options)).toThrow('conv1/bias is missing');
  });
});
