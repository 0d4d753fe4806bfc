/**
 * The linear maps of Winograd's tiles (../winograd.ts), as machine code. Each map is one-dimensional and is applied to
 * columns, then to rows. Adding and subtracting the even and the odd part of a pair of points gives the pair, and the other
 * way round in a transposed map.
 */
import {
  type Code,
  F32,
  f32x4,
  I32,
  i32,
  type Local,
  repeat,
  type Routine,
  routine,
  V128,
} from './assembler.ts';
import { type Matrix, PAIRS, pairedTables, type Points, transposed } from '../winograd.ts';

/**
 * Maps vectors whose elements lie `fromStride` apart to vectors whose elements lie `toStride` apart, for 4 · `vectors`
 * neighbouring floats at once; `repeats` times, each time so many bytes further.
 */
type Map = (
  from: number,
  fromStride: number,
  to: number,
  toStride: number,
  vectors: number,
  repeats: number,
  fromStep: number,
  toStep: number,
) => void;

/** The maps as they are called. Addresses, strides and steps: bytes. */
export interface WinogradMaps {
  data: Map;
  filter: Map;
  /** Aᵀ */
  output: Map;
  /** Aᵀ, plus a bias; what is then below the floor is raised to it. */
  biasedOutput: (...args: [...Parameters<Map>, bias: number, floor: number]) => void;
  /** The same with one bias for each of the neighbouring floats, which lie at an address. */
  biasesOutput: (...args: [...Parameters<Map>, biases: number, floor: number]) => void;
  /** A */
  outputGradient: Map;
  /** Gᵀ */
  filterGradient: Map;
  /** Of two floats. */
  sum: Map;
}

/**
 * @param points 1 and 2 need the fewest multiplications; with 3/4 and 3/2 the results are half as far from the exact
 *   ones, about as near as sums of all products by the definition
 */
export function winogradMaps(points: Points): Record<keyof WinogradMaps, Routine> {
  const { data, filter, output } = pairedTables(points);
  return {
    data: map(data, 'of results'),
    filter: map(filter, 'of results'),
    output: map(transposed(output), 'of inputs'),
    biasedOutput: map(transposed(output), 'of inputs', 'one bias'),
    biasesOutput: map(transposed(output), 'of inputs', 'many biases'),
    outputGradient: map(output, 'of results'),
    filterGradient: map(transposed(filter), 'of inputs'),
    sum: map([[1, 1]]),
  };
}

/** @param pairs whose sums and differences are taken: those of the inputs, or those that the matrix gives */
function map(
  matrix: Matrix,
  pairs?: 'of inputs' | 'of results',
  biased?: 'one bias' | 'many biases',
): Routine {
  const many = biased === 'many biases';
  return routine(
    [...Array.from({ length: 8 }, () => I32), ...(biased ? [many ? I32 : F32, F32] : [])] as (typeof I32)[],
    (parameters, local) => {
      const [from, fromStride, to, toStride, vectors, repeats, fromStep, toStep, ...epilogue] =
        parameters as [...[Local, Local, Local, Local, Local, Local, Local, Local], ...Local[]];
      const counter = local(I32);
      const sources = matrix[0]!.map(() => [local(I32), local(V128)] as const);
      const targets = matrix.map(() => [local(I32), local(V128)] as const);
      const difference = local(V128);
      const pair = (values: readonly (readonly [Local, Local])[]): Code[] =>
        PAIRS.flatMap((at) => {
          const [first, second] = [values[at]![1], values[at + 1]![1]];
          return [
            difference.set(f32x4.subtract(first.get, second.get)),
            first.set(f32x4.add(first.get, second.get)),
            second.set(difference.get),
          ];
        });
      const inputs = sources.map(([, value]) => value.get);
      const [bias, floor] = epilogue.map((scalar) => ({ scalar, vector: local(V128) }));
      const finished = (value: Code): Code =>
        bias && floor ? f32x4.max(f32x4.add(value, bias.vector.get), floor.vector.get) : value;
      const biasAt = local(I32);
      const splats = [...(many ? [] : [bias]), floor].flatMap((each) =>
        each ? [each.vector.set(f32x4.splat(each.scalar.get))] : [],
      );
      const begin = (addresses: readonly (readonly [Local, Local])[], base: Local, stride: Local): Code[] =>
        addresses.map(([address], i) =>
          address.set(i32.add(base.get, i32.multiply(stride.get, i32.constant(i)))),
        );
      return [
        ...splats,
        repeat(repeats, [
          ...begin(sources, from, fromStride),
          ...begin(targets, to, toStride),
          ...(many ? [biasAt.set(bias!.scalar.get)] : []),
          counter.set(vectors.get),
          repeat(counter, [
            ...sources.map(([address, value]) => value.set(f32x4.load(address.get))),
            ...(many ? [bias!.vector.set(f32x4.load(biasAt.get)), biasAt.advance(i32.constant(16))] : []),
            ...(pairs === 'of inputs' ? pair(sources) : []),
            ...targets.map(([, value], row) => value.set(combination(matrix[row]!, inputs))),
            ...(pairs === 'of results' ? pair(targets) : []),
            ...targets.map(([address, value]) => f32x4.store(address.get, finished(value.get))),
            ...[...sources, ...targets].map(([address]) => address.advance(i32.constant(16))),
          ]),
          from.advance(fromStep.get),
          to.advance(toStep.get),
        ]),
      ];
    },
  );
}

/** Σ factor · value, without what is multiplied by 0. */
function combination(factors: readonly number[], values: readonly Code[]): Code {
  const terms = factors.flatMap((factor, i) => (factor ? [{ factor, value: values[i]! }] : []));
  // One that needs no change of sign comes first.
  terms.sort((a, b) => b.factor - a.factor);
  return terms
    .slice(1)
    .reduce(
      (sum, { factor, value }) =>
        factor < 0 ? f32x4.subtract(sum, scaled(-factor, value)) : f32x4.add(sum, scaled(factor, value)),
      scaled(terms[0]!.factor, terms[0]!.value),
    );
}

function scaled(factor: number, value: Code): Code {
  return factor === 1 ? value : f32x4.multiply(value, f32x4.constant(factor));
}
