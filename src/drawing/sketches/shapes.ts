/** Lines and shapes that drawings are composed of, and those that make up the details of a garment. */

/** Points of a line: x, y, x, y, … */
export type Line = number[];
export type Point = readonly [x: number, y: number];

/** What is drawn on a garment, in the photograph's coordinates. */
export class Details {
  /** Open lines; a single point is a dot. */
  readonly lines: Line[] = [];
  /** Closed lines around what is left out: within a neckline, beside straps. */
  readonly openings: Line[] = [];
  /** Closed lines around parts of the garment that some draw in another colour: a sole, a toe cap. */
  readonly patches: Line[] = [];

  add({ lines, openings, patches }: Details): void {
    this.lines.push(...lines);
    this.openings.push(...openings);
    this.patches.push(...patches);
  }
}

export const mirrored = (points: readonly Point[]): Point[] => points.map(([x, y]) => [-x, y]);

export const closed = (points: readonly Point[]): Point[] => [...points, points[0]!];

/** A rectangle, closed. */
export const box = (left: number, top: number, right: number, bottom: number): Point[] =>
  closed([[left, top], [right, top], [right, bottom], [left, bottom]]); // prettier-ignore

/** So many values at equal distances over a range, both ends included. */
export const spread = (count: number, from: number, to: number): number[] =>
  Array.from({ length: count }, (_, i) =>
    count === 1 ? (from + to) / 2 : from + ((to - from) * i) / (count - 1),
  );

/** An arc from one point to another at the same height that sags by `sag` (rises, if negative). */
export const bow = (left: number, right: number, y: number, sag: number): Point[] =>
  spread(9, -1, 1).map((part) => [
    (left + right) / 2 + ((right - left) / 2) * part,
    y + sag * (1 - part * part),
  ]);

export const ellipse = (x: number, y: number, across: number, down: number): Point[] =>
  spread(17, 0, 2 * Math.PI).map((angle) => [x + across * Math.cos(angle), y + down * Math.sin(angle)]);
