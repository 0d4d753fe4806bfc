/**
 * A photograph of a garment becomes what somebody might draw of it: outlines with pens thin and thick, by steady and by
 * unsteady hands, flat shapes, hatching, a few greys, seams or none.
 */
import type { Random } from '../../math/random.ts';
import { type Canvas, enclosed, SCALE } from './canvas.ts';
import { about, between, chance } from './chance.ts';
import type { Line } from './contours.ts';
import { resample, simplify, smooth, withGaps, wobble } from './pen.ts';
import { somePlacement } from './placement.ts';
import { sandal } from './sandals.ts';
import { greys, hatch, scrawl, seams } from './shading.ts';
import { photographed, SANDAL } from './subject.ts';

const COAT = 4;

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

/**
 * Draws the garment on the canvas, which must be clear.
 * @param label class number
 * @returns whether there was anything to draw
 */
export function sketch(photo: Uint8Array, label: number, canvas: Canvas, random: Random): boolean {
  const subject =
    label === SANDAL && chance(random, 0.27) ? sandal(random) : photographed(photo, label, random);
  if (!subject) return false;
  const { field, details } = subject;
  const hand = someHand(random);
  const placement = somePlacement(label, random);
  const shapes = subject.shapes.map((line) => drawn(placement.place(line), hand, random));
  const mask = (): Uint8Array => enclosed(shapes);
  /** @param ground the ink of what is under them, 0 where there is none */
  const addDetails = (ink: number, ground = 0): void => {
    if (chance(random, ground > 0 ? 0.6 : 0.25)) {
      const [shade, inside] = [otherInk(ground, random), mask()];
      for (const line of details.patches) canvas.area([placement.place(line)], shade, inside);
    }
    const openings = details.openings.map(placement.place);
    for (const line of openings) canvas.area([line], 0);
    // Within a coat its lining shows, often.
    if (label === COAT && chance(random, 0.35)) canvas.area(openings, random.below(200), mask());
    const pen = hand.pen * (chance(random, 0.5) ? 1 : between(random, 0.5, 1));
    for (const line of details.lines) canvas.line(stroked(placement.place(line), hand, random), pen, ink);
  };

  const style = random.uniform();
  if (style < 0.34) {
    outline(canvas, shapes, hand, random);
    addDetails(hand.ink);
    if (chance(random, details.lines.length > 0 ? 0.15 : 0.5))
      seams(canvas, placement, field, mask(), hand.ink, random);
  } else if (style < 0.58) {
    const ink = 60 + random.below(196);
    const inside = canvas.area(shapes, ink);
    if (chance(random, 0.35)) outline(canvas, shapes, { ...hand, ink: otherInk(ink, random) }, random);
    addDetails(otherInk(ink, random), ink);
    if (chance(random, 0.35)) seams(canvas, placement, field, inside, otherInk(ink, random), random);
  } else if (style < 0.76) {
    greys(canvas, placement, field, mask(), random);
    if (chance(random, 0.5)) outline(canvas, shapes, hand, random);
    addDetails(chance(random, 0.5) ? hand.ink : random.below(60), between(random, 60, 200));
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

/** An ink that is told apart from another. */
function otherInk(ink: number, random: Random): number {
  return ink > 150 ? random.below(ink - 70) : Math.min(255, ink + 70 + random.below(100));
}
