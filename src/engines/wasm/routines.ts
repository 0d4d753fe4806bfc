/** What this project's own machine code computes on wasm: a step of AdamW, and matrix products. */
import {
  type Code,
  F32,
  f32,
  f32x4,
  I32,
  i32,
  type Local,
  repeat,
  type Routine,
  routine,
  V128,
  when,
} from './assembler.ts';

/** Columns of a product that are computed at once: two vectors. */
export const PANEL = 8;
/** Rows that are computed at once. With the panel's two vectors they fill eight of the sixteen registers. */
const ROWS = 4;

/** Products that are summed up by themselves: sums of such sums lose fewer digits than one long sum. */
const SUMMED = 32;

const FLOAT = i32.constant(4);
const VECTOR = 16;

/** @param fused whether to use relaxed SIMD's multiply-add, which not every browser supports */
export function routines(fused: boolean): Record<keyof Routines, Routine> {
  return { adamW, pack, packTransposed, multiply: multiply(fused), rectify };
}

/** The routines' signatures. Addresses and strides are in bytes. */
export interface Routines {
  /** All seven arrays hold `vectors` times four floats. */
  adamW(
    parameter: number,
    gradient: number,
    m: number,
    v: number,
    newParameter: number,
    newM: number,
    newV: number,
    vectors: number,
    beta1: number,
    oneMinusBeta1: number,
    beta2: number,
    oneMinusBeta2: number,
    kept: number,
    rate: number,
    correction: number,
    epsilon: number,
  ): void;
  /** Packs eight columns of `depth` rows one row after another, from rows that are `stride` apart. */
  pack(from: number, to: number, depth: number, stride: number): void;
  /** The same from a transposed matrix, whose columns are `stride` apart. */
  packTransposed(from: number, to: number, depth: number, stride: number): void;
  /**
   * Eight columns of a product: `rows` of a, whose element [row, k] is at offset `row · aRow + k · aStep`, times a packed
   * panel. Added to what `out` holds, or replacing it.
   */
  multiply(
    a: number,
    panel: number,
    out: number,
    rows: number,
    depth: number,
    aRow: number,
    aStep: number,
    outRow: number,
    add: number,
  ): void;
  /** ReLU, in place, of `vectors` times four floats. */
  rectify(at: number, vectors: number): void;
}

/** See src/network/adamw.ts; `kept` is what weight decay leaves, `rate` and `correction` contain the bias corrections. */
const adamW = routine(
  [...Array.from({ length: 8 }, () => I32), ...Array.from({ length: 8 }, () => F32)] as (typeof I32)[],
  (parameters, local) => {
    const [parameter, gradient, m, v, newParameter, newM, newV, vectors] = parameters as Eight;
    const factors = parameters.slice(8).map((each) => [each, local(V128)] as const);
    const [beta1, gain1, beta2, gain2, kept, rate, correction, epsilon] = factors.map(
      ([, { get }]) => get,
    ) as Many;
    const [g, first, second] = [local(V128), local(V128), local(V128)];
    const mix = (old: Local, share: Code, value: Code, gain: Code): Code =>
      f32x4.add(f32x4.multiply(f32x4.load(old.get), share), f32x4.multiply(value, gain));
    const root = f32x4.multiply(f32x4.sqrt(second.get), correction);
    const change = f32x4.divide(f32x4.multiply(first.get, rate), f32x4.add(root, epsilon));
    return [
      ...factors.map(([scalar, vector]) => vector.set(f32x4.splat(scalar.get))),
      repeat(vectors, [
        g.set(f32x4.load(gradient.get)),
        first.set(mix(m, beta1, g.get, gain1)),
        second.set(mix(v, beta2, f32x4.multiply(g.get, g.get), gain2)),
        f32x4.store(newM.get, first.get),
        f32x4.store(newV.get, second.get),
        f32x4.store(
          newParameter.get,
          f32x4.subtract(f32x4.multiply(f32x4.load(parameter.get), kept), change),
        ),
        ...[parameter, gradient, m, v, newParameter, newM, newV].map((each) =>
          each.advance(i32.constant(VECTOR)),
        ),
      ]),
    ];
  },
);
type Eight = [Local, Local, Local, Local, Local, Local, Local, Local];
type Many = [Code, Code, Code, Code, Code, Code, Code, Code];

