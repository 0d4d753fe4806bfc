/**
 * Machine code for the layers between products: batch normalisation, pooling, dropout. Images and features are rows of
 * channels, which are innermost; vectors are of four neighbouring channels.
 */
import {
  type Code,
  F32,
  f32x4,
  I32,
  i32,
  i32x4,
  type Local,
  repeat,
  type Routine,
  routine,
  V128,
  v128,
} from './assembler.ts';

const VECTOR = i32.constant(16);

/** The routines' signatures. Addresses are in bytes; a row has `vectors` times four channels. */
export interface LayerRoutines {
  /** Adds up rows: sums += x. */
  addRows(rows: number, vectors: number, x: number, sums: number): void;
  /** sums += (x − mean)² */
  addSquares(rows: number, vectors: number, x: number, sums: number, mean: number): void;
  /** y = (x − mean) · scale + shift, raised to the floor */
  normalise(
    rows: number,
    vectors: number,
    x: number,
    y: number,
    mean: number,
    scale: number,
    shift: number,
    floor: number,
  ): void;
  /** sums += dy and products += dy · (x − mean), where what `normalise` computes is above the floor */
  addNormaliseSums(
    rows: number,
    vectors: number,
    x: number,
    dy: number,
    mean: number,
    scale: number,
    shift: number,
    sums: number,
    products: number,
    floor: number,
  ): void;
  /** dx = (dy − shared − (x − mean) · slope) · scale, with 0 in the place of dy where the floor is not exceeded */
  normaliseGradient(
    rows: number,
    vectors: number,
    x: number,
    dy: number,
    dx: number,
    mean: number,
    scale: number,
    shift: number,
    shared: number,
    slope: number,
    floor: number,
  ): void;
  /**
   * Gives a row of pooled pixels' gradient to the first of the four pixels of each that is the largest.
   * @param row bytes from one row of x to the next
   */
  poolGradient(pixels: number, vectors: number, x: number, dy: number, dx: number, row: number): void;
  /** y = x · kept, or 0 where the hash of seed and index is below the threshold (`hash32` of src/math/random.ts), from index `first` on. */
  dropout(
    x: number,
    y: number,
    vectors: number,
    first: number,
    seed: number,
    threshold: number,
    kept: number,
  ): void;
}

const centre = (x: Local, mean: Local): Code => f32x4.subtract(f32x4.load(x.get), f32x4.load(mean.get));
const affine = (centred: Code, scale: Local, shift: Local): Code =>
  f32x4.add(f32x4.multiply(centred, f32x4.load(scale.get)), f32x4.load(shift.get));
const passing = (dy: Local, value: Code, floor: Code): Code =>
  v128.and(f32x4.load(dy.get), f32x4.greater(value, floor));

const alike = (number: number): Code => i32x4.constant(number, number, number, number);

export const layerRoutines: Record<keyof LayerRoutines, Routine> = {
  addRows: overRows(1, 1, false, ([x], [sums]) => [
    f32x4.store(sums!.get, f32x4.add(f32x4.load(sums!.get), f32x4.load(x!.get))),
  ]),
  addSquares: overRows(1, 2, false, ([x], [sums, mean], _, [centred]) => [
    centred!.set(f32x4.subtract(f32x4.load(x!.get), f32x4.load(mean!.get))),
    f32x4.store(sums!.get, f32x4.add(f32x4.load(sums!.get), f32x4.multiply(centred!.get, centred!.get))),
  ]),
  normalise: overRows(2, 3, true, ([x, y], [mean, scale, shift], floor) => [
    f32x4.store(y!.get, f32x4.max(affine(centre(x!, mean!), scale!, shift!), floor)),
  ]),
  addNormaliseSums: overRows(
    2,
    5,
    true,
    ([x, dy], [mean, scale, shift, sums, products], floor, [centred, slope]) => [
      centred!.set(centre(x!, mean!)),
      slope!.set(passing(dy!, affine(centred!.get, scale!, shift!), floor)),
      f32x4.store(sums!.get, f32x4.add(f32x4.load(sums!.get), slope!.get)),
      f32x4.store(
        products!.get,
        f32x4.add(f32x4.load(products!.get), f32x4.multiply(slope!.get, centred!.get)),
      ),
    ],
  ),
  normaliseGradient: overRows(
    3,
    5,
    true,
    ([x, dy, dx], [mean, scale, shift, shared, slope], floor, [centred]) => [
      centred!.set(centre(x!, mean!)),
      f32x4.store(
        dx!.get,
        f32x4.multiply(
          f32x4.subtract(
            f32x4.subtract(
              passing(dy!, affine(centred!.get, scale!, shift!), floor),
              f32x4.load(shared!.get),
            ),
            f32x4.multiply(centred!.get, f32x4.load(slope!.get)),
          ),
          f32x4.load(scale!.get),
        ),
      ),
    ],
  ),
  poolGradient: poolGradient(),
  dropout: dropout(),
};

