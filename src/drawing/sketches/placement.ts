/** Where and how large a drawing comes out, and what differs in it from the photograph's proportions. */
import { IMAGE_SIZE } from '../../data/images.ts';
import type { Random } from '../../math/random.ts';
import { CANVAS, SCALE } from './canvas.ts';
import { between, chance } from './chance.ts';
import type { Line } from './contours.ts';
import { TORSO } from './details/body.ts';
import { FIELD } from './field.ts';

/** From the photograph's pixels to the canvas's, and back. */
export interface Placement {
  place: (line: Line) => Line;
  /** The photograph's greys on the canvas, where it is bright; another field may be read instead. */
  read: (field: Float32Array) => Float32Array;
}

/** Where a garment is cut: how far from the middle its legs or its sleeves begin, by class number, in pixels. */
const SPLAY: Readonly<Record<number, number>> = { 0: 5, 1: 0, 2: 6, 3: 4, 4: 6, 6: 6 };

type Range = readonly [least: number, most: number];

/** How garments are drawn against their photographs, by class number: bags and coats taller, tops wider, shoes higher. */
const WIDTHS: Readonly<Record<number, Range>> = {
  0: [0.88, 1.28],
  2: [0.85, 1.28],
  4: [0.8, 1.25],
  6: [0.85, 1.28],
  8: [0.55, 1.15],
};
const HEIGHTS: Readonly<Record<number, Range>> = { 5: [0.85, 1.3], 7: [0.85, 1.6], 9: [0.9, 1.25] };
/** Greater at the lower end than at the upper one, as a part of the width. */
const TAPERS: Readonly<Record<number, Range>> = { 3: [-0.1, 0.25], 8: [-0.25, 0.35] };
/**
 * How much longer a torso is below the armpits than in the photographs, whose sleeves end where it does. Coats are
 * drawn longer than their sleeves.
 */
const LONGER: Readonly<Record<number, Range>> = { 0: [0, 0.2], 2: [0, 0.15], 4: [0, 0.5], 6: [0, 0.25] };
const ARMPIT = -6;
const USUAL = { width: [0.82, 1.15], height: [0.85, 1.12], taper: [-0.06, 0.06] } as const;

/**
 * Turned, stretched, slanted and mirrored, about the middle of the canvas.
 * Legs and sleeves, where there are any, are drawn apart.
 */
export function somePlacement(label: number, random: Random): Placement {
  const splay = SPLAY[label];
  const apart = splay !== undefined && chance(random, 0.45) ? between(random, 1, splay === 0 ? 3.5 : 5) : 0;
  const some = (range: Range): number => between(random, ...range);
  const taper = some(TAPERS[label] ?? USUAL.taper);
  /** How far a point is moved aside: the more, the lower it lies. */
  const aside = (x: number, y: number): number => {
    const tapered = (taper * x * y) / (IMAGE_SIZE / 2);
    if (apart === 0) return tapered;
    const part = Math.min(1, Math.max(0, (Math.abs(x) - splay!) / (splay === 0 ? 0.7 : 4)));
    return tapered + apart * Math.sign(x) * part * Math.min(1, Math.max(0, (y + 9) / 22));
  };
  const longer = LONGER[label] ? some(LONGER[label]) : 0;
  /** How much that is at a place, by how far it is from the middle. */
  const stretch = (x: number): number => longer * Math.min(1, Math.max(0, TORSO + 1 - Math.abs(x)));
  const angle = (chance(random, 0.22) ? 30 : 9) * (Math.PI / 180) * between(random, -1, 1);
  const [wide, high] = [some(WIDTHS[label] ?? USUAL.width), some(HEIGHTS[label] ?? USUAL.height)];
  const slant = between(random, -0.08, 0.08);
  const turned = chance(random, 0.5) ? -1 : 1;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [a, b] = [SCALE * turned * wide * cos, SCALE * (slant * cos - high * sin)];
  const [c, d] = [SCALE * turned * wide * sin, SCALE * (slant * sin + high * cos)];
  const middle = FIELD / 2;
  const centre = CANVAS / 2;
  return {
    place: (line) => {
      const placed: Line = new Array<number>(line.length);
      for (let i = 0; i < line.length; i += 2) {
        // A value of the field stands in the middle of its pixel.
        const [fromX, fromY] = [line[i]! + 0.5 - middle, line[i + 1]! + 0.5 - middle];
        const x = fromX + aside(fromX, fromY);
        const y = fromY + stretch(fromX) * Math.max(0, fromY - ARMPIT);
        placed[i] = a * x + b * y + centre;
        placed[i + 1] = c * x + d * y + centre;
      }
      return placed;
    },
    read: (field) => {
      const determinant = a * d - b * c;
      const values = new Float32Array(CANVAS * CANVAS);
      for (let y = 0, i = 0; y < CANVAS; y++) {
        const py = y + 0.5 - centre;
        for (let x = 0; x < CANVAS; x++, i++) {
          const px = x + 0.5 - centre;
          const [sx, sy] = [(d * px - b * py) / determinant, (a * py - c * px) / determinant];
          const fromX = sx - aside(sx, sy);
          const long = stretch(fromX);
          const fx = fromX + middle - 0.5;
          const fy = (sy > ARMPIT ? (sy + long * ARMPIT) / (1 + long) : sy) + middle - 0.5;
          if (!(fx >= 0 && fy >= 0 && fx < FIELD - 1 && fy < FIELD - 1)) continue;
          const [left, top] = [fx | 0, fy | 0];
          const [partX, partY] = [fx - left, fy - top];
          const at = top * FIELD + left;
          const upper = field[at]! + (field[at + 1]! - field[at]!) * partX;
          const below = field[at + FIELD]!;
          values[i] = upper + (below + (field[at + FIELD + 1]! - below) * partX - upper) * partY;
        }
      }
      return values;
    },
  };
}
