/**
 * The linear maps of Winograd's minimal filtering F(4×4, 3×3): a tile of 4×4 outputs takes 36 products instead of 144. With
 * d the 6×6 pixels under a tile and g the filter, the outputs are Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A (Lavin and Gray 2015,
 * https://arxiv.org/abs/1509.09308, section 4.3). The gradient with respect to g is Gᵀ[(Bᵀ d B) ⊙ (A dy Aᵀ)]G; the one
 * with respect to d is a convolution of dy with the filter turned.
 */

/** Rows and columns of the outputs of a tile. */
export const TILE = 4;
/** Rows and columns of what lies under a tile; products of a tile along either axis. */
export const POINTS = 6;

/** a and b of the points 0, ±a, ±b and ∞. */
export type Points = readonly [number, number];

export type Matrix = readonly (readonly number[])[];

/** Bᵀ, G and A, with a row for each point. */
export interface WinogradTables {
  readonly data: Matrix;
  readonly filter: Matrix;
  readonly output: Matrix;
}

/** Where the pairs of points of opposite sign are. */
export const PAIRS = [1, 3];

/**
 * The tables by pairs: of two points of opposite sign, the even powers have the sum and the odd ones the difference, so
 * an even and an odd part stand in the place of each pair.
 */
export function pairedTables([a, b]: Points): WinogradTables {
  const [aa, bb] = [a * a, b * b];
  /** What the other points leave of each pair's. */
  const [fromA, fromB] = [2 * aa * (aa - bb), 2 * bb * (bb - aa)];
  return {
    data: [
      [aa * bb, 0, -aa - bb, 0, 1, 0],
      [0, 0, -bb, 0, 1, 0],
      [0, -a * bb, 0, a, 0, 0],
      [0, 0, -aa, 0, 1, 0],
      [0, -b * aa, 0, b, 0, 0],
      [0, aa * bb, 0, -aa - bb, 0, 1],
    ],
    filter: [
      [1 / (aa * bb), 0, 0],
      [1 / fromA, 0, aa / fromA],
      [0, a / fromA, 0],
      [1 / fromB, 0, bb / fromB],
      [0, b / fromB, 0],
      [0, 0, 1],
    ],
    output: [
      [1, 0, 0, 0],
      [1, 0, aa, 0],
      [0, a, 0, a * aa],
      [1, 0, bb, 0],
      [0, b, 0, b * bb],
      [0, 0, 0, 1],
    ],
  };
}

/** The same, point by point. */
export function pointTables(points: Points): WinogradTables {
  const { data, filter, output } = pairedTables(points);
  return { data: unpaired(data), filter: unpaired(filter), output: unpaired(output) };
}

/** Each pair's even part plus, and minus, its odd one. */
const unpaired = (matrix: Matrix): Matrix =>
  matrix.map((row, r) => {
    if (PAIRS.includes(r)) return row.map((even, i) => even + matrix[r + 1]![i]!);
    return PAIRS.includes(r - 1) ? row.map((odd, i) => matrix[r - 1]![i]! - odd) : row;
  });

export const transposed = (matrix: Matrix): Matrix =>
  matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));
