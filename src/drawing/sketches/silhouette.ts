/** Where a garment begins and ends in a photograph, from each side. */

/** In the field's coordinates: a value stands at a whole x and y. */
export class Silhouette {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly #rows: readonly Span[];
  readonly #columns: readonly Span[];

  /**
   * @param field values [width × width]
   * @param level what is higher belongs to the garment
   * @throws RangeError where nothing does
   */
  constructor(field: Float32Array, width: number, level: number) {
    const line = (from: number, step: number): Span => {
      let [first, last] = [-1, -1];
      for (let i = 0; i < width; i++) {
        if (field[from + i * step]! <= level) continue;
        if (first < 0) first = i;
        last = i;
      }
      return { first, last };
    };
    this.#rows = Array.from({ length: width }, (_, y) => line(y * width, 1));
    this.#columns = Array.from({ length: width }, (_, x) => line(x, width));
    const inked = (spans: readonly Span[]): Span => ({
      first: spans.findIndex(({ first }) => first >= 0),
      last: spans.findLastIndex(({ first }) => first >= 0),
    });
    ({ first: this.top, last: this.bottom } = inked(this.#rows));
    ({ first: this.left, last: this.right } = inked(this.#columns));
    if (this.top < 0) throw new RangeError('There is nothing above the level.');
  }

  get width(): number {
    return this.right - this.left;
  }

  get height(): number {
    return this.bottom - this.top;
  }

  /** Of the nearest row that has any: from the left to the right. */
  row(y: number): Span {
    return nearest(this.#rows, y, this.top, this.bottom);
  }

  /** Of the nearest column that has any: from the top to the bottom. */
  column(x: number): Span {
    return nearest(this.#columns, x, this.left, this.right);
  }
}

export interface Span {
  readonly first: number;
  readonly last: number;
}

function nearest(spans: readonly Span[], at: number, low: number, high: number): Span {
  const start = Math.min(high, Math.max(low, Math.round(at)));
  // Between two ends there may be bare lines, as between the parts of a sandal.
  for (let off = 0; ; off++) {
    for (const i of [start - off, start + off]) if (spans[i] && spans[i].first >= 0) return spans[i];
  }
}
