import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { activateCpu } from '../../../src/engines/node/tfjs.ts';
import { activate } from '../../../src/engines/node/webgpu.ts';
import type { WebGpuBackend } from '../../../src/engines/webgpu/program.ts';
import { chooseProduct, share, shares } from '../../../src/engines/webgpu/shared-product.ts';
import { distance } from '../../network/pytorch.ts';
import { noTestGpu, onHardware } from '../../test-gpu.ts';

/** Products that leave no tile full: [batch, rows, terms, columns]. The last sums its terms in parts. */
const sizes: [number, number, number, number][] = [
  [1, 65, 17, 32],
  [2, 100, 33, 70],
  [1, 70, 300, 37],
];

/** a · b, either of them transposed, with and without bias and ReLU, and a convolution of many tiles. */
async function results(): Promise<Float32Array[]> {
  const tensors = tf.tidy(() => [
    ...sizes.flatMap(([batch, rows, terms, columns]) =>
      [false, true].flatMap((transposeA) =>
        [false, true].flatMap((transposeB) => {
          const shape = (height: number, width: number, turned: boolean) =>
            turned ? [batch, width, height] : [batch, height, width];
          const a = tf.randomUniform(shape(rows, terms, transposeA), -1, 1, 'float32', 1);
          const b = tf.randomUniform(shape(terms, columns, transposeB), -1, 1, 'float32', 2);
          const bias = tf.randomUniform([columns], -1, 1, 'float32', 3);
          return [
            tf.matMul(a, b, transposeA, transposeB),
            tf.fused.matMul({ a, b, transposeA, transposeB, bias, activation: 'relu' }),
          ];
        }),
      ),
    ),
    tf.conv2d(
      tf.randomUniform([2, 25, 26, 17], -1, 1, 'float32', 4) as tf.Tensor4D,
      tf.randomUniform([3, 3, 17, 33], -1, 1, 'float32', 5) as tf.Tensor4D,
      1,
      'same',
    ),
  ]);
  const found = await Promise.all(tensors.map(async (each) => Float32Array.from(await each.data())));
  tf.dispose(tensors);
  return found;
}

it('products on webgpu whose workgroups share memory are the cpu’s', async (test) => {
  if (noTestGpu) test.skip(noTestGpu);
  await activate(true);
  const gpu = tf.backend() as WebGpuBackend;
  share(gpu, true);
  const found = await results();
  const programs = Object.keys(gpu.pipelineCache).filter((key) => key.startsWith('shared_'));
  expect(programs).toHaveLength(2);
  share(gpu, false);
  await activateCpu();
  const expected = await results();
  expected.forEach((each, i) => expect(distance(found[i]!, each), `result ${i}`).toBeLessThan(1e-3));
});

it('one of the two kinds of products is chosen on webgpu, and leaves no tensor', async (test) => {
  if (noTestGpu) test.skip(noTestGpu);
  await activate(true);
  const gpu = tf.backend() as WebGpuBackend;
  const [a, b] = [tf.ones([64, 64]), tf.ones([64, 64])];
  const { numTensors, numDataBuffers } = tf.memory();
  share(gpu, true);
  await chooseProduct(gpu, () => tf.matMul(a, b));
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  tf.dispose([a, b]);
  // Barriers cost an adapter in software more than they save.
  if (!onHardware) expect(shares(gpu)).toBe(false);
});
