/**
 * The op tests that `@tensorflow/tfjs-core` ships for its backends, run against every kernel that `onnxruntime` does
 * not simply inherit.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { alignColumns } from '../../../src/node/terminal.ts';
import { onnxRuntimeKernels } from '../../../src/engines/onnxruntime/kernels.ts';
import { LARGE_FLAG } from '../../../src/engines/onnxruntime/backend.ts';
import { activate, BACKEND_NAME } from '../../../src/engines/node/onnxruntime.ts';
import { opTests, runOpTests } from '../op-tests.ts';

/** Which of the tests call a kernel: files of tfjs-core's `dist/ops`, without their ending. */
const TESTS: Record<string, string[]> = {
  Abs: ['abs'],
  Add: ['add', 'arithmetic'],
  BatchMatMul: ['mat_mul'],
  Conv2D: ['conv1d', 'conv2d', 'conv2d_separable'],
  Conv2DBackpropFilter: ['conv2d', 'conv2d_transpose'],
  Conv2DBackpropInput: ['conv2d', 'conv2d_transpose'],
  Exp: ['exp'],
  FusedBatchNorm: ['batchnorm'],
  FusedConv2D: ['fused/fused_conv2d'],
  Log: ['log'],
  Max: ['max'],
  MaxPool: ['max_pool', 'pool'],
  MaxPoolGrad: ['max_pool'],
  Maximum: ['binary_ops'],
  Mean: ['mean', 'moments'],
  Min: ['min'],
  Minimum: ['binary_ops'],
  Multiply: ['arithmetic'],
  Neg: ['neg'],
  RealDiv: ['arithmetic'],
  Relu: ['relu'],
  Rsqrt: ['rsqrt'],
  Sigmoid: ['sigmoid'],
  Softmax: ['softmax', 'log_softmax'],
  Sqrt: ['sqrt'],
  Square: ['square'],
  Sub: ['sub', 'arithmetic'],
  Sum: ['sum', 'norm'],
  Tanh: ['tanh'],
  _FusedMatMul: ['fused/fused_mat_mul'],
};

/** Kernels that none of their tests reaches: they are for 3×3 filters of stride 1 and padding "same" alone. */
const NOT_REACHED = ['Conv2D', 'Conv2DBackpropFilter', 'Conv2DBackpropInput', 'FusedConv2D'];

const suites = await opTests(Object.values(TESTS).flat());

/** How often each kernel was called, and how often it left the case to the inherited one. */
const calls = new Map<string, { all: number; inherited: number }>();

function count(backendName: string, key: 'all' | 'inherited', names: readonly string[]): void {
  for (const kernelName of names) {
    const { kernelFunc, ...config } = tf.getKernel(kernelName, backendName);
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...config,
      kernelFunc: (call) => {
        calls.get(kernelName)![key]++;
        return kernelFunc(call);
      },
    });
  }
}

const overridden = Object.keys(onnxRuntimeKernels);
const ofTfjs = overridden.filter((name) => tf.getKernel(name, 'cpu'));

beforeAll(async () => {
  for (const name of ofTfjs) calls.set(name, { all: 0, inherited: 0 });
  count('cpu', 'inherited', ofTfjs);
  await activate(2);
  count(BACKEND_NAME, 'all', ofTfjs);
  // The tests' tensors are tiny.
  tf.env().set(LARGE_FLAG, 0);
});

it('every kernel of the backend that tfjs knows has tests here', () => {
  expect(Object.keys(TESTS).sort()).toEqual([...ofTfjs].sort());
});

runOpTests(suites, { name: BACKEND_NAME, backendName: BACKEND_NAME, isDataSync: true });

describe('after all of them', () => {
  it.each(ofTfjs)('%s has computed some cases itself, unless there are none for it', (name) => {
    const { all, inherited } = calls.get(name)!;
    expect(all > inherited).toBe(!NOT_REACHED.includes(name));
  });

  it('says what ran', () => {
    const rows = ofTfjs.map((name) => {
      const { all, inherited } = calls.get(name)!;
      return [name, String(all - inherited), String(inherited), TESTS[name]!.join(', ')];
    });
    const skipped = suites.filter(({ place }) => place.predicate?.() === false);
    const own = overridden.filter((name) => !ofTfjs.includes(name));
    console.log(
      [
        ...alignColumns([['kernel', 'computed', 'inherited', 'tests'], ...rows], '<>>'),
        ...skipped.map(({ name }) => `skipped: "${name}", which needs a browser`),
        `computed by the inherited kernels alone, for want of a 3×3 filter of stride 1 and padding "same": ${NOT_REACHED.join(', ')}`,
        `not among tfjs's tests, since they are the model's own: ${own.join(', ')}`,
      ].join('\n'),
    );
  });
});
