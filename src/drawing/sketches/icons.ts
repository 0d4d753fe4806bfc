/**
 * Garments as icons and emoji show them: clean shapes without a photograph, in one line or flat colours. What each is made
 * of varies widely: sleeves, collars, hoods, zips, lapels, straps, soles and heels.
 */
import { IMAGE_SIZE } from '../../data/dataset.ts';
import type { Random } from '../../math/random.ts';
import { type Canvas, enclosed, SCALE } from './canvas.ts';
import { PADDED_SIZE } from './photo.ts';
import { flipFlops, placed, sandalFromTheSide } from './sandals.ts';
import { bow, box, closed, Details, ellipse, type Line, mirrored, type Point, spread } from './shapes.ts';
import { drawnOutline } from './sketch.ts';
import { randomWarp } from './warp.ts';

/** Draws a garment of a class on the canvas, which must be clear. @param label class number */
export function icon(label: number, canvas: Canvas, random: Random): void {
  const shown = ICONS[label]!(random);
  // Low shoes stand on the ground, or on their toes.
  const tilted = [5, 7].includes(label) && random.chance(0.3);
  drawIcon(tilted ? turned(shown, (random.between(-20, 45) * Math.PI) / 180) : shown, label, canvas, random);
}

/**
 * Draws shapes as icons and emoji do: in one line, as a silhouette, or in flat colours.
 * @param label class number; null for a thing that is no garment, whose parts may overlap
 */
export function drawIcon(shown: Shapes, label: number | null, canvas: Canvas, random: Random): void {
  const { outlines, details, handles } = fitted(shown);
  const warp = randomWarp(label, random);
  const width = random.logBetween(0.7, 3.4) * SCALE;
  const smoothing = random.oneOf([0, 1, 3, 6]);
  const pen = {
    width,
    ink: 255,
    // Other things are drawn on the pad, too.
    wobble:
      label === null && random.chance(0.5)
        ? random.between(0.1, 0.8) * SCALE
        : random.chance(0.2)
          ? 0.15 * SCALE
          : 0,
    smoothing,
    tolerance: 0,
    gaps: 0,
  };
  const shapes = outlines.map((line) => drawnOutline(warp.line(line), pen, random));
  const parts = label === null ? shapes.map((shape) => [shape]) : [shapes];
  const inside = enclosed(parts[0]!);
  for (const part of parts.slice(1)) enclosed(part).forEach((within, i) => (inside[i]! |= within));
  const bars = handles.map((line) => drawnOutline(warp.line(line), pen, random).slice(0, -2));
  const contour = (ink: number): void =>
    [...shapes, ...bars].forEach((shape) => canvas.line(shape, width, ink));
  const draw = (ink: number, from: Details = details): void => {
    const thin = random.chance(0.6) ? width : width * random.between(0.5, 1);
    for (const line of from.lines) canvas.line(warp.line(line), thin, ink, inside);
  };
  const fill = (ink: number, patch: number): void => {
    for (const part of parts) canvas.area(part, ink);
    for (const bar of bars) canvas.line(bar, width, ink);
    for (const line of details.patches) canvas.area([warp.line(line)], patch, inside);
  };
  const cutOpenings = (ink: number): void => {
    for (const line of details.openings) canvas.area([warp.line(line)], ink, inside);
  };
  // Pullovers, coats and shirts differ in nothing else, nor do a book and a bag.
  const isLike = [2, 4, 6, null].includes(label);
  const style = random.uniform();
  // Flat colours become any grey; light ones are dark in the negative.
  const [ink, other] = random.chance(0.5)
    ? [grey(60, 255, random), grey(0, 255, random)]
    : [255, grey(0, 90, random)];
  if (style < 0.36) {
    // One line, perhaps over a faint ground.
    if (random.chance(0.2)) fill(grey(30, 90, random), grey(30, 120, random));
    cutOpenings(0);
    contour(random.chance(0.7) ? 255 : grey(130, 255, random));
    draw(255);
  } else if (style < 0.62) {
    // A silhouette, with its details left out of it.
    fill(ink, random.chance(0.6) ? ink : 0);
    if (random.chance(0.6)) cutOpenings(0);
    if (isLike || random.chance(0.65)) draw(0);
  } else {
    // Flat colours, with a contour or without.
    fill(ink, other);
    if (random.chance(0.6)) cutOpenings(random.chance(0.5) ? 0 : grey(0, 120, random));
    const line =
      Math.abs(ink - other) > 50 ? other : ink > 127 ? grey(0, 60, random) : grey(170, 255, random);
    if (isLike || random.chance(0.8)) draw(line);
    if (random.chance(0.35)) contour(random.chance(0.7) ? line : 255);
  }
}

const grey = (low: number, high: number, random: Random): number => Math.round(random.between(low, high));

export interface Shapes {
  /** Closed lines around the garment. */
  outlines: Line[];
  /** Open lines that are part of it, such as the handles of a bag. */
  handles?: Line[];
  details: Details;
}

