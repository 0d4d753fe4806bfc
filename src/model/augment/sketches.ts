/**
 * A photograph of a garment becomes what somebody might draw of it: outlines with pens thin and thick, by steady and by
 * unsteady hands, flat shapes, hatching, a few greys, seams or none.
 */
import { SIDE } from '../drawing.ts';
import type { Random } from '../random.ts';
import { CANVAS, type Canvas, enclosed, SCALE } from './canvas.ts';
import { about, between, chance } from './chance.ts';
import { contours, type Line } from './contours.ts';
import { DETAILED, details } from './details.ts';
import { resample, simplify, smooth, withGaps, wobble } from './hand.ts';
import { Silhouette } from './silhouette.ts';

/** Black around the photograph, so that every contour is closed. */
const MARGIN = 2;
const FIELD = SIDE + 2 * MARGIN;
/** A grey that is hardly ground any more. */
const FAINT = 10;

/** From the photograph's pixels to the canvas's, and back. */
interface Placement {
  place: (line: Line) => Line;
  /** The photograph's greys on the canvas, where it is bright; another field may be read instead. */
  read: (field: Float32Array) => Float32Array;
}

interface Hand {
  /** Of the outline, in canvas pixels. */
  pen: number;
  ink: number;
  /** How far lines stray. */
  unsteady: number;
  /** How often corners are smoothed away. */
  smoothing: number;
  /** How far a line may be from where it should be for fewer, straighter strokes; 0 keeps all. */
  coarse: number;
  /** Part of the outline that is missing. */
  gaps: number;
}

/** Where a garment is cut: how far from the middle its legs or its sleeves begin, by class number, in pixels. */
const SPLAY: Readonly<Record<number, number>> = { 0: 5, 1: 0, 2: 6, 3: 4, 4: 6, 6: 6 };

type Range = readonly [least: number, most: number];

/** How garments are drawn against their photographs, by class number: bags and coats taller, tops wider, shoes higher. */
const WIDTHS: Readonly<Record<number, Range>> = {
  0: [0.88, 1.28],
  2: [0.85, 1.28],
  4: [0.68, 1.12],
  6: [0.85, 1.28],
  8: [0.55, 1.15],
};
const HEIGHTS: Readonly<Record<number, Range>> = { 5: [0.85, 1.3], 7: [0.85, 1.45] };
/** Greater at the lower end than at the upper one, as a part of the width. */
const TAPERS: Readonly<Record<number, Range>> = { 3: [-0.1, 0.25], 8: [-0.25, 0.35] };
const USUAL = { width: [0.82, 1.15], height: [0.85, 1.12], taper: [-0.06, 0.06] } as const;

/**
 * Draws the garment on the canvas, which must be clear.
 * @param label class number
 * @returns whether there was anything to draw
 */
export function sketch(photo: Uint8Array, label: number, canvas: Canvas, random: Random): boolean {
  const field = padded(photo);
  const ink = photo.reduce((count, value) => count + Number(value > FAINT), 0);
  // Low levels follow a garment's faint border; higher ones part its legs and sleeves, but may lose what is dark.
  let found = contours(chance(random, 0.3) ? blurred(field) : field, FIELD, FIELD, about(random, FAINT, 80));
  if (found.reduce((sum, { area }) => sum + area, 0) < 0.6 * ink) {
    found = contours(field, FIELD, FIELD, FAINT);
  }
  const outer = found.filter(({ area }) => area > 20).sort((a, b) => b.area - a.area);
  const [largest] = outer;
  if (!largest) return false;
  const parts = outer.filter(({ area }) => area > 0.08 * largest.area);
  // A bag's handle is a hole, and a large one; dark stripes and prints are many small ones.
  const holes = found.filter(({ area }) => area < -8);
  const drawnHoles = holes.length <= 3 && chance(random, 0.8) ? holes : [];

  const hand = someHand(random);
  const placement = somePlacement(label, random);
  const shapes = [...parts, ...drawnHoles].map(({ line }) => drawn(placement.place(line), hand, random));
  const mask = (): Uint8Array => enclosed(shapes);
  const detailed = chance(random, DETAILED[label] ?? 0);
  const addDetails = (ink: number): void => {
    if (!detailed) return;
    const lines = details(label, new Silhouette(field, FIELD, FAINT), random);
    const pen = hand.pen * (chance(random, 0.5) ? 1 : between(random, 0.5, 1));
    for (const line of lines) canvas.line(stroked(placement.place(line), hand, random), pen, ink);
  };

  const style = random.uniform();
  if (style < 0.34) {
    outline(canvas, shapes, hand, random);
    addDetails(hand.ink);
    if (chance(random, detailed ? 0.15 : 0.5)) seams(canvas, placement, field, mask(), hand.ink, random);
  } else if (style < 0.58) {
    const ink = 60 + random.below(196);
    const inside = canvas.area(shapes, ink);
    if (chance(random, 0.35)) outline(canvas, shapes, { ...hand, ink: otherInk(ink, random) }, random);
    addDetails(otherInk(ink, random));
    if (chance(random, 0.35)) seams(canvas, placement, field, inside, otherInk(ink, random), random);
  } else if (style < 0.76) {
    greys(canvas, placement, field, mask(), random);
    if (chance(random, 0.5)) outline(canvas, shapes, hand, random);
    addDetails(chance(random, 0.5) ? hand.ink : random.below(60));
  } else if (style < 0.9) {
    const inside = mask();
    hatch(canvas, inside, hand.ink, random);
    if (chance(random, 0.9)) outline(canvas, shapes, hand, random);
    addDetails(chance(random, 0.7) ? 255 : hand.ink);
  } else {
    const inside = mask();
    scrawl(canvas, inside, random);
    outline(canvas, shapes, hand, random);
    addDetails(hand.ink);
  }
  return true;
}

