/**
 * The kernels of the `onnxruntime` backend: those that ONNX Runtime computes faster, and the network's own
 * (docs/architecture.md). Each takes what it is made for and leaves every other case to the inherited CPU kernel.
 */
import { sizeOf } from '../../math/arrays.ts';
import type { KernelAttributes } from '../../network/kernel-contract.ts';
import type { Kernel, Kernels } from './backend.ts';
import { batchNormKernels } from './batch-norm-kernels.ts';
import { compiledGraph, tensor, withRelu } from './compiled-graph.ts';
import { elementwiseKernels } from './elementwise-kernels.ts';
import { imageKernels } from './image-kernels.ts';
import { adamW, moveTowards } from './parameters.ts';
import { reductionKernels } from './reduction-kernels.ts';

const AdamW: Kernel = ({ inputs, attributes, backend }) => {
  const { shape } = inputs['parameter']!;
  const take = () => backend.arrays.take(sizeOf(shape));
  const shared = (name: string) => backend.sharedValues(inputs[name]!);
  const next = { newParameter: take(), newM: take(), newV: take() };
  backend.threads.run(adamW, {
    ...{ parameter: shared('parameter'), gradient: shared('gradient'), m: shared('m'), v: shared('v') },
    ...next,
    ...(attributes as KernelAttributes<'AdamW'>),
  });
  return Object.values(next).map((array) => backend.wrapArray(array, shape));
};

const MoveTowards: Kernel = ({ inputs, attributes, backend }) => {
  const [from, to] = [inputs['from']!, inputs['to']!];
  const result = backend.arrays.take(sizeOf(from.shape));
  backend.threads.run(moveTowards, {
    ...{ from: backend.sharedValues(from), to: backend.sharedValues(to), result },
    ...(attributes as KernelAttributes<'MoveTowards'>),
  });
  return backend.wrapArray(result, from.shape);
};

/** a·b + bias, or its positive part: tfjs's batched product, for single matrices. */
const matrixProduct: Kernel = ({ inputs, attributes, backend }) => {
  const { bias } = inputs;
  const [a, b] = [inputs['a']!, inputs['b']!];
  const { activation = 'linear' } = attributes;
  const [transA, transB] = [Boolean(attributes['transposeA']), Boolean(attributes['transposeB'])];
  const [left, right] = [a.shape, b.shape];
  const isMatrix = (shape: readonly number[]) => sizeOf(shape.slice(0, -2)) === 1 && sizeOf(shape) > 0;
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || !isMatrix(left) || !isMatrix(right)) return undefined;
  if (activation !== 'linear' && activation !== 'relu') return undefined;
  const rows = left.at(transA ? -1 : -2)!;
  const columns = right.at(transB ? -2 : -1)!;
  if (left.at(transA ? -2 : -1) !== right.at(transB ? -1 : -2)) return undefined;
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== columns)) return undefined;
  const graph = compiledGraph(
    ['product', transA, transB, bias ? 'bias' : '', activation].join('-'),
    () => ({
      inputs: [
        { name: 'a', shape: ['a0', 'a1'] },
        { name: 'b', shape: ['b0', 'b1'] },
        ...(bias ? [{ name: 'bias', shape: ['columns'] }] : []),
      ],
      outputs: [{ name: 'y', shape: ['rows', 'columns'] }],
      nodes: withRelu(activation === 'relu', 'Gemm', bias ? ['a', 'b', 'bias'] : ['a', 'b'], {
        transA: Number(transA),
        transB: Number(transB),
      }),
    }),
    backend.threads.size,
  );
  const y = backend.arrays.take(rows * columns);
  graph(
    {
      a: tensor(backend.values(a), left.slice(-2)),
      b: tensor(backend.values(b), right.slice(-2)),
      ...(bias && { bias: tensor(backend.values(bias), [columns]) }),
    },
    { y: tensor(y, [rows, columns]) },
  );
  const batch = left.length >= right.length ? left.slice(0, -2) : right.slice(0, -2);
  return backend.wrapArray(y, [...batch, rows, columns]);
};

/** By the names of tfjs's registry. */
export const onnxRuntimeKernels: Kernels = {
  ...batchNormKernels,
  ...elementwiseKernels,
  ...imageKernels,
  ...reductionKernels,
  BatchMatMul: matrixProduct,
  _FusedMatMul: matrixProduct,
  AdamW,
  MoveTowards,
};