/** Collects one drawing, in coordinates about the middle of the photograph. */
export class Drawing implements Shapes {
  readonly outlines: Line[] = [];
  readonly handles: Line[] = [];
  readonly details = new Details();

  outline(points: readonly Point[]): this {
    this.outlines.push(placed(points));
    return this;
  }
  line(...points: Point[]): void {
    this.details.lines.push(placed(points));
  }
  pair(...points: Point[]): void {
    this.line(...points);
    this.line(...mirrored(points));
  }
  /** An open line that counts as a part. */
  ring(points: readonly Point[]): void {
    this.handles.push(placed(points));
  }
  patch(points: readonly Point[]): void {
    this.details.patches.push(placed(points));
  }
  opening(points: readonly Point[]): void {
    this.details.openings.push(placed(points));
  }
}

/** The drawing with all of its lines changed alike. */
function changed(
  { outlines, details: { lines, openings, patches }, handles = [] }: Shapes,
  change: (line: Line) => Line,
): Required<Shapes> {
  const details = new Details();
  details.lines.push(...lines.map(change));
  details.openings.push(...openings.map(change));
  details.patches.push(...patches.map(change));
  return { outlines: outlines.map(change), handles: handles.map(change), details };
}

const MIDDLE = (PADDED_SIZE - 1) / 2;

/** The drawing, turned by an angle that lowers what is on its left. */
export function turned(shapes: Shapes, angle: number): Shapes {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return changed(shapes, (line) =>
    line.map((value, i) => {
      const other = line[i % 2 ? i - 1 : i + 1]! - MIDDLE;
      return MIDDLE + (value - MIDDLE) * cos + (i % 2 ? -other : other) * sin;
    }),
  );
}

/** The drawing, brought to the size of a garment in a photograph. */
function fitted(shapes: Shapes): Required<Shapes> {
  const all = [...shapes.outlines, ...(shapes.handles ?? [])].flat();
  const range = (axis: 0 | 1): [number, number] => {
    const values = all.filter((_, i) => i % 2 === axis);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[left, right], [top, bottom]] = [range(0), range(1)];
  const scale = IMAGE_SIZE / Math.max(right - left, bottom - top);
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return changed(shapes, (line) => line.map((value, i) => MIDDLE + (value - (i % 2 ? y : x)) * scale));
}

/** A symmetrical closed line from its right half, top to bottom. */
export const symmetrical = (half: readonly Point[]): Point[] => [...half, ...mirrored(half).reverse()];

/** Measures of a garment for the upper body. */
interface Upper {
  neck: number;
  /** How low the middle of the neckline lies. */
  dip: number;
  pointed: boolean;
  /** Half widths of the shoulders, the chest, the hem. */
  shoulder: number;
  chest: number;
  hem: number;
  top: number;
  armpit: number;
  bottom: number;
  /** Length, width, and angle from hanging straight down; null without any. */
  sleeve: { long: number; wide: number; angle: number } | null;
}

function upperBody(random: Random, special: Partial<Upper> = {}): { drawing: Drawing; size: Upper } {
  const chest = random.between(5.5, 8.5);
  const size: Upper = {
    neck: random.between(2, 4),
    dip: random.between(0.5, 3.5),
    pointed: random.chance(0.3),
    shoulder: chest + random.between(-0.5, 1.5),
    chest,
    hem: chest + random.between(-0.8, 1.2),
    top: -12,
    armpit: random.between(-5.5, -2),
    bottom: random.between(8, 13),
    sleeve: null,
    ...special,
  };
  const { neck, shoulder, hem, top, bottom, sleeve } = size;
  const slope = random.between(0.5, 2.5);
  const half: Point[] = [[neck, top], [shoulder, top + slope]]; // prettier-ignore
  if (sleeve) half.push(...sleeveEnds(size, slope));
  half.push([size.chest, size.armpit], [hem, bottom]);
  const drawing = new Drawing();
  const back = random.chance(0.6) ? neckline(size) : bow(-neck, neck, top, random.between(-0.5, 1));
  drawing.outline([...symmetrical(half), ...back.slice(1, -1)]);
  if (random.chance(0.7)) drawing.line(...neckline(size));
  if (random.chance(0.4)) drawing.opening(neckline(size));
  return { drawing, size };
}

/** From the left to the right, as deep as it dips. */
const neckline = ({ neck, top, dip, pointed }: Upper): Point[] =>
  pointed ? [[-neck, top], [0, top + dip * 1.6], [neck, top]] : bow(-neck, neck, top, dip); // prettier-ignore

/** The outer and inner end of the right sleeve. */
function sleeveEnds({ shoulder, top, sleeve }: Upper, slope: number): [Point, Point] {
  const { long, wide, angle } = sleeve!;
  const [right, down] = [Math.sin(angle), Math.cos(angle)];
  const outer: Point = [shoulder + long * right, top + slope + long * down];
  return [outer, [outer[0] - wide * down, outer[1] + wide * right]];
}

