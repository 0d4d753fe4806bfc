/** Filling of closed lines. */

/**
 * Calls `fill` for each horizontal run of pixels whose centres closed lines enclose (even-odd), from a position in the
 * row-major image to the one behind its end.
 * @param lines x, y, x, y, … each
 * @param side of the square image
 * @param place moves crossings within a row
 */
export function forEachSpanInside(
  lines: readonly (readonly number[])[],
  side: number,
  fill: (from: number, to: number, y: number) => void,
  place: (x: number) => number = (x) => x,
): void {
  const crossings: number[][] = Array.from({ length: side }, () => []);
  for (const line of lines) {
    for (let i = 0, j = line.length - 2; i < line.length; j = i, i += 2) {
      const [x0, y0, x1, y1] = [line[j]!, line[j + 1]!, line[i]!, line[i + 1]!];
      const last = Math.min(side, Math.ceil(Math.max(y0, y1) - 0.5));
      for (let y = Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5)); y < last; y++) {
        crossings[y]!.push(place(x0 + ((y + 0.5 - y0) / (y1 - y0)) * (x1 - x0)));
      }
    }
  }
  crossings.forEach((row, y) => {
    row.sort((a, b) => a - b);
    for (let i = 0; i + 1 < row.length; i += 2) {
      const from = Math.max(0, Math.ceil(row[i]! - 0.5));
      const to = Math.min(side, Math.ceil(row[i + 1]! - 0.5));
      if (from < to) fill(y * side + from, y * side + to, y);
    }
  });
}
