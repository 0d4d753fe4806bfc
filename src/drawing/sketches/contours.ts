/** Where a grid of values crosses a level: closed lines, by marching squares. */
import type { Line } from './shapes.ts';

export interface Contour {
  /** Closed: the last point is joined to the first. */
  readonly line: Line;
  /** In cells of the grid; negative for the border of a hole. */
  readonly area: number;
}

/**
 * All contours of a grid, whose values lie at whole x and y. Higher values are on the left of a line as one follows it.
 * The values on the grid's border must be below the level.
 */
export function contours(grid: Float32Array, width: number, height: number, level: number): Contour[] {
  // Every crossed edge leads to one other. Horizontal edges are numbered by their left end, vertical ones come after.
  const next = new Int32Array(2 * width * height).fill(-1);
  const vertical = width * height;
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0; x < width - 1; x++) {
      const at = y * width + x;
      const corners =
        (grid[at]! > level ? 1 : 0) +
        (grid[at + 1]! > level ? 2 : 0) +
        (grid[at + width + 1]! > level ? 4 : 0) +
        (grid[at + width]! > level ? 8 : 0);
      if (corners === 0 || corners === 15) continue;
      const edges = [at, vertical + at + 1, at + width, vertical + at];
      for (const [from, to] of PATHS[corners]!) next[edges[from]!] = edges[to]!;
    }
  }
  const found: Contour[] = [];
  for (let start = 0; start < next.length; start++) {
    if (next[start]! < 0) continue;
    const line: Line = [];
    for (let edge = start; next[edge]! >= 0;) {
      const upright = edge >= vertical;
      const node = upright ? edge - vertical : edge;
      const [low, high] = [grid[node]!, grid[node + (upright ? width : 1)]!];
      const part = (level - low) / (high - low);
      const [x, y] = [node % width, Math.floor(node / width)];
      line.push(upright ? x : x + part, upright ? y + part : y);
      const following = next[edge]!;
      next[edge] = -1;
      edge = following;
    }
    found.push({ line, area: areaOf(line) });
  }
  return found;
}

/**
 * The edges that a line enters and leaves a cell by, for each combination of high corners (1 upper left, 2 upper right,
 * 4 lower right, 8 lower left): pairs of top 0, right 1, bottom 2 and left 3.
 */
const PATHS = ' 30 01 31 12 3012 02 32 23 20 0123 21 13 10 03 '
  .split(' ')
  .map((edges) => Array.from(edges.matchAll(/../g), ([pair]) => [Number(pair[0]), Number(pair[1])] as const));

function areaOf(line: Line): number {
  let twice = 0;
  for (let i = 0, j = line.length - 2; i < line.length; j = i, i += 2) {
    twice += line[i]! * line[j + 1]! - line[j]! * line[i + 1]!;
  }
  return twice / 2;
}