const shortSleeve = (random: Random): Upper['sleeve'] => ({
  long: random.between(4.5, 8),
  wide: random.between(3.5, 5.5),
  angle: random.between(0.5, 1.15),
});
const longSleeve = (random: Random): Upper['sleeve'] => ({
  long: random.between(13, 20),
  wide: random.between(2.6, 5),
  angle: random.between(0, 0.66),
});

/** A line across a sleeve near its end, on both sides. */
function cuffs(drawing: Drawing, size: Upper, part: number): void {
  if (!size.sleeve) return;
  const [outer, inner] = sleeveEnds(
    { ...size, sleeve: { ...size.sleeve, long: size.sleeve.long * part } },
    1.5,
  );
  drawing.pair(outer, inner);
}

function hem(drawing: Drawing, { hem: half, bottom }: Upper, height: number): void {
  drawing.line([-half, bottom - height], [half, bottom - height]);
}

/** From the armpits down, where long sleeves lie against the body. */
function seams(drawing: Drawing, { chest, armpit, bottom }: Upper, random: Random): void {
  if (random.chance(0.5))
    drawing.pair([chest, armpit], [chest, armpit + (bottom - armpit) * random.between(0.3, 1)]);
}

function tShirt(random: Random): Shapes {
  const isVest = random.chance(0.25);
  const { drawing, size } = upperBody(
    random,
    isVest
      ? { neck: random.between(2.5, 4), shoulder: random.between(4.2, 6), dip: random.between(2, 5) }
      : { sleeve: shortSleeve(random) },
  );
  if (random.chance(0.35)) cuffs(drawing, size, random.between(0.7, 0.9));
  if (random.chance(0.2)) hem(drawing, size, random.between(1, 2));
  const { chest, bottom, armpit } = size;
  const print = random.uniform();
  if (print < 0.12) {
    const sash: Point[] = [[chest, armpit], [chest, armpit + 4], [-chest, bottom - 1], [-chest, bottom - 5]]; // prettier-ignore
    drawing.patch(sash);
    drawing.pair([chest, armpit], [-chest, bottom - 5]);
  } else if (print < 0.24) {
    const [half, y] = [random.between(1, 3), random.between(-3, 1)];
    drawing.line(...random.oneOf([ellipse(0, y, half, half), box(-half, y - half, half, y + half), [[-half, y - 2], [half, y - 2], [0, y + 4]] as Point[]])); // prettier-ignore
  } else if (print < 0.36) for (const y of spread(2 + random.below(3), armpit + 1, bottom - 3)) drawing.line([-chest, y], [chest, y]); // prettier-ignore
  return drawing;
}

function pullover(random: Random): Shapes {
  const { drawing, size } = upperBody(random, { sleeve: longSleeve(random) });
  const { top, bottom, chest, neck } = size;
  seams(drawing, size, random);
  if (random.chance(0.6)) {
    // A hood behind the neck or over it, drawstrings, and a pocket for both hands.
    const [wide, high] = [neck + random.between(0.5, 3.5), random.between(2, 7)];
    const rise = top - high;
    drawing.outline([[-wide, top + 1], [-wide * 0.8, rise + 1], [0, rise], [wide * 0.8, rise + 1], [wide, top + 1], [0, top + random.between(1.5, 4)]]); // prettier-ignore
    const face = ellipse(
      0,
      top - high / 4,
      wide * random.between(0.45, 0.7),
      high * random.between(0.4, 0.65),
    );
    if (random.chance(0.4)) drawing.line(...face);
    else if (random.chance(0.5)) drawing.opening(face);
    if (random.chance(0.6))
      drawing.pair([1.3, top + 2.5], [random.between(1, 2.5), top + random.between(5, 12)]);
    if (random.chance(0.75)) {
      const [upper, lower] = [random.between(1, 4), bottom - random.between(0.5, 2)];
      const [inner, outer] = [chest * random.between(0.35, 0.6), chest * random.between(0.6, 0.9)];
      if (random.chance(0.7))
        drawing.line([-outer, lower], [-outer, upper + 2.5], [-inner, upper], [inner, upper], [outer, upper + 2.5], [outer, lower]); // prettier-ignore
      else drawing.pair([inner, upper], [outer, lower]);
    }
  } else if (random.chance(0.3)) drawing.line(...box(-neck, top - 2.5, neck, top + 0.5));
  if (random.chance(0.75)) hem(drawing, size, random.between(1.5, 3));
  if (random.chance(0.75)) cuffs(drawing, size, random.between(0.78, 0.9));
  if (random.chance(0.2)) for (const y of spread(2 + random.below(3), -3, 5)) drawing.line([-chest, y], [chest, y]); // prettier-ignore
  return drawing;
}

