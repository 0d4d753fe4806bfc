/** From a photograph's coordinates to the canvas: turned, stretched, slanted, mirrored, with other proportions. */
import { IMAGE_SIZE } from '../../data/dataset.ts';
import type { Random } from '../../math/random.ts';
import { CANVAS, SCALE } from './canvas.ts';
import { TORSO } from './details/upper-body.ts';
import { PADDED_SIZE } from './photo.ts';
import type { Line } from './shapes.ts';

export interface Warp {
  /** A line of the photograph on the canvas. */
  line: (line: Line) => Line;
  /** A padded photograph, or other values of its size, on the canvas. */
  values: (photo: Float32Array) => Float32Array;
}

type Range = readonly [least: number, most: number];

/** How garments are drawn differently from their photographs. */
interface Proportions {
  width: Range;
  height: Range;
  /** How much wider the lower end becomes than the upper one, as a part of the width. */
  taper: Range;
  /** How much longer the torso becomes below the armpits; in photographs it ends where the sleeves do. */
  longer?: Range;
  /** How far from the middle legs or sleeves begin, in pixels, if there are any. */
  splay?: number;
}

const USUAL: Proportions = { width: [0.82, 1.15], height: [0.85, 1.12], taper: [-0.06, 0.06] };

/** By class number, where they are not the usual ones. */
const PROPORTIONS: Readonly<Record<number, Partial<Proportions>>> = {
  0: { width: [0.88, 1.28], longer: [0, 0.2], splay: 5 },
  1: { splay: 0 },
  2: { width: [0.85, 1.28], longer: [0, 0.15], splay: 6 },
  3: { taper: [-0.1, 0.25], splay: 4 },
  4: { width: [0.8, 1.25], longer: [0, 0.5], splay: 6 },
  5: { height: [0.85, 1.3] },
  6: { width: [0.85, 1.28], longer: [0, 0.25], splay: 6 },
  7: { height: [0.85, 1.6] },
  8: { width: [0.55, 1.15], taper: [-0.25, 0.35] },
  9: { height: [0.9, 1.25] },
};

/** Height of the armpits, from the middle. */
const ARMPIT = -6;

/** Everything about the middle of the canvas; null for what has no class. Legs and sleeves, if there are any, may be spread. */
export function randomWarp(label: number | null, random: Random): Warp {
  const {
    width,
    height,
    taper: tapers,
    longer: torsos,
    splay,
  } = { ...USUAL, ...(label !== null && PROPORTIONS[label]) };
  const apart = splay !== undefined && random.chance(0.45) ? random.between(1, splay === 0 ? 3.5 : 5) : 0;
  const some = (range: Range): number => random.between(...range);
  const taper = some(tapers);
  /** How far a point moves sideways: the farther, the lower it lies. */
  const aside = (x: number, y: number): number => {
    const tapered = (taper * x * y) / (IMAGE_SIZE / 2);
    if (apart === 0) return tapered;
    const part = Math.min(1, Math.max(0, (Math.abs(x) - splay!) / (splay === 0 ? 0.7 : 4)));
    return tapered + apart * Math.sign(x) * part * Math.min(1, Math.max(0, (y + 9) / 22));
  };
  const longer = torsos ? some(torsos) : 0;
  /** How much that is, by the distance from the middle. */
  const stretch = (x: number): number => longer * Math.min(1, Math.max(0, TORSO + 1 - Math.abs(x)));
  const angle = (random.chance(0.22) ? 30 : 9) * (Math.PI / 180) * random.between(-1, 1);
  const [wide, high] = [some(width), some(height)];
  const slant = random.between(-0.08, 0.08);
  const turned = random.chance(0.5) ? -1 : 1;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [a, b] = [SCALE * turned * wide * cos, SCALE * (slant * cos - high * sin)];
  const [c, d] = [SCALE * turned * wide * sin, SCALE * (slant * sin + high * cos)];
  const middle = PADDED_SIZE / 2;
  const centre = CANVAS / 2;
  return {
    line: (line) => {
      const placed: Line = new Array<number>(line.length);
      for (let i = 0; i < line.length; i += 2) {
        // A value lies in the middle of its pixel.
        const [fromX, fromY] = [line[i]! + 0.5 - middle, line[i + 1]! + 0.5 - middle];
        const x = fromX + aside(fromX, fromY);
        const y = fromY + stretch(fromX) * Math.max(0, fromY - ARMPIT);
        placed[i] = a * x + b * y + centre;
        placed[i + 1] = c * x + d * y + centre;
      }
      return placed;
    },
    values: (photo) => {
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
          if (!(fx >= 0 && fy >= 0 && fx < PADDED_SIZE - 1 && fy < PADDED_SIZE - 1)) continue;
          const [left, top] = [fx | 0, fy | 0];
          const [partX, partY] = [fx - left, fy - top];
          const at = top * PADDED_SIZE + left;
          const upper = photo[at]! + (photo[at + 1]! - photo[at]!) * partX;
          const below = photo[at + PADDED_SIZE]!;
          values[i] = upper + (below + (photo[at + PADDED_SIZE + 1]! - below) * partX - upper) * partY;
        }
      }
      return values;
    },
  };
}
