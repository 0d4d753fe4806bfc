/** Functions of single elements, of one tensor or two, in ONNX Runtime. */
import { type Operation, operation, type OrtTensor, tensor } from './operation.ts';
import type { Node } from '../../artifacts/onnx-encoder.ts';
import { type Share, shareOf } from './partition.ts';
import type { Block, SlabBuffer } from './image-layout.ts';
import type { Workshop } from './workshop.ts';

/** By the names of tfjs's kernels: ONNX operators, one applied to what the other gives. */
export const unaryOperators = {
  Abs: ['Abs'],
  Exp: ['Exp'],
  Log: ['Log'],
  Neg: ['Neg'],
  Relu: ['Relu'],
  Rsqrt: ['Sqrt', 'Reciprocal'],
  Sigmoid: ['Sigmoid'],
  Sqrt: ['Sqrt'],
  Tanh: ['Tanh'],
} as const satisfies Record<string, readonly string[]>;

/** The same for functions of two numbers. */
export const binaryOperators = {
  Add: 'Add',
  Maximum: 'Max',
  Minimum: 'Min',
  Multiply: 'Mul',
  RealDiv: 'Div',
  Sub: 'Sub',
} as const satisfies Record<string, string>;

export type UnaryName = keyof typeof unaryOperators;
export type BinaryName = keyof typeof binaryOperators;

const vector = (name: string) => ({ name, shape: [`size of ${name}`] });

/** z = f(x) or f(x, y) of vectors; one of x and y may be of one element. */
function pointwise(name: UnaryName | BinaryName, threads: number): Operation {
  return operation(
    `pointwise-${name}-${threads}`,
    () => {
      if (name in binaryOperators) {
        const op = binaryOperators[name as BinaryName];
        return {
          inputs: [vector('x'), vector('y')],
          outputs: [vector('z')],
          nodes: [{ op, inputs: ['x', 'y'], outputs: ['z'] }],
        };
      }
      const operators = unaryOperators[name as UnaryName];
      const nodes = operators.map((op, i): Node => ({
        op,
        inputs: [i === 0 ? 'x' : `x${i}`],
        outputs: [i === operators.length - 1 ? 'z' : `x${i + 1}`],
      }));
      return { inputs: [vector('x')], outputs: [vector('z')], nodes };
    },
    threads,
  );
}

/** Floats at a time: intermediate results then stay below what the allocator maps afresh at every call. */
const PIECE = 1 << 20;

/**
 * f of every element of an array, or of two arrays of which one may have a single element.
 * @returns an array of the pool
 */
export function pointwiseArray(
  { arrays, team }: Workshop,
  name: UnaryName | BinaryName,
  x: Float32Array,
  y?: Float32Array,
): Float32Array<SharedArrayBuffer> {
  const length = Math.max(x.length, y?.length ?? 0);
  const z = arrays.take(length);
  const graph = pointwise(name, team.parts);
  for (let begin = 0; begin < length; begin += PIECE) {
    const end = Math.min(length, begin + PIECE);
    const piece = (values: Float32Array): OrtTensor =>
      values.length === 1 ? tensor(values, [1]) : tensor(values.subarray(begin, end), [end - begin]);
    graph.run({ x: piece(x), ...(y && { y: piece(y) }) }, { z: piece(z) });
  }
  return z;
}

export interface PointwiseArguments {
  name: UnaryName | BinaryName;
  x: SlabBuffer | Float32Array;
  /** Of the same shape, a single element, or nothing for a function of one. */
  y: SlabBuffer | Float32Array | undefined;
  z: SlabBuffer;
}

export function pointwiseTask({ name, x, y, z }: PointwiseArguments, share: Share): void {
  const graph = pointwise(name, 1);
  const rows = (operand: SlabBuffer | Float32Array, block: Block): OrtTensor =>
    operand instanceof Float32Array ? tensor(operand, [1]) : operand.flatRows(block);
  for (const block of shareOf(z.layout.blocks, share)) {
    graph.run({ x: rows(x, block), ...(y && { y: rows(y, block) }) }, { z: z.flatRows(block) });
    z.clearPadding(block);
  }
}

/** The same as {@link pointwiseArray} where one operand at least is a slab buffer. @returns a buffer of the pool */
export function pointwiseSlab(
  { slabs, team }: Workshop,
  shape: readonly number[],
  operands: Omit<PointwiseArguments, 'z'>,
): SlabBuffer {
  const z = slabs.take(shape);
  team.run('pointwise', { ...operands, z });
  return z;
}
