/** A photograph with black around it, so that every contour is closed, and the extents of the garment in it. */
import { IMAGE_SIZE } from '../../data/dataset.ts';
import type { Line } from './shapes.ts';

const MARGIN = 2;
/** Side of a padded photograph in pixels. */
export const PADDED_SIZE = IMAGE_SIZE + 2 * MARGIN;
/** The darkest grey that counts as garment. */
export const FAINT = 10;

/** @param photo 28×28 bytes @returns values [PADDED_SIZE × PADDED_SIZE] */
export function padded(photo: Uint8Array): Float32Array {
  const result = new Float32Array(PADDED_SIZE ** 2);
  for (let y = 0; y < IMAGE_SIZE; y++) {
    const row = photo.subarray(y * IMAGE_SIZE, (y + 1) * IMAGE_SIZE);
    result.set(row, (y + MARGIN) * PADDED_SIZE + MARGIN);
  }
  return result;
}

/** Each value of a padded photograph mixed with its neighbours, 1 : 2 : 1 along rows and columns. */
export function blurred(photo: Float32Array): Float32Array {
  const along = (values: Float32Array, step: number): Float32Array =>
    values.map((value, i) =>
      i < PADDED_SIZE || i >= values.length - PADDED_SIZE
        ? value
        : value / 2 + (values[i - step]! + values[i + step]!) / 4,
    );
  return along(along(photo, 1), PADDED_SIZE);
}

/** First and last pixel of the garment in a row or a column. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** Where a garment begins and ends, seen from each side; coordinates are positions of values. */
export class Silhouette {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly #rows: readonly Span[];
  readonly #columns: readonly Span[];

  /**
   * @param photo values [size × size]
   * @param level values above it belong to the garment
   * @throws RangeError if none does
   */
  constructor(photo: Float32Array, size: number, level: number) {
    const places = Array.from({ length: size }, (_, i) => i);
    const span = (isInked: (i: number) => boolean): Span => ({
      first: places.findIndex(isInked),
      last: places.findLastIndex(isInked),
    });
    this.#rows = places.map((y) => span((x) => photo[y * size + x]! > level));
    this.#columns = places.map((x) => span((y) => photo[y * size + x]! > level));
    ({ first: this.top, last: this.bottom } = span((y) => this.#rows[y]!.first >= 0));
    ({ first: this.left, last: this.right } = span((x) => this.#columns[x]!.first >= 0));
    if (this.top < 0) throw new RangeError('There is nothing above the level.');
  }

  get width(): number {
    return this.right - this.left;
  }

  get height(): number {
    return this.bottom - this.top;
  }

  /** The middle of its width. */
  get axis(): number {
    return (this.left + this.right) / 2;
  }

  /** The nearest row that shows any of it, from left to right. */
  row(y: number): Span {
    return nearest(this.#rows, y, this.top, this.bottom);
  }

  /** A line across the nearest such row. */
  across(y: number): Line {
    const { first, last } = this.row(y);
    return [first, y, last, y];
  }

  /** The nearest column that shows any of it, from top to bottom. */
  column(x: number): Span {
    return nearest(this.#columns, x, this.left, this.right);
  }
}

function nearest(spans: readonly Span[], at: number, low: number, high: number): Span {
  const start = Math.min(high, Math.max(low, Math.round(at)));
  // Between two ends there may be bare rows, as between the parts of a sandal.
  for (let off = 0; ; off++) {
    for (const i of [start - off, start + off]) if (spans[i] && spans[i].first >= 0) return spans[i];
  }
}
