import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, expect, it } from 'vitest';
import { encodeOnnx, ONNX_INPUT, ONNX_OUTPUT } from '../../src/artifacts/onnx-model.ts';
import { activateWasm as activate } from '../../src/engines/node/tfjs.ts';
import { type Architecture, type Weights, weightSpecs } from '../../src/network/architecture.ts';
import { FoldedNetwork } from '../../src/network/fold.ts';
import { initialise } from '../../src/network/initialise.ts';
import { normaliseBytes } from '../../src/network/preprocess.ts';
import { Random } from '../../src/math/random.ts';
import { distance } from '../network/pytorch.ts';

const IMAGES = 5;

/** Every kind of layer; squeeze and excitation behind a pooling, as published, and behind a ReLU. */
const architecture: Architecture = {
  inputShape: [28, 28, 1],
  layers: [
    { type: 'conv', name: 'conv1', filters: 4 },
    { type: 'batchNorm', name: 'bn1' },
    { type: 'relu' },
    { type: 'squeezeExcite', name: 'se1', units: 3 },
    { type: 'conv', name: 'conv2', filters: 6 },
    { type: 'batchNorm', name: 'bn2' },
    { type: 'relu' },
    { type: 'conv', name: 'conv3', filters: 6 },
    { type: 'batchNorm', name: 'bn4' },
    { type: 'add', name: 'add1', inputOf: 'conv3' },
    { type: 'relu' },
    { type: 'maxPool' },
    { type: 'squeezeExcite', name: 'se2', units: 2 },
    { type: 'dropout', name: 'dropout1', rate: 0.25 },
    { type: 'flatten' },
    { type: 'dense', name: 'dense1', units: 8 },
    { type: 'batchNorm', name: 'bn3' },
    { type: 'relu' },
    { type: 'dense', name: 'dense2', units: 10 },
  ],
};

/** No weight is 0 or 1 by default, and the gates are far from one another. */
function someWeights(): Weights {
  const random = new Random(7);
  const weights = initialise(architecture, 5);
  for (const { name, role, fanIn } of weightSpecs(architecture)) {
    const { data } = weights[name]!;
    if (role === 'gamma' || role === 'moving_variance') {
      data.forEach((_, i) => (data[i] = 0.5 + random.uniform()));
    } else if (fanIn === 0 || name.startsWith('se')) {
      data.forEach((_, i) => (data[i] = 2 * random.uniform() - 1));
    }
    // As published: the file keeps kernels in half precision.
    if (role === 'kernel') data.set(new Float16Array(data));
  }
  return weights;
}

beforeAll(activate);

it('gives the folded network’s probabilities in ONNX Runtime, squeeze and excitation included', async () => {
  const weights = someWeights();
  const random = new Random(3);
  const bytes = Uint8Array.from({ length: IMAGES * 784 }, () => random.below(256));

  const session = await InferenceSession.create(encodeOnnx(architecture, weights));
  const pixels = Float32Array.from(bytes, (byte) => byte / 255);
  const outputs = await session.run({ [ONNX_INPUT]: new Tensor('float32', pixels, [IMAGES, 28, 28, 1]) });
  await session.release();
  const probabilities = outputs[ONNX_OUTPUT]!;
  expect(probabilities.dims).toEqual([IMAGES, 10]);

  const network = new FoldedNetwork(architecture, weights);
  const expected = network.probabilities(tf.tensor4d(normaliseBytes(bytes), [IMAGES, 28, 28, 1]));
  expect(distance(probabilities.data as Float32Array, await expected.data())).toBeLessThan(1e-5);
  network.dispose();
  expected.dispose();
});