function shirt(random: Random): Shapes {
  // Folded, worn with long sleeves, or with short ones.
  const kind = random.uniform();
  const sleeve = kind < 0.2 ? null : kind < 0.6 ? shortSleeve(random) : longSleeve(random);
  const { drawing, size } = upperBody(random, { sleeve, dip: random.between(0.5, 1.5), pointed: false });
  const { neck, top, bottom, chest } = size;
  const meet = top + random.between(2, 4);
  // The two flaps of a collar.
  const [out, low] = [neck + random.between(-0.5, 2), meet + random.between(0, 2)];
  const flap: Point[] = closed([[0, meet], [neck, top - random.between(0, 0.8)], [out, low]]); // prettier-ignore
  drawing.pair(...flap);
  drawing.patch(flap);
  drawing.patch(mirrored(flap));
  const half = random.chance(0.3) ? random.between(0.8, 1.4) : 0;
  if (half > 0) drawing.pair([half, meet], [half, bottom]);
  else if (random.chance(0.75)) drawing.line([0, meet], [0, random.chance(0.8) ? bottom : meet + 6]);
  if (random.chance(0.65)) {
    const x = half > 0 ? 0 : random.oneOf([0, 0, 1.2]);
    for (const y of spread(3 + random.below(3), meet + 2, bottom - 2)) drawing.line([x, y]);
  }
  if (random.chance(0.3)) drawing.line(...box(chest * 0.3, -4, chest * 0.8, 0));
  seams(drawing, size, random);
  if (random.chance(0.4)) cuffs(drawing, size, random.between(0.78, 0.92));
  return drawing;
}

function coat(random: Random): Shapes {
  const sleeve = random.chance(0.15) ? null : longSleeve(random);
  const { drawing, size } = upperBody(random, { sleeve, bottom: random.between(7, 14), dip: 0.5 });
  const { neck, top, bottom, hem: wide, chest } = size;
  const collar = random.uniform();
  const meet = top + (collar < 0.5 ? random.between(4, 13) : random.between(1, 4));
  if (collar < 0.5) {
    // Lapels, notched or plain.
    const [out, notch] = [
      random.between(neck + 0.5, chest * 0.9),
      top + (meet - top) * random.between(0.3, 0.6),
    ];
    const lapel: Point[] = [[neck, top], [out * 0.9, notch]]; // prettier-ignore
    if (random.chance(0.5)) lapel.push([out * 0.65, notch + 0.2], [out, notch + 1.2]);
    lapel.push([0, meet]);
    drawing.pair(...lapel, ...(random.chance(0.7) ? [lapel[0]!] : []));
    drawing.patch(lapel);
    drawing.patch(mirrored(lapel));
    drawing.opening([[-neck, top], [0, meet], [neck, top]]); // prettier-ignore
  } else if (collar < 0.75) {
    const flap: Point[] = closed([[0, meet], [neck, top - 0.5], [neck + random.between(0.5, 2.5), meet + random.between(0, 2)]]); // prettier-ignore
    drawing.pair(...flap);
    drawing.patch(flap);
    drawing.patch(mirrored(flap));
  } else {
    const high = random.between(1.5, 3.5);
    drawing.outline(box(-neck - 0.3, top - high, neck + 0.3, top + 0.8).slice(0, 4));
  }
  // Closed, with a zip or buttons, or open.
  const front = random.uniform();
  if (front < 0.25) {
    const apart = random.between(0.8, 3);
    drawing.opening([[0, meet], [apart, bottom + 1], [-apart, bottom + 1]]); // prettier-ignore
    drawing.pair([0.3, meet], [apart, bottom]);
  } else if (front < 0.6) {
    const half = random.between(0.5, 1);
    drawing.pair([half, meet], [half, bottom]);
  } else drawing.line([0, meet], [0, bottom]);
  if (random.chance(0.5)) {
    const columns = random.chance(0.35) ? [-2, 2] : [front < 0.25 ? 2 : random.oneOf([0, 1.5])];
    for (const x of columns)
      for (const y of spread(2 + random.below(3), meet + 2, bottom - 4)) drawing.line([x, y]);
  }
  if (random.chance(0.6)) {
    const [inner, outer, y] = [chest * 0.35, chest * 0.8, random.between(1, 5)];
    const tilt = random.between(-1.5, 1.5);
    if (random.chance(0.5)) drawing.pair([inner, y + tilt], [outer, y]);
    else drawing.pair(...box(inner, y, outer, y + random.between(1.5, 4)));
  }
  if (random.chance(0.15)) for (const y of spread(4 + random.below(4), top + 4, bottom - 2)) drawing.line(...bow(-chest, chest, y, 0.6)); // prettier-ignore
  if (random.chance(0.2)) for (const y of [0, 1.6]) drawing.line([-chest, y], [chest, y]);
  if (random.chance(0.3)) drawing.line([-wide, bottom - 2], [wide, bottom - 2]);
  seams(drawing, size, random);
  if (random.chance(0.4)) cuffs(drawing, size, random.between(0.78, 0.92));
  return drawing;
}

