/** Matrix products of row-major arrays. */
import { operation, tensor } from './operation.ts';
import type { Workshop } from './workshop.ts';

export interface Matrix {
  values: Float32Array;
  /** As stored: [rows, columns]. */
  shape: readonly number[];
  /** Whether its transpose enters the product. */
  transposed: boolean;
}
export type Activation = 'linear' | 'relu';

/** a·b + bias, or its positive part: row-major [rows, columns]. */
export function matrixProduct(
  { arrays, team }: Workshop,
  a: Matrix,
  b: Matrix,
  bias: Float32Array | undefined,
  activation: Activation,
) {
  const relu = activation === 'relu';
  const rows = a.shape[a.transposed ? 1 : 0]!;
  const columns = b.shape[b.transposed ? 0 : 1]!;
  const graph = operation(
    ['product', a.transposed, b.transposed, bias ? 'bias' : '', activation].join('-'),
    () => ({
      inputs: [
        { name: 'a', shape: ['a0', 'a1'] },
        { name: 'b', shape: ['b0', 'b1'] },
        ...(bias ? [{ name: 'bias', shape: ['columns'] }] : []),
      ],
      outputs: [{ name: 'y', shape: ['rows', 'columns'] }],
      nodes: [
        {
          op: 'Gemm',
          inputs: bias ? ['a', 'b', 'bias'] : ['a', 'b'],
          outputs: [relu ? 'z' : 'y'],
          attributes: { transA: Number(a.transposed), transB: Number(b.transposed) },
        },
        ...(relu ? [{ op: 'Relu', inputs: ['z'], outputs: ['y'] }] : []),
      ],
    }),
    team.parts,
  );
  const y = arrays.take(rows * columns);
  graph.run(
    {
      a: tensor(a.values, a.shape),
      b: tensor(b.values, b.shape),
      ...(bias ? { bias: tensor(bias, [columns]) } : {}),
    },
    { y: tensor(y, [rows, columns]) },
  );
  return y;
}
