/** Functions of single elements, of one tensor or two, in ONNX Runtime. */
import { type CompiledGraph, compiledGraph, node, type OrtTensor, tensor } from './compiled-graph.ts';
import type { Block, ImageBuffer } from './image-layout.ts';
import { itemsOf, type Part } from './thread-pool.ts';

/** By the names of tfjs's kernels: ONNX operators, one applied to the result of the other. */
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

/** z = f(x) or f(x, y) of vectors; one of x and y may be of one element. */
export function elementwiseGraph(name: UnaryName | BinaryName, threads: number): CompiledGraph {
  return compiledGraph(
    `elementwise-${name}-${threads}`,
    () => {
      const binary = name in binaryOperators;
      const operators = binary ? [binaryOperators[name as BinaryName]] : unaryOperators[name as UnaryName];
      const last = operators.length - 1;
      const value = (i: number): string => (i === 0 ? 'x' : i > last ? 'z' : `x${i}`);
      const vector = (name: string) => ({ name, shape: [`size of ${name}`] });
      return {
        inputs: [vector('x'), ...(binary ? [vector('y')] : [])],
        outputs: [vector('z')],
        nodes: operators.map((op, i) => node(op, [value(i), ...(binary ? ['y'] : [])], [value(i + 1)])),
      };
    },
    threads,
  );
}

interface ElementwiseArguments {
  name: UnaryName | BinaryName;
  x: ImageBuffer | Float32Array;
  /** Of the same shape, a single element, or nothing for a function of one. */
  y: ImageBuffer | Float32Array | undefined;
  z: ImageBuffer;
}

/** What each thread does of it where one operand at least is an image buffer. */
export function elementwise({ name, x, y, z }: ElementwiseArguments, part: Part): void {
  const graph = elementwiseGraph(name, 1);
  const rows = (operand: ImageBuffer | Float32Array, block: Block): OrtTensor =>
    operand instanceof Float32Array ? tensor(operand, [1]) : operand.flatRows(block);
  for (const block of itemsOf(z.layout.blocks, part)) {
    graph({ x: rows(x, block), ...(y && { y: rows(y, block) }) }, { z: z.flatRows(block) });
    z.clearPadding(block);
  }
}