/**
 * Does something with all vectors of all rows.
 * @param whole how many tensors there are, which are gone through from end to end
 * @param byChannel how many rows, which are gone through for each row
 * @param floored whether a number comes last
 */
function overRows(
  whole: number,
  byChannel: number,
  floored: boolean,
  body: (whole: Local[], byChannel: Local[], floor: Code, free: Local[]) => readonly Code[],
): Routine {
  const types = [...Array.from({ length: 2 + whole + byChannel }, () => I32), ...(floored ? [F32] : [])];
  return routine(types as (typeof I32)[], (parameters, local) => {
    const [rows, vectors] = parameters as [Local, Local];
    const tensors = parameters.slice(2, 2 + whole);
    const begins = parameters.slice(2 + whole, 2 + whole + byChannel);
    const channels = begins.map((begin) => ({ begin, at: local(I32) }));
    const [left, floor] = [local(I32), local(V128)];
    const addresses = channels.map(({ at }) => at);
    return [
      ...(floored ? [floor.set(f32x4.splat(parameters.at(-1)!.get))] : []),
      repeat(rows, [
        ...channels.map(({ begin, at }) => at.set(begin.get)),
        left.set(vectors.get),
        repeat(left, [
          ...body(tensors, addresses, floor.get, [local(V128), local(V128)]),
          ...[...tensors, ...addresses].map((each) => each.advance(VECTOR)),
        ]),
      ]),
    ];
  });
}

function poolGradient(): Routine {
  return routine(
    Array.from({ length: 6 }, () => I32),
    (parameters, local) => {
      const [pixels, vectors, x, dy, dx, row] = parameters as [Local, Local, Local, Local, Local, Local];
      const [left, pixel] = [local(I32), local(I32)];
      const [largest, given, rest] = [local(V128), local(V128), local(V128)];
      const offsets = [i32.constant(0), pixel.get, row.get, i32.add(row.get, pixel.get)] as const;
      const value = (offset: Code): Code => f32x4.load(i32.add(x.get, offset));
      const give = (offset: Code): Code[] => [
        given.set(v128.and(rest.get, f32x4.equal(value(offset), largest.get))),
        // What is given is taken from the rest, bit by bit.
        rest.set(v128.xor(rest.get, given.get)),
        f32x4.store(i32.add(dx.get, offset), given.get),
      ];
      const [first, second, third, fourth] = offsets;
      return [
        pixel.set(i32.multiply(vectors.get, VECTOR)),
        repeat(pixels, [
          left.set(vectors.get),
          repeat(left, [
            largest.set(
              f32x4.max(f32x4.max(value(first), value(second)), f32x4.max(value(third), value(fourth))),
            ),
            rest.set(f32x4.load(dy.get)),
            ...[first, second, third].flatMap(give),
            f32x4.store(i32.add(dx.get, fourth), rest.get),
            ...[x, dy, dx].map((each) => each.advance(VECTOR)),
          ]),
          // The other pixel of the upper row.
          ...[x, dx].map((each) => each.advance(pixel.get)),
        ]),
      ];
    },
  );
}

function dropout(): Routine {
  return routine([I32, I32, I32, I32, I32, I32, F32] as (typeof I32)[], (parameters, local) => {
    const [x, y, vectors, first, seed, threshold, kept] = parameters as [
      ...[Local, Local, Local, Local, Local, Local, Local],
    ];
    const [index, hash] = [local(V128), local(V128)];
    const [seeds, least, factor] = [local(V128), local(V128), local(V128)];
    const fold = (bits: number): Code => hash.set(v128.xor(hash.get, i32x4.shiftRight(hash.get, bits)));
    const times = (number: number, value = hash.get): Code => i32x4.multiply(value, alike(number));
    return [
      index.set(i32x4.add(i32x4.splat(first.get), i32x4.constant(0, 1, 2, 3))),
      seeds.set(i32x4.splat(seed.get)),
      least.set(i32x4.splat(threshold.get)),
      factor.set(f32x4.splat(kept.get)),
      repeat(vectors, [
        hash.set(v128.xor(times(0x9e3779b9, index.get), seeds.get)),
        fold(16),
        hash.set(times(0x7feb352d)),
        fold(15),
        hash.set(times(0x846ca68b)),
        fold(16),
        f32x4.store(
          y.get,
          v128.and(
            f32x4.multiply(f32x4.load(x.get), factor.get),
            i32x4.atLeast(i32x4.shiftRight(hash.get, 1), least.get),
          ),
        ),
        index.set(i32x4.add(index.get, alike(4))),
        x.advance(VECTOR),
        y.advance(VECTOR),
      ]),
    ];
  });
}