function dress(random: Random): Shapes {
  const drawing = new Drawing();
  const [top, bottom] = [-13, 13];
  const [neck, chest] = [random.between(1.5, 3), random.between(3, 4.5)];
  const waist = chest * random.between(0.6, 0.95);
  const y = random.between(-5, 0);
  const wide = random.between(5, 11);
  const armpit = top + random.between(2.5, 5.5);
  const sleeved = random.uniform();
  const half: Point[] =
    sleeved < 0.5
      ? [[neck, top], [neck + random.between(0.4, 1), top], [chest, armpit]] // prettier-ignore
      : sleeved < 0.75
        ? [[neck, top], [chest + 1, top + 1], [chest + random.between(2, 4), armpit], [chest + 0.5, armpit + 0.8]] // prettier-ignore
        : [[chest, armpit - 2]];
  const flared: Point[] = random.chance(0.4) ? [[waist + (wide - waist) * 0.6, y + 3]] : []; // prettier-ignore
  half.push([waist, y], ...flared, [wide, bottom - random.between(0, 1.5)]);
  const lower = sleeved < 0.75 ? bow(-neck, neck, top, random.between(2, 5)).slice(1, -1) : [];
  const scallops = random.chance(0.25) ? spread(9, wide, -wide).slice(1, -1).map((x, i): Point => [x, bottom + (i % 2)]) : [[0, bottom] as Point]; // prettier-ignore
  drawing.outline([...half, ...scallops, ...mirrored(half).reverse(), ...lower]);
  if (random.chance(0.7)) drawing.line([-waist, y], [waist, y]);
  if (random.chance(0.35)) {
    drawing.line([-waist, y + 1.5], [waist, y + 1.5]);
    drawing.patch(box(-waist - 1, y, waist + 1, y + 1.5));
  }
  if (random.chance(0.45)) {
    for (const part of spread(1 + random.below(4), -0.6, 0.6)) {
      drawing.line([waist * part, y + random.between(1, 4)], [wide * part, bottom - random.between(0, 4)]);
    }
  }
  if (random.chance(0.2)) drawing.line([-wide * 0.9, bottom - 2.5], [wide * 0.9, bottom - 2.5]);
  return drawing;
}

function trousers(random: Random): Shapes {
  const drawing = new Drawing();
  const [top, bottom] = [-13, 13];
  const waist = random.between(3.5, 6);
  const hip = waist + random.between(0, 1.5);
  const outer = hip + random.between(-1, 3);
  const leg = random.between(2.5, 4.5);
  const crotch = random.between(-7, -3);
  const inner = Math.max(0.3, outer - leg);
  drawing.outline(symmetrical([[waist, top], [hip, crotch], [outer, bottom], [inner, bottom], [0.01, crotch]])); // prettier-ignore
  const band = top + random.between(1.5, 3);
  if (random.chance(0.65)) drawing.line([-hip, band], [hip, band]);
  if (random.chance(0.55)) drawing.line([0, band], [0, crotch]);
  if (random.chance(0.3)) drawing.line([1.4, band], [1.4, crotch - 2], [0, crotch - 0.5]);
  if (random.chance(0.4)) drawing.pair([hip * 0.5, band], [hip, band + random.between(2, 4)]);
  if (random.chance(0.4)) {
    const y = bottom - random.between(1.5, 3);
    drawing.pair([inner, y], [outer, y]);
    if (random.chance(0.5)) for (const sign of [1, -1]) drawing.patch(box(sign * inner - 1, y, sign * outer + sign, bottom + 1)); // prettier-ignore
  }
  return drawing;
}

