/** Connected parts of a mask. */
import type { Box } from './preparation.ts';

export interface Region {
  /** Positions of its pixels. */
  readonly places: readonly number[];
  readonly box: Box;
}

/** The parts of a mask that are connected by sides or corners. @param mask not 0 for what belongs to a part */
export function regions(mask: ArrayLike<number>, width: number, height: number): Region[] {
  const seen = new Uint8Array(width * height);
  const found: Region[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (!mask[start] || seen[start]) continue;
    const places = [start];
    seen[start] = 1;
    let [left, top, right, bottom] = [width, height, 0, 0];
    for (let n = 0; n < places.length; n++) {
      const i = places[n]!;
      const [x, y] = [i % width, Math.floor(i / width)];
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
      for (let ny = Math.max(0, y - 1); ny < Math.min(height, y + 2); ny++) {
        for (let nx = Math.max(0, x - 1); nx < Math.min(width, x + 2); nx++) {
          const next = ny * width + nx;
          if (!mask[next] || seen[next]) continue;
          seen[next] = 1;
          places.push(next);
        }
      }
    }
    found.push({ places, box: { left, top, right, bottom } });
  }
  return found;
}

/** A mask extended by so many pixels in each direction. */
export function dilated(mask: Uint8Array, width: number, height: number, reach: number): Uint8Array {
  const along = (
    source: Uint8Array,
    length: number,
    step: number,
    starts: (n: number) => number,
  ): Uint8Array => {
    const result = new Uint8Array(source.length);
    for (let n = 0; n < source.length / length; n++) {
      const start = starts(n);
      let last = -Infinity;
      // What is within reach behind, then what is within reach ahead.
      for (let k = 0; k < length; k++) {
        if (source[start + k * step]) last = k;
        if (k - last <= reach) result[start + k * step] = 1;
      }
      last = Infinity;
      for (let k = length - 1; k >= 0; k--) {
        if (source[start + k * step]) last = k;
        if (last - k <= reach) result[start + k * step] = 1;
      }
    }
    return result;
  };
  return along(
    along(mask, width, 1, (n) => n * width),
    height,
    width,
    (n) => n,
  );
}

export const boxArea = ({ left, top, right, bottom }: Box): number => (right - left) * (bottom - top);