function someHand(random: Random): Hand {
  const neat = chance(random, 0.5);
  return {
    pen: about(random, 0.4, 4) * SCALE,
    ink: chance(random, 0.3) ? 210 : 110 + random.below(146),
    unsteady: neat ? 0.15 * SCALE : between(random, 0.2, 0.9) * SCALE,
    smoothing: random.below(neat ? 3 : 6),
    coarse: chance(random, 0.45) ? between(random, 0.4, 1.3) * SCALE : 0,
    gaps: chance(random, 0.25) ? between(random, 0.04, 0.25) : 0,
  };
}

/**
 * Turned, stretched, slanted and mirrored, about the middle of the canvas.
 * Legs and sleeves, where there are any, are drawn apart.
 */
function somePlacement(label: number, random: Random): Placement {
  const splay = SPLAY[label];
  const apart = splay !== undefined && chance(random, 0.45) ? between(random, 1, splay === 0 ? 3.5 : 5) : 0;
  const some = (range: Range): number => between(random, ...range);
  const taper = some(TAPERS[label] ?? USUAL.taper);
  /** How far a point is moved aside: the more, the lower it lies. */
  const aside = (x: number, y: number): number => {
    const tapered = (taper * x * y) / (SIDE / 2);
    if (apart === 0) return tapered;
    const part = Math.min(1, Math.max(0, (Math.abs(x) - splay!) / (splay === 0 ? 0.7 : 4)));
    return tapered + apart * Math.sign(x) * part * Math.min(1, Math.max(0, (y + 9) / 22));
  };
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
        const [fromX, y] = [line[i]! + 0.5 - middle, line[i + 1]! + 0.5 - middle];
        const x = fromX + aside(fromX, y);
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
          const fx = sx - aside(sx, sy) + middle - 0.5;
          const fy = sy + middle - 0.5;
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

/** A contour as a hand draws it; closed, its first point at its end again. */
function drawn(line: Line, { smoothing, coarse, unsteady }: Hand, random: Random): Line {
  let result = smooth(resample(line, 0.7 * SCALE, true).slice(0, -2), smoothing, true);
  result = [...result, result[0]!, result[1]!];
  if (coarse > 0) result = resample(simplify(result, coarse), 0.7 * SCALE, false);
  return wobble(result, unsteady, random);
}

/** An open line as a hand draws it. */
function stroked(line: Line, { unsteady }: Hand, random: Random): Line {
  return wobble(line.length > 2 ? resample(line, 0.7 * SCALE, false) : line, unsteady, random);
}

function outline(canvas: Canvas, shapes: readonly Line[], hand: Hand, random: Random): void {
  // Some go over the line twice.
  const rounds = chance(random, 0.12) ? 2 : 1;
  for (let round = 0; round < rounds; round++) {
    for (const shape of shapes) {
      const line = round === 0 ? shape : wobble(shape, 0.8 * SCALE, random);
      const pieces = hand.gaps > 0 ? withGaps(line, hand.gaps, random) : [line];
      // Fewer points are drawn faster, and nobody sees the difference.
      for (const piece of pieces) canvas.line(simplify(piece, 0.15), hand.pen, hand.ink);
    }
  }
}

/** Lines where the photograph has seams, folds, zips and prints: where it differs from its surroundings. */
function seams(
  canvas: Canvas,
  { read }: Placement,
  field: Float32Array,
  inside: Uint8Array,
  ink: number,
  random: Random,
): void {
  const around = blurred(blurred(blurred(field)));
  // Most seams and folds are dark.
  const light = chance(random, 0.35) ? 1 : 0;
  const difference = field.map((value, i) => {
    const lighter = value - around[i]!;
    return lighter > 0 ? light * lighter : -lighter;
  });
  const values = read(difference);
  const from = between(random, 5, 16);
  const steep = between(random, 0.06, 0.25);
  for (let i = 0; i < values.length; i++) {
    if (!inside[i]) continue;
    const cover = Math.min(1, (values[i]! - from) * steep);
    if (cover <= 0) continue;
    const below = canvas.pixels[i]!;
    canvas.pixels[i] = below + Math.round((ink - below) * cover);
  }
}

/** The photograph in two to four greys, or shaded in many. */
function greys(
  canvas: Canvas,
  { read }: Placement,
  field: Float32Array,
  inside: Uint8Array,
  random: Random,
): void {
  let soft = field;
  for (let round = random.below(4); round > 0; round--) soft = blurred(soft);
  const values = read(soft);
  const steps = chance(random, 0.2) ? 64 : 2 + random.below(3);
  const [dark, light] = [between(random, 40, 130), between(random, 170, 255)];
  let [low, high] = [255, 0];
  for (let i = 0; i < values.length; i++) {
    if (!inside[i]) continue;
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  const range = Math.max(1, high - low);
  for (let i = 0; i < values.length; i++) {
    if (!inside[i]) continue;
    const step = Math.min(steps - 1, Math.floor((steps * (values[i]! - low)) / range));
    canvas.pixels[i] = Math.round(dark + ((light - dark) * step) / (steps - 1));
  }
}

/** Parallel lines over the garment, sometimes two ways. */
function hatch(canvas: Canvas, inside: Uint8Array, ink: number, random: Random): void {
  const spacing = between(random, 1.4, 5) * SCALE;
  const pen = Math.min(0.7 * spacing, about(random, 0.35, 1.6) * SCALE);
  const rounds = chance(random, 0.3) ? 2 : 1;
  let angle = chance(random, 0.5) ? between(random, 0, Math.PI) : (Math.PI / 4) * random.below(4);
  const reach = CANVAS * 0.75;
  for (let round = 0; round < rounds; round++, angle += Math.PI / 2) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (let offset = -reach; offset < reach; offset += spacing * between(random, 0.85, 1.15)) {
      const tilt = between(random, -0.03, 0.03) * reach;
      const end = (along: number, aside: number): [number, number] => [
        CANVAS / 2 + along * cos - aside * sin,
        CANVAS / 2 + along * sin + aside * cos,
      ];
      canvas.line([...end(-reach, offset - tilt), ...end(reach, offset + tilt)], pen, ink, inside);
    }
  }
}

/** Filled in by moving the pen to and fro, with bare places left. */
function scrawl(canvas: Canvas, inside: Uint8Array, random: Random): void {
  const pen = about(random, 1, 4) * SCALE;
  const ink = 70 + random.below(186);
  const angle = between(random, 0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const reach = CANVAS * 0.7;
  const line: Line = [];
  let side = 1;
  for (let offset = -reach; offset < reach; offset += pen * between(random, 0.5, 1.3), side = -side) {
    const along = side * reach * between(random, 0.85, 1);
    line.push(CANVAS / 2 + along * cos - offset * sin, CANVAS / 2 + along * sin + offset * cos);
  }
  canvas.line(line, pen, ink, inside);
}

/** An ink that is told apart from another. */
function otherInk(ink: number, random: Random): number {
  return ink > 150 ? random.below(ink - 70) : Math.min(255, ink + 70 + random.below(100));
}

function padded(photo: Uint8Array): Float32Array {
  const field = new Float32Array(FIELD * FIELD);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) field[(y + MARGIN) * FIELD + x + MARGIN] = photo[y * SIDE + x]!;
  }
  return field;
}

/** Each value mixed with its neighbours, 1 : 2 : 1 along rows and columns; the border stays. */
function blurred(field: Float32Array): Float32Array {
  const rows = field.slice();
  for (let i = FIELD; i < field.length - FIELD; i++)
    rows[i] = field[i]! / 2 + (field[i - 1]! + field[i + 1]!) / 4;
  const result = rows.slice();
  for (let i = FIELD; i < field.length - FIELD; i++)
    result[i] = rows[i]! / 2 + (rows[i - FIELD]! + rows[i + FIELD]!) / 4;
  return result;
}