/** A closed shoe from the side, the toes on the left: low, or over the ankle. */
function closedShoe(random: Random, isBoot: boolean): Shapes {
  const drawing = new Drawing();
  const [toe, heel] = [-13, 13 - (isBoot ? random.between(0, 5) : 0)];
  const ground = isBoot ? 12 : random.between(5, 8);
  const sole = random.between(1.2, 4.5);
  const base = ground - sole;
  const front = !isBoot && random.chance(0.25) ? random.between(5, 8.5) : random.between(2.5, 5);
  // What tells the two apart is how far the leg of the boot goes up, not how thick the shoe is.
  const top = isBoot
    ? random.between(-13, -6)
    : Math.min(
        ground - random.oneOf([random.between(7.5, 10), random.between(9, 15.5), random.between(12, 16)]),
        base - front - 2.5,
      );
  const ankle = isBoot ? heel - random.between(8, 12) : heel - random.between(7, 11);
  const instep = isBoot ? ankle - random.between(0, 2) : random.between(-5, 1.5);
  const tip = toe + random.between(0, 1.2);
  // Over the toes, up the instep, around the opening, and down the heel.
  const rise = isBoot ? base - random.between(5, 8) : base - front - random.between(0.5, 2);
  const opening: Point[] = isBoot
    ? [[ankle, top], [heel - random.between(0, 0.8), top + random.between(-0.5, 0.8)]] // prettier-ignore
    : [[ankle - 2, top + 0.5], [ankle, top - (random.chance(0.4) ? random.between(0, 2) : 0)], [(ankle + heel) / 2, top + random.between(0, 3.5)], [heel - random.between(0, 1.5), top + random.between(-2, 1.5)]]; // prettier-ignore
  const upper: Point[] = [[tip, base], [tip + 0.2, base - front * 0.7], [tip + 2, base - front], [instep, rise], ...opening, [heel, base]]; // prettier-ignore
  const step = random.chance(isBoot ? 0.6 : 0.35) ? random.between(1, 3) : 0;
  const [heelWide, arch] = [random.between(4, 9), random.between(0.8, 3.5)];
  const under: Point[] = !isBoot && random.chance(0.25)
    ? [[heel, ground], [heel - heelWide, ground], [heel - heelWide, ground - arch], [heel - heelWide - random.between(2, 5), ground - arch], [random.between(-5, -1), ground], [toe + random.between(0, 1), ground]] // prettier-ignore
    : step
    ? [[heel, ground + step * 0.6], [heel - random.between(3, 6), ground + step * 0.6], [heel - 7, ground], [toe, ground]] // prettier-ignore
    : [[heel + random.between(-0.5, 0.3), ground], [toe + random.between(-0.3, 0.5), ground]]; // prettier-ignore
  if (isBoot && random.chance(0.3)) {
    const tall = random.between(4, 8);
    under[0] = [heel, ground + tall / 2];
  }
  if (random.chance(0.15)) {
    // A profile, or studs.
    const [wide, deep] = [random.between(0.8, 1.6), random.between(0.8, 2)];
    for (const x of spread(3 + random.below(4), toe + 3, heel - 3).reverse())
      under.splice(-1, 0, [x + wide, ground], [x + wide * 0.8, ground + deep], [x - wide * 0.8, ground + deep], [x - wide, ground]); // prettier-ignore
  }
  drawing.outline([...upper, ...under]);
  if (random.chance(0.8)) drawing.line([heel, base], [tip, base]);
  if (random.chance(0.3)) drawing.line([heel, base - 1], [tip, base - 1]);
  drawing.patch([[heel + 1, base], [heel + 1, ground + 5], [toe - 1, ground + 5], [toe - 1, base]]); // prettier-ignore
  const [fromX, fromY, toX, toY] = [instep, rise, opening[0]![0], opening[0]![1]];
  if (random.chance(0.7)) {
    // Laces.
    const [aside, down] = [random.between(1, 3), random.between(0.5, 3)];
    for (const part of spread(2 + random.below(3), 0.1, 0.75)) {
      const [x, y] = [fromX + (toX - fromX) * part, fromY + (toY - fromY) * part];
      drawing.line([x - 0.4, y], [x + aside, y + down]);
    }
  }
  if (random.chance(0.35)) {
    const cap = tip + random.between(2.5, 6);
    drawing.line([cap, base - front - 0.5], [cap + random.between(-1, 2), base]);
    if (random.chance(0.5)) drawing.patch([[toe - 2, base - front - 3], [cap, base - front - 3], [cap, base], [toe - 2, base]]); // prettier-ignore
  }
  if (isBoot && random.chance(0.4)) {
    const y = top + random.between(1.5, 3.5);
    drawing.line([ankle, y], [heel, y]);
    drawing.patch([[ankle - 3, top - 2], [heel + 2, top - 2], [heel + 2, y], [ankle - 3, y]]); // prettier-ignore
  }
  if (random.chance(0.3))
    drawing.line([heel - 4, base], [heel - 3.5, (top + base) / 2], [heel, (top + base) / 2 - 1]);
  if (!isBoot && random.chance(0.35))
    drawing.line([-1, base - 1], [3, rise + 1], [random.between(4, 9), rise + 2]);
  if (!isBoot && random.chance(0.35)) {
    for (const x of spread(2 + random.below(2), 1, 4)) drawing.line([x, base - 0.5], [x + 1.5, rise + 1]);
  }
  return drawing;
}