const pack = routine([I32, I32, I32, I32], (parameters) => {
  const [from, to, depth, stride] = parameters as [Local, Local, Local, Local];
  return [
    repeat(depth, [
      f32x4.store(to.get, f32x4.load(from.get)),
      f32x4.store(to.get, f32x4.load(from.get, VECTOR), VECTOR),
      from.advance(stride.get),
      to.advance(i32.constant(2 * VECTOR)),
    ]),
  ];
});

const rectify = routine([I32, I32], (parameters) => {
  const [at, vectors] = parameters as [Local, Local];
  return [
    repeat(vectors, [
      f32x4.store(at.get, f32x4.max(f32x4.load(at.get), f32x4.constant(0))),
      at.advance(i32.constant(VECTOR)),
    ]),
  ];
});

const packTransposed = routine([I32, I32, I32, I32], (parameters, local) => {
  const [from, to, depth, stride] = parameters as [Local, Local, Local, Local];
  const columns = Array.from({ length: PANEL }, () => local(I32));
  return [
    ...columns.map((column, i) => column.set(i32.add(from.get, i32.multiply(stride.get, i32.constant(i))))),
    repeat(depth, [
      ...columns.map((column, i) => f32.store(to.get, f32.load(column.get), 4 * i)),
      ...columns.map((column) => column.advance(FLOAT)),
      to.advance(i32.constant(2 * VECTOR)),
    ]),
  ];
});

function multiply(fused: boolean): Routine {
  const multiplyAdd = fused
    ? f32x4.relaxedMultiplyAdd
    : (a: Code, b: Code, c: Code): Code => f32x4.add(f32x4.multiply(a, b), c);
  return routine(
    Array.from({ length: 9 }, () => I32),
    (parameters, local) => {
      const [a, panel, out, rows, depth, aRow, aStep, outRow, add] = parameters as [...Eight, Local];
      const [at, times] = [local(I32), local(I32)];
      const [blocks, left, length, adding] = [local(I32), local(I32), local(I32), local(I32)];
      const [b0, b1, factor] = [local(V128), local(V128), local(V128)];
      const elements = Array.from({ length: ROWS }, () => local(I32));
      const sums = Array.from({ length: ROWS }, () => [local(V128), local(V128)] as const);
      /** Computes so many rows of the product, then advances `a` and `out` to the next. */
      const tile = (height: number): Code[] => {
        const [own, total] = [elements.slice(0, height), sums.slice(0, height)];
        const row = (i: number): Code => i32.add(out.get, i32.multiply(outRow.get, i32.constant(i)));
        const whole = i32.constant(SUMMED);
        return [
          at.set(panel.get),
          left.set(depth.get),
          adding.set(add.get),
          ...own.map((element, i) => element.set(i32.add(a.get, i32.multiply(aRow.get, i32.constant(i))))),
          blocks.set(
            i32.shiftRight(i32.add(depth.get, i32.constant(SUMMED - 1)), i32.constant(Math.log2(SUMMED))),
          ),
          repeat(blocks, [
            ...total.flat().map((sum) => sum.set(f32x4.constant(0))),
            length.set(whole),
            when(i32.less(left.get, whole), [length.set(left.get)]),
            left.advance(i32.constant(-SUMMED)),
            repeat(length, [
              b0.set(f32x4.load(at.get)),
              b1.set(f32x4.load(at.get, VECTOR)),
              ...own.flatMap((element, i) => [
                factor.set(f32x4.loadSplat(element.get)),
                total[i]![0].set(multiplyAdd(factor.get, b0.get, total[i]![0].get)),
                total[i]![1].set(multiplyAdd(factor.get, b1.get, total[i]![1].get)),
                element.advance(aStep.get),
              ]),
              at.advance(i32.constant(2 * VECTOR)),
            ]),
            when(
              adding.get,
              total.flatMap(([low, high], i) => [
                low.set(f32x4.add(low.get, f32x4.load(row(i)))),
                high.set(f32x4.add(high.get, f32x4.load(row(i), VECTOR))),
              ]),
            ),
            adding.set(i32.constant(1)),
            ...total.flatMap(([low, high], i) => [
              f32x4.store(row(i), low.get),
              f32x4.store(row(i), high.get, VECTOR),
            ]),
          ]),
          a.advance(i32.multiply(aRow.get, i32.constant(height))),
          out.advance(i32.multiply(outRow.get, i32.constant(height))),
        ];
      };
      return [
        times.set(i32.shiftRight(rows.get, i32.constant(Math.log2(ROWS)))),
        repeat(times, tile(ROWS)),
        times.set(i32.and(rows.get, i32.constant(ROWS - 1))),
        repeat(times, tile(1)),
      ];
    },
  );
}
