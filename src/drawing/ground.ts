/** What a garment lies on, estimated from a picture's border: one colour, or one that changes slowly over the picture. */

/** Colours of a ground: three numbers per pixel, row by row. */
export interface Ground {
  readonly colours: Float32Array;
  /** Which part of the border it explains, 0 to 1. */
  readonly share: number;
  /** How far pixels of the border that it explains usually are from it. */
  readonly noise: number;
}

/** Colours this far from the ground's still count as explained. */
const NEAR = 14;
/** A more bent ground must explain this much more of the border to be preferred. */
const WORTH = 0.03;
const ROUNDS = 12;
/** So many pixels are looked at. */
const ENOUGH = 800;

/** The terms of the polynomials, by degree 0, 1, 2; coordinates run from -1 to 1. */
const TERMS = [1, 3, 6] as const;
const terms = (x: number, y: number): number[] => [1, x, y, x * x, x * y, y * y];

/**
 * Fits polynomials up to a degree to the colours of some pixels, so that those of a garment among them count
 * little, as long as they are the minority (iteratively reweighted least squares).
 * @param rgba four bytes per pixel
 * @param candidates positions of the pixels that probably show the ground
 * @param degree 0 for one colour
 */
export function fitGround(
  rgba: ArrayLike<number>,
  width: number,
  height: number,
  candidates: readonly number[],
  degree: 0 | 1 | 2 = 2,
): Ground {
  const every = Math.ceil(candidates.length / ENOUGH);
  const places = candidates.filter((_, n) => n % every === 0);
  const rows = places.map((i) =>
    terms((2 * (i % width)) / width - 1, (2 * Math.floor(i / width)) / height - 1),
  );
  let best: { polynomials: number[][]; share: number; noise: number } | null = null;
  for (const count of TERMS.slice(0, degree + 1)) {
    const polynomials = fit(rgba, places, rows, count);
    const distances = places.map((i, n) => distance(rgba, i, polynomials, rows[n]!));
    const near = distances.filter((each) => each <= NEAR).sort((a, b) => a - b);
    const share = places.length === 0 ? 0 : near.length / places.length;
    if (!best || share > best.share + WORTH) {
      best = { polynomials, share, noise: near[Math.floor(near.length * 0.75)] ?? NEAR };
    }
  }
  const { polynomials, share, noise } = best!;
  const colours = new Float32Array(3 * width * height);
  polynomials.forEach(([constant = 0, alongX = 0, alongY = 0, xx = 0, xy = 0, yy = 0], c) => {
    for (let v = 0, i = c; v < height; v++) {
      const y = (2 * v) / height - 1;
      const [start, slope] = [constant + alongY * y + yy * y * y, alongX + xy * y];
      for (let h = 0; h < width; h++, i += 3) {
        const x = (2 * h) / width - 1;
        colours[i] = Math.min(255, Math.max(0, start + x * (slope + xx * x)));
      }
    }
  });
  return { colours, share, noise };
}

function value(polynomial: readonly number[], row: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < polynomial.length; k++) sum += polynomial[k]! * row[k]!;
  return sum;
}

function distance(rgba: ArrayLike<number>, i: number, polynomials: number[][], row: number[]): number {
  let most = 0;
  for (let c = 0; c < 3; c++) most = Math.max(most, Math.abs(rgba[4 * i + c]! - value(polynomials[c]!, row)));
  return most;
}

/** Red, green and blue as polynomials of `count` terms. */
function fit(
  rgba: ArrayLike<number>,
  places: readonly number[],
  rows: readonly number[][],
  count: number,
): number[][] {
  // It begins with the median colour, and forgives less from round to round.
  let polynomials = [0, 1, 2].map((c) => {
    const values = places.map((i) => rgba[4 * i + c]!).sort((a, b) => a - b);
    return [values[values.length >> 1] ?? 255, ...new Array<number>(count - 1).fill(0)];
  });
  for (let round = 0; round < ROUNDS; round++) {
    const scale = Math.max(6, 60 * 0.7 ** round);
    const normal = Array.from({ length: count }, (_, k) =>
      Array.from({ length: count + 3 }, (_, j) => (j === k ? 1e-6 : 0)),
    );
    places.forEach((i, n) => {
      const row = rows[n]!;
      const weight = 1 / (1 + (distance(rgba, i, polynomials, row) / scale) ** 2) ** 2;
      for (let k = 0; k < count; k++) {
        for (let j = 0; j < count; j++) normal[k]![j]! += weight * row[k]! * row[j]!;
        for (let c = 0; c < 3; c++) normal[k]![count + c]! += weight * row[k]! * rgba[4 * i + c]!;
      }
    });
    polynomials = solve(normal, count);
  }
  return polynomials;
}

/** Solves `count` equations with three right-hand sides by elimination. @returns the three solutions */
function solve(equations: number[][], count: number): number[][] {
  for (let k = 0; k < count; k++) {
    const rest = equations.slice(k);
    const pivot = rest.reduce((most, row) => (Math.abs(row[k]!) > Math.abs(most[k]!) ? row : most));
    equations.splice(equations.indexOf(pivot, k), 1);
    equations.splice(k, 0, pivot);
    for (const row of equations) {
      if (row === pivot) continue;
      const factor = row[k]! / pivot[k]!;
      for (let j = k; j < row.length; j++) row[j]! -= factor * pivot[j]!;
    }
  }
  return [0, 1, 2].map((c) => equations.map((row, k) => row[count + c]! / row[k]!));
}