/** A low shoe seen obliquely from above, the toes on the left: a round toe, laces across, the opening for the foot behind. */
function shoeFromAbove(random: Random): Shapes {
  const drawing = new Drawing();
  const [wide, behind, sole] = [random.between(4.5, 8), random.between(4.5, 8), random.between(0.5, 4.5)];
  const lower: Point[] = [[13, behind * 0.2], [11.5, behind * 0.7], [5, wide * 0.7], [-4, wide * 0.9], [-10, wide * 0.6], [-13, 0]]; // prettier-ignore
  const upper: Point[] = [[-13, -0.1], [-11.5, -wide * 0.55], [-7, -wide * 0.85], [0, -wide - random.between(0, 1.5)], [6, -behind - random.between(0, 2)], [11.5, -behind * random.between(0.6, 1)], [13, -behind * 0.4]]; // prettier-ignore
  drawing.outline([...upper, ...lower.map(([x, y]): Point => [x, y + sole])]);
  const edge: Point[] = [[13, 0], ...lower];
  if (sole > 1.2 && random.chance(0.85)) drawing.line(...edge);
  drawing.patch([...edge, [-15, 0], [-15, 15], [15, 15], [15, 0]]);
  const [middle, open] = [random.between(7, 9), random.between(2.5, 4.5)];
  const opening = ellipse(middle, -behind * random.between(0.3, 0.6), open, behind * random.between(0.3, 0.55)); // prettier-ignore
  if (random.chance(0.75)) drawing.line(...opening);
  if (random.chance(0.5)) drawing.opening(opening);
  const [long, y] = [random.between(1.5, 4), -wide * random.between(0.3, 0.6)];
  const lean = random.between(-1.5, 1.5);
  if (random.chance(0.8)) for (const x of spread(3 + random.below(3), -random.between(4, 7), middle - open - 0.5)) drawing.line([x - lean, y - long], [x + lean, y + long]); // prettier-ignore
  if (random.chance(0.5)) drawing.line([-7, -wide * 0.8], [-8.5, 0], [-6.5, wide * 0.8]);
  if (random.chance(0.3)) drawing.line([middle - open, y], [middle - open - 1, wide * 0.7]);
  if (random.chance(0.25)) drawing.ring(bow(-2, 6, wide * 0.4, random.between(3, 8)));
  return turned(drawing, random.between(-0.3, 0.9));
}

/** A high heel, closed or open at the back; straps are drawn by sandalFromTheSide. */
function highHeel(random: Random): Shapes {
  const drawing = new Drawing();
  const [toe, heel, ground] = [-13, 11, 11];
  const high = random.chance(0.35) ? random.between(5.5, 9) : random.between(9, 16);
  const back = ground - high;
  const stem = random.chance(0.35) ? random.between(3.5, 6.5) : random.between(0.8, 3.5);
  // A thick heel is a block of its own, below an arch.
  const block = Math.min(back + 4, ground - 2.5);
  const mule = random.chance(0.4);
  const middle = random.between(-3, 1);
  const vamp: Point[] = [[toe + 5, ground - random.between(3, 5)], [middle, ground - random.between(4, 7)]]; // prettier-ignore
  const counter: Point[] = mule
    ? [[middle + 1, ground - 3], [heel, back]] // prettier-ignore
    : [[(middle + heel) / 2, ground - high * 0.65], [heel, back - random.between(2, 5)]]; // prettier-ignore
  drawing.outline([[toe, ground - 1], ...vamp, ...counter, [heel + 0.3, back], [heel - 0.3, ground], [heel - stem, ground], [heel - stem - random.between(0, 1.5), block], [0, ground - random.between(1.5, 3)], [-4, ground], [toe, ground]]); // prettier-ignore
  if (random.chance(0.5))
    drawing.line([toe, ground - 1], [-4, ground - 1], [1, ground - 3], [heel, back + 1]);
  if (stem > 3.5 && random.chance(0.5)) drawing.line([heel + 1, block], [heel - stem - 2, block]);
  return drawing;
}

function sandal(random: Random): Shapes {
  const kind = random.uniform();
  if (kind < 0.45) return flipFlops(random, random.chance(0.5));
  if (kind < 0.75) return highHeel(random);
  const { outlines, details } = sandalFromTheSide(random);
  return { outlines, handles: details.lines.filter(({ length }) => length > 2), details: new Details() };
}

function bag(random: Random): Shapes {
  return random.oneOf([backpack, briefcase, tote, purse])(random);
}

/** A handle as a band: two arcs, or a single line. */
function handle(drawing: Drawing, half: number, foot: number, rise: number, random: Random): void {
  const edgy = random.chance(0.35);
  const arc = (h: number, up: number): Point[] =>
    edgy ? [[-h, foot], [-h, foot - up], [h, foot - up], [h, foot]] : bow(-h, h, foot, -up); // prettier-ignore
  if (random.chance(0.6)) drawing.ring(arc(half, rise));
  else {
    const thick = random.between(0.8, 1.6);
    drawing.outline([...arc(half, rise), ...arc(half - thick, rise - thick).reverse()]);
  }
}

function backpack(random: Random): Shapes {
  const drawing = new Drawing();
  const half = random.between(7, 9.5);
  const [top, bottom] = [-10, 12];
  const shoulder = half * random.between(0.5, 0.85);
  drawing.outline(symmetrical([[shoulder * 0.6, top], [shoulder, top + 1], [half, top + random.between(4, 8)], [half + random.between(-0.5, 0.8), bottom - 1.5], [half - 1, bottom]])); // prettier-ignore
  handle(drawing, random.between(1.5, 3), top, random.between(2, 3.5), random);
  const [wide, upper] = [half * random.between(0.5, 0.85), random.between(-1, 4)];
  const lower = random.chance(0.5) ? bottom : bottom - 2;
  const pocket: Point[] = [[-wide, lower], [-wide, upper + 1], [-wide + 1, upper], [wide - 1, upper], [wide, upper + 1], [wide, lower]]; // prettier-ignore
  if (random.chance(0.85)) drawing.line(...(lower < bottom ? closed(pocket) : pocket));
  if (random.chance(0.4)) drawing.patch(pocket);
  if (random.chance(0.5)) drawing.line([-wide, upper + 3], [wide, upper + 3]);
  if (random.chance(0.4)) drawing.line(...bow(-wide, wide, top + 6, -random.between(1, 3)));
  if (random.chance(0.3)) drawing.line([-wide * 0.4, top + 4], [wide * 0.4, top + 4]);
  if (random.chance(0.35)) for (const sign of [1, -1]) drawing.outline([[sign * half, 1], [sign * (half + 2.5), 2.5], [sign * (half + 2.5), 9], [sign * half, 10]]); // prettier-ignore
  return drawing;
}

