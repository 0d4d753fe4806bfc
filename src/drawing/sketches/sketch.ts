/**
 * A photograph of a garment becomes what somebody might draw of it: outlines in thin and thick pens, by steady and
 * unsteady hands, flat shapes, hatching, a few greys, with seams or without.
 */
import type { Random } from '../../math/random.ts';
import { type Canvas, enclosed, SCALE } from './canvas.ts';
import { SANDAL, traceGarment } from './line-drawing.ts';
import { resample, simplify, smooth, withGaps, wobble } from './lines.ts';
import { sandal } from './sandals.ts';
import { greys, hatch, scrawl, seams } from './shading.ts';
import type { Line } from './shapes.ts';
import { randomWarp } from './warp.ts';

const COAT = 4;

/** How somebody draws lines. */
export interface PenStyle {
  /** Diameter in canvas pixels. */
  width: number;
  ink: number;
  /** How far lines stray. */
  wobble: number;
  /** How often corners are smoothed. */
  smoothing: number;
  /** Tolerance with which outlines are simplified to fewer, straighter strokes; 0 for none. */
  tolerance: number;
  /** Part of the outline that is missing. */
  gaps: number;
}

/**
 * Draws the garment on the canvas, which must be clear.
 * @param photo 28×28 bytes
 * @param label class number
 * @returns whether there was anything to draw
 */
export function sketch(photo: Uint8Array, label: number, canvas: Canvas, random: Random): boolean {
  const drawing =
    label === SANDAL && random.chance(0.27) ? sandal(random) : traceGarment(photo, label, random);
  if (!drawing) return false;
  const { details } = drawing;
  const pen = randomPenStyle(random);
  const warp = randomWarp(label, random);
  const shapes = drawing.outlines.map((line) => drawnOutline(warp.line(line), pen, random));
  const mask = (): Uint8Array => enclosed(shapes);
  const addSeams = (inside: Uint8Array, ink: number): void =>
    seams(canvas, warp, drawing.photo, inside, ink, random);
  /** @param ground the ink below them, 0 if there is none */
  const addDetails = (ink: number, ground = 0): void => {
    if (random.chance(ground > 0 ? 0.6 : 0.25)) {
      const [shade, inside] = [otherInk(ground, random), mask()];
      for (const line of details.patches) canvas.area([warp.line(line)], shade, inside);
    }
    const openings = details.openings.map(warp.line);
    for (const line of openings) canvas.area([line], 0);
    // Within a coat its lining often shows.
    if (label === COAT && random.chance(0.35)) canvas.area(openings, random.below(200), mask());
    const width = pen.width * (random.chance(0.5) ? 1 : random.between(0.5, 1));
    for (const line of details.lines) canvas.line(drawnLine(warp.line(line), pen, random), width, ink);
  };

  const style = random.uniform();
  if (style < 0.34) {
    drawOutlines(canvas, shapes, pen, random);
    addDetails(pen.ink);
    if (random.chance(details.lines.length > 0 ? 0.15 : 0.5)) addSeams(mask(), pen.ink);
  } else if (style < 0.58) {
    const ink = 60 + random.below(196);
    const inside = canvas.area(shapes, ink);
    if (random.chance(0.35)) drawOutlines(canvas, shapes, { ...pen, ink: otherInk(ink, random) }, random);
    addDetails(otherInk(ink, random), ink);
    if (random.chance(0.35)) addSeams(inside, otherInk(ink, random));
  } else if (style < 0.76) {
    greys(canvas, warp, drawing.photo, mask(), random);
    if (random.chance(0.5)) drawOutlines(canvas, shapes, pen, random);
    addDetails(random.chance(0.5) ? pen.ink : random.below(60), random.between(60, 200));
  } else if (style < 0.9) {
    hatch(canvas, mask(), pen.ink, random);
    if (random.chance(0.9)) drawOutlines(canvas, shapes, pen, random);
    addDetails(random.chance(0.7) ? 255 : pen.ink);
  } else {
    scrawl(canvas, mask(), random);
    drawOutlines(canvas, shapes, pen, random);
    addDetails(pen.ink);
  }
  return true;
}

function randomPenStyle(random: Random): PenStyle {
  const isNeat = random.chance(0.5);
  return {
    width: random.logBetween(0.4, 4) * SCALE,
    ink: random.chance(0.3) ? 210 : 110 + random.below(146),
    wobble: isNeat ? 0.15 * SCALE : random.between(0.2, 0.9) * SCALE,
    smoothing: random.below(isNeat ? 3 : 6),
    tolerance: random.chance(0.45) ? random.between(0.4, 1.3) * SCALE : 0,
    gaps: random.chance(0.25) ? random.between(0.04, 0.25) : 0,
  };
}

/** A contour as drawn by hand, closed: it ends with its first point. */
export function drawnOutline(line: Line, pen: PenStyle, random: Random): Line {
  let result = smooth(resample(line, 0.7 * SCALE, true).slice(0, -2), pen.smoothing, true);
  result = [...result, result[0]!, result[1]!];
  if (pen.tolerance > 0) result = resample(simplify(result, pen.tolerance), 0.7 * SCALE, false);
  return wobble(result, pen.wobble, random);
}

/** An open line as drawn by hand. */
function drawnLine(line: Line, pen: PenStyle, random: Random): Line {
  return wobble(line.length > 2 ? resample(line, 0.7 * SCALE, false) : line, pen.wobble, random);
}

function drawOutlines(canvas: Canvas, shapes: readonly Line[], pen: PenStyle, random: Random): void {
  // Some go over the line twice.
  const rounds = random.chance(0.12) ? 2 : 1;
  for (let round = 0; round < rounds; round++) {
    for (const shape of shapes) {
      const line = round === 0 ? shape : wobble(shape, 0.8 * SCALE, random);
      const pieces = pen.gaps > 0 ? withGaps(line, pen.gaps, random) : [line];
      // Fewer points are drawn faster, without a visible difference.
      for (const piece of pieces) canvas.line(simplify(piece, 0.15), pen.width, pen.ink);
    }
  }
}

/** An ink that contrasts with another. */
function otherInk(ink: number, random: Random): number {
  return ink > 150 ? random.below(ink - 70) : Math.min(255, ink + 70 + random.below(100));
}
