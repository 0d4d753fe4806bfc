/** Where a field of values crosses a level: closed lines, by marching squares. */

/** Points of a line: x, y, x, y, … */
export type Line = number[];

export interface Contour {
  /** Closed: the last point goes on to the first. */
  readonly line: Line;
  /** In squares of the field; negative for the border of a hole. */
  readonly area: number;
}

/**
 * All contours of a field, each value standing at a whole x and y; higher values lie on the left of the line as one
 * walks along it. The field's own border must lie below the level.
 */
export function contours(field: Float32Array, width: number, height: number, level: number): Contour[] {
  // Every crossed edge of the grid leads on to one other: horizontal edges by their left end, vertical ones behind.
  const next = new Int32Array(2 * width * height).fill(-1);
  const vertical = width * height;
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0; x < width - 1; x++) {
      const at = y * width + x;
      const corners =
        (field[at]! > level ? 1 : 0) +
        (field[at + 1]! > level ? 2 : 0) +
        (field[at + width + 1]! > level ? 4 : 0) +
        (field[at + width]! > level ? 8 : 0);
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
      const [low, high] = [field[node]!, field[node + (upright ? width : 1)]!];
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

const [TOP, RIGHT, BOTTOM, LEFT] = [0, 1, 2, 3];

/** By which corners are high (1 upper left, 2 upper right, 4 lower right, 8 lower left): from edge to edge of a cell. */
const PATHS: readonly (readonly (readonly [from: number, to: number])[])[] = [
  [],
  [[LEFT, TOP]],
  [[TOP, RIGHT]],
  [[LEFT, RIGHT]],
  [[RIGHT, BOTTOM]],
  [
    [LEFT, TOP],
    [RIGHT, BOTTOM],
  ],
  [[TOP, BOTTOM]],
  [[LEFT, BOTTOM]],
  [[BOTTOM, LEFT]],
  [[BOTTOM, TOP]],
  [
    [TOP, RIGHT],
    [BOTTOM, LEFT],
  ],
  [[BOTTOM, RIGHT]],
  [[RIGHT, LEFT]],
  [[RIGHT, TOP]],
  [[TOP, LEFT]],
  [],
].map((paths) => paths as [number, number][]);

function areaOf(line: Line): number {
  let twice = 0;
  for (let i = 0, j = line.length - 2; i < line.length; j = i, i += 2) {
    twice += line[i]! * line[j + 1]! - line[j]! * line[i + 1]!;
  }
  return twice / 2;
}