function briefcase(random: Random): Shapes {
  const drawing = new Drawing();
  const [half, top, bottom] = [random.between(10.5, 13), random.between(-8, -4), random.between(7, 11)];
  const round = random.between(0.3, 2);
  drawing.outline(symmetrical([[half - round, top], [half, top + round], [half, bottom - round], [half - round, bottom]])); // prettier-ignore
  handle(drawing, random.between(3, 6), top, random.between(2.5, 4.5), random);
  const y = top + (bottom - top) * random.between(0.3, 0.65);
  const closing = random.uniform();
  if (closing < 0.25) drawing.line([-half, y], [half, y]);
  else if (closing < 0.5) drawing.line(...bow(-half, half, y - 2, random.between(2, 4)));
  else if (closing < 0.65) for (const each of [y - 2, y + 3]) drawing.line([-half, each], [half, each]);
  else if (closing < 0.8) drawing.pair([half * 0.5, top], [half * 0.5, bottom]);
  if (random.chance(0.4)) drawing.patch(box(-half - 1, top - 1, half + 1, y));
  if (random.chance(0.45)) {
    const clasp = box(-1.2, y - 1, 1.2, y + 1.4);
    drawing.line(...clasp);
    drawing.opening(clasp);
  }
  return drawing;
}

function tote(random: Random): Shapes {
  const drawing = new Drawing();
  const [upper, lower] = [random.between(6.5, 11.5), random.between(7.5, 12.5)];
  const [top, bottom] = [random.between(-6, -1), 12];
  drawing.outline(symmetrical([[upper, top], [lower, bottom - 1], [lower - 0.8, bottom]])); // prettier-ignore
  const half = upper * random.between(0.35, 0.65);
  const foot = random.uniform();
  if (foot < 0.3) {
    // Within the bag, as on one of paper.
    drawing.line(...bow(-half, half, top + random.between(2, 4), random.between(3, 6)));
    if (random.chance(0.5)) handle(drawing, half, top, random.between(4, 7), random);
  } else {
    const below = foot < 0.65 ? 0 : random.between(1.5, 5);
    handle(drawing, half, top + below, below + random.between(4.5, 8), random);
  }
  if (random.chance(0.35)) drawing.line([-upper, top + 2.5], [upper, top + 2.5]);
  if (random.chance(0.3)) {
    const y = random.between(2, 7);
    drawing.line([-lower, y], [lower, y]);
    drawing.patch(box(-lower - 1, y, lower + 1, bottom + 1));
  }
  if (random.chance(0.15))
    for (const y of spread(3, top + 4, bottom - 3)) drawing.line([-lower, y], [lower, y]);
  return drawing;
}

/** A small one without handles: a clutch, or a round one that snaps shut. */
function purse(random: Random): Shapes {
  const drawing = new Drawing();
  const [half, top, bottom] = [random.between(10, 13), random.between(-6, -3), random.between(6, 10)];
  const neck = half * random.between(0.55, 0.95);
  drawing.outline(symmetrical([[neck, top], [half * 0.95, top + 3], [half, (top + bottom) / 2 + 1], [half * 0.85, bottom - 1.5], [half * 0.6, bottom]])); // prettier-ignore
  drawing.line([-neck, top + 2], [neck, top + 2]);
  if (random.chance(0.5)) for (const x of [-0.9, 0.9]) drawing.line(...ellipse(x, top - 1, 0.9, 0.9));
  if (random.chance(0.4)) drawing.patch(box(-half, top - 1, half, top + 2));
  if (random.chance(0.35)) drawing.line([half - 3, top + 3], [half + 1, top + 5], [half - 2, top + 6]);
  if (random.chance(0.3)) drawing.line(...bow(-half, half, top + 2, random.between(3, 6)));
  return drawing;
}

/** By class number. */
const ICONS: readonly ((random: Random) => Shapes)[] = [
  tShirt,
  trousers,
  pullover,
  dress,
  coat,
  sandal,
  shirt,
  (random) => (random.chance(0.12) ? shoeFromAbove(random) : closedShoe(random, false)),
  bag,
  (random) => closedShoe(random, true),
];
