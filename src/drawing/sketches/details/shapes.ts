/** Shapes of which the details of drawings are made. */
import type { Line } from '../contours.ts';

export type Point = readonly [x: number, y: number];

/** What is drawn on a garment, in the photograph's coordinates. */
export interface Details {
  /** Open lines; one point alone is a dot. */
  readonly lines: readonly Line[];
  /** Closed lines around what is not there: within a neckline, beside straps. */
  readonly openings: readonly Line[];
  /** Closed lines around what some draw in another colour, where it lies on the garment: a sole, a toe cap. */
  readonly patches: readonly Line[];
}

export const NO_DETAILS: Details = { lines: [], openings: [], patches: [] };

export const joined = (parts: readonly Partial<Details>[]): Details => ({
  lines: parts.flatMap(({ lines = [] }) => lines),
  openings: parts.flatMap(({ openings = [] }) => openings),
  patches: parts.flatMap(({ patches = [] }) => patches),
});

export const mirrored = (points: readonly Point[]): Point[] => points.map(([x, y]) => [-x, y]);

export const closed = (points: readonly Point[]): Point[] => [...points, points[0]!];

/** Of a rectangle, closed. */
export const box = (left: number, top: number, right: number, bottom: number): Point[] =>
  closed([
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]);

/** Equal parts of a range, both ends among them. */
export const spread = (count: number, from: number, to: number): number[] =>
  Array.from({ length: count }, (_, i) =>
    count === 1 ? (from + to) / 2 : from + ((to - from) * i) / (count - 1),
  );

/** A bow from one point to another that sags by `sag` down (or up, if negative). */
export const bow = (left: number, right: number, y: number, sag: number): Point[] =>
  spread(9, -1, 1).map((part) => [
    (left + right) / 2 + ((right - left) / 2) * part,
    y + sag * (1 - part * part),
  ]);

export const ellipse = (x: number, y: number, across: number, down: number): Point[] =>
  spread(17, 0, 2 * Math.PI).map((angle) => [x + across * Math.cos(angle), y + down * Math.sin(angle)]);
