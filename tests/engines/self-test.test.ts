import * as tf from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu/dist/backend_cpu.js';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  SelfTestError,
  testGradients,
  testOperations,
  testProbabilities,
} from '../../src/engines/self-test.ts';

/** Makes a backend the current one whose kernel of this name gives values a thousandth too large. */
async function useWrong(kernel: string): Promise<void> {
  const name = `wrong-${kernel}`;
  tf.registerBackend(name, () => new MathBackendCPU());
  tf.copyRegisteredKernels('cpu', name);
  const right = tf.getKernel(kernel, 'cpu').kernelFunc;
  tf.unregisterKernel(kernel, name);
  tf.registerKernel({
    kernelName: kernel,
    backendName: name,
    kernelFunc: (input) => {
      const output = right(input) as tf.TensorInfo;
      const values = (input.backend as MathBackendCPU).data.get(output.dataId).values as Float32Array;
      for (let i = 0; i < values.length; i++) values[i]! *= 1.001;
      return output;
    },
  });
  await tf.setBackend(name);
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});
afterEach(async () => {
  const name = tf.getBackend();
  if (name.startsWith('wrong')) tf.removeBackend(name);
  await tf.setBackend('cpu');
});

describe('testOperations', () => {
  it('passes on a backend that computes rightly, and leaves nothing behind', async () => {
    const { numTensors } = tf.memory();
    await testOperations();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it.each(['FusedConv2D', 'MaxPool', 'BatchMatMul'])(
    'finds a backend out whose %s is a little wrong',
    async (kernel) => {
      await useWrong(kernel);
      await expect(testOperations()).rejects.toThrow(SelfTestError);
    },
  );
});

describe('testGradients', () => {
  it('passes on a backend that computes rightly, and leaves nothing behind', async () => {
    const { numTensors } = tf.memory();
    await testGradients();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it.each([
    ['FusedConv2D', 'a small convolution'],
    ['Conv2DBackpropInput', 'its input'],
    ['Conv2DBackpropFilter', 'its filter'],
    ['Sum', 'its bias'],
  ])('finds a backend out whose %s is a little wrong', async (kernel, problem) => {
    await useWrong(kernel);
    await expect(testGradients()).rejects.toThrow(problem);
  });
});

describe('testProbabilities', () => {
  const published = [0.9, 0.05, 0.05];

  it('allows for half precision', () => {
    expect(() => testProbabilities([0.9004, 0.0498, 0.0498], published)).not.toThrow();
  });

  it('refuses other values, none, and what is not a number', () => {
    expect(() => testProbabilities([0.89, 0.06, 0.05], published)).toThrow('0.89 where 0.9 is right');
    expect(() => testProbabilities([0.9, 0.05], published)).toThrow(SelfTestError);
    expect(() => testProbabilities([NaN, 0.05, 0.05], published)).toThrow(SelfTestError);
  });
});
