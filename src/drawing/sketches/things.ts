/**
 * Things that are no garments as icons and emoji show them, for a network to be unsure about: of any outline, or put together
 * from bodies, legs, wheels, stems, heads and handles, as animals, plants, vehicles, dishes, furniture and tools are.
 */
import type { Random } from '../../math/random.ts';
import { CANVAS, type Canvas, SCALE } from './canvas.ts';
import { drawIcon, Drawing, symmetrical, turned } from './icons.ts';
import { bow, box, ellipse, type Line, type Point, spread } from './shapes.ts';

/** Draws a thing on the canvas, which must be clear. */
export function thing(canvas: Canvas, random: Random): void {
  if (random.chance(0.45)) return blob(canvas, random);
  const drawing = new Drawing();
  random.oneOf(KINDS)(drawing, random);
  const angle = random.chance(0.25) ? random.between(-0.8, 0.8) : 0;
  drawIcon(turned(drawing, angle), null, canvas, random);
}

type Kind = (drawing: Drawing, random: Random) => void;

/** A closed shape about a point: round, a box, or with other corners. */
function body(x: number, y: number, wide: number, high: number, random: Random): Point[] {
  const kind = random.uniform();
  if (kind < 0.45) return ellipse(x, y, wide, high).slice(0, -1);
  const [upper, lower] = kind < 0.75 ? [1, 1] : [random.between(0.5, 1), random.between(0.5, 1)];
  const cut = random.chance(0.5) ? 0 : random.between(0.1, 0.5) * Math.min(wide, high);
  const half: Point[] = [[wide * upper - cut, -high], [wide * upper, cut - high], [wide * lower, high - cut], [wide * lower - cut, high]]; // prettier-ignore
  return symmetrical(half).map(([left, down]) => [x + left, y + down]);
}

/** A band from one point to another. */
function bar([x, y]: Point, [toX, toY]: Point, thick: number): Point[] {
  const half = thick / 2 / (Math.hypot(toX - x, toY - y) || 1);
  const [across, down] = [(y - toY) * half, (toX - x) * half];
  return [[x + across, y + down], [toX + across, toY + down], [toX - across, toY - down], [x - across, y - down]]; // prettier-ignore
}

/** An animal, a table, a chair: a body on legs, and what rises at one end. */
const onLegs: Kind = (drawing, random) => {
  const [wide, high] = [random.between(5, 12), random.between(0.8, 6)];
  drawing.outline(body(0, 0, wide, high, random));
  const [reach, thick, splay] = [random.between(4, 12), random.between(0.8, 3), random.between(-1, 2)];
  for (const x of spread(1 + random.below(4), -wide * 0.8, wide * 0.8))
    drawing.outline(bar([x, high * 0.5], [x + splay * Math.sign(x), high + reach], thick));
  const end = random.uniform();
  if (end < 0.5) {
    const [size, up] = [random.between(2, 5), high + random.between(0, 5)];
    if (up > high + 1) drawing.outline(bar([-wide * 0.8, 0], [-wide, -up], random.between(1.5, 4)));
    drawing.outline(body(-wide, -up, size, size * random.between(0.6, 1), random));
    if (random.chance(0.6)) drawing.outline([[-wide - 1, -up - size * 0.6], [-wide + 0.5, -up - size * 1.6], [-wide + 1.5, -up - size * 0.5]]); // prettier-ignore
    if (random.chance(0.6)) drawing.line([-wide - 1, -up - 0.5]);
    if (random.chance(0.6)) drawing.ring([[wide * 0.9, 0], [wide + 2, random.between(-3, 1)], [wide + random.between(2, 5), random.between(-8, 2)]]); // prettier-ignore
  } else if (end < 0.75) drawing.outline(bar([wide * 0.85, 0], [wide, -random.between(8, 14)], random.between(1, 4))); // prettier-ignore
};

/** A car, a train, a cart: wheels under a body, perhaps with a cabin. */
const onWheels: Kind = (drawing, random) => {
  const [wide, high, wheel] = [random.between(9, 13), random.between(2, 5), random.between(1.8, 4.5)];
  const [from, to, rise] = [random.between(-0.9, -0.3) * wide, random.between(0.2, 0.95) * wide, random.between(3, 7)]; // prettier-ignore
  const slope = random.between(0, 3);
  const cabin: Point[] = random.chance(0.8) ? [[from, -high], [from + slope, -high - rise], [to - slope, -high - rise], [to, -high]] : []; // prettier-ignore
  drawing.outline([[-wide, -high], ...cabin, [wide, -high * random.between(0.3, 1)], [wide, high], [-wide, high]]); // prettier-ignore
  for (const x of spread(2 + random.below(2), -wide * 0.6, wide * 0.6)) {
    drawing.outline(ellipse(x, high + wheel * 0.3, wheel, wheel).slice(0, -1));
    if (random.chance(0.5)) drawing.line(...ellipse(x, high + wheel * 0.3, wheel * 0.5, wheel * 0.5));
  }
  if (cabin.length && random.chance(0.7)) {
    const glass = box(from + slope + 0.6, -high - rise + 1.2, to - slope - 0.6, -high);
    drawing.line(...glass);
    drawing.opening(glass);
  }
};

/** A cup, a jug, a bottle, a bell, a jar: the same on both sides, with a handle on one side at most. */
const vessel: Kind = (drawing, random) => {
  const levels = spread(3 + random.below(3), -random.between(6, 13), random.between(6, 12));
  const widths = levels.map(() => random.between(1.5, 9));
  if (random.chance(0.6)) widths.sort((a, b) => (random.chance(0.9) ? b - a : a - b));
  const half = levels.map((y, i): Point => [widths[i]!, y]);
  drawing.outline(symmetrical(half));
  const [top, bottom] = [levels[0]!, levels.at(-1)!];
  if (random.chance(0.55)) {
    const [x, reach] = [(half[0]![0] + half[1]![0]) / 2, random.between(3, 6)];
    const [from, to] = [top + 1.5, (top + bottom) / 2 + random.between(0, 3)];
    drawing.ring(spread(9, -1, 1).map((part) => [x + reach * (1 - part * part), (from + to) / 2 + (part * (to - from)) / 2])); // prettier-ignore
  }
  if (random.chance(0.35)) for (const x of spread(1 + random.below(3), -3, 3)) drawing.ring([[x, top - 2], [x + 1, top - 3.5], [x, top - 5], [x + 1, top - 6.5]]); // prettier-ignore
  if (random.chance(0.35)) drawing.outline(body(0, bottom + 1.5, random.between(1, 9), 1.2, random));
  if (random.chance(0.4)) drawing.outline(ellipse(0, top - 1, 1.6, 1.4).slice(0, -1));
  for (let lines = random.below(3); lines > 0; lines--) {
    const y = random.between(top, bottom);
    drawing.line([-9, y], [9, y]);
  }
};

/** A tree, a mushroom, a flower, a lamp, an umbrella: a crown on a stem. */
const onStem: Kind = (drawing, random) => {
  const [thick, long] = [random.between(0.8, 4), random.between(4, 13)];
  drawing.outline(bar([0, -1], [random.between(-1, 1), long], thick));
  if (random.chance(0.3)) drawing.outline(body(0, long, random.between(3, 8), 1.2, random));
  const wide = random.between(4, 12);
  const crown = random.uniform();
  if (crown < 0.3)
    for (const y of spread(1 + random.below(3), -9, -1)) drawing.outline([[0, y - 6], [wide * (1 + y / 20), y + 2], [-wide * (1 + y / 20), y + 2]]); // prettier-ignore
  else if (crown < 0.55) drawing.outline(rays(0, -6, wide, random));
  else if (crown < 0.75)
    drawing.outline([...bow(-wide, wide, -1, -random.between(5, 12)), ...bow(-wide, wide, -1, -random.between(0, 2)).reverse()]); // prettier-ignore
  else drawing.outline(body(0, -6, wide, random.between(3, 7), random));
  if (random.chance(0.3)) drawing.outline(ellipse(thick + 2, long * 0.6, 2.5, 1.2).slice(0, -1));
};

/** A star, a gear, a sun, a leaf of clover: the same all around. */
function rays(x: number, y: number, reach: number, random: Random): Point[] {
  const [count, inner, isRound] = [3 + random.below(9), random.between(0.35, 0.85), random.chance(0.5)];
  return spread(count * 8 + 1, 0, 2 * Math.PI)
    .slice(0, -1)
    .map((angle, i) => {
      const wave = isRound
        ? (1 + Math.cos(count * angle)) / 2
        : [1, 0.75, 0.5, 0.25, 0, 0.25, 0.5, 0.75][i % 8]!;
      const away = reach * (inner + (1 - inner) * wave);
      return [x + away * Math.sin(angle), y - away * Math.cos(angle)];
    });
}

const round: Kind = (drawing, random) => {
  drawing.outline(rays(0, 0, 12, random));
  if (random.chance(0.6)) drawing.line(...ellipse(0, 0, random.between(1.5, 5), random.between(1.5, 5)));
  if (random.chance(0.3)) drawing.line([0, random.between(2, 8)], [0, 16]);
};

/** A face, of a human being or an animal. */
const head: Kind = (drawing, random) => {
  const [wide, high] = [random.between(7, 12), random.between(6, 11)];
  drawing.outline(body(0, 0, wide, high, random));
  const ears = random.uniform();
  const [x, size] = [wide * random.between(0.4, 0.9), random.between(2, 5)];
  for (const side of [1, -1])
    if (ears < 0.35) drawing.outline([[side * (x - size), -high * 0.7], [side * x, -high - size], [side * (x + size * 0.5), -high * 0.5]]); // prettier-ignore
    else if (ears < 0.65) drawing.outline(ellipse(side * x, -high * 0.8, size * 0.7, size * random.between(0.7, 2)).slice(0, -1)); // prettier-ignore
  const [apart, eyes] = [wide * random.between(0.25, 0.5), -high * random.between(0, 0.4)];
  if (random.chance(0.5)) drawing.pair([apart, eyes]);
  else drawing.pair(...ellipse(apart, eyes, wide * 0.12, high * 0.15));
  if (random.chance(0.7)) drawing.line(...bow(-apart, apart, high * 0.35, random.between(-2, 4)));
  if (random.chance(0.4)) drawing.line(...ellipse(0, high * 0.15, 1.2, 0.8));
};

/** A hammer, a key, a spoon, a brush, a sword: a long handle with a head. */
const tool: Kind = (drawing, random) => {
  const thick = random.between(1, 4);
  drawing.outline(bar([0, -8], [0, 13], thick));
  drawing.outline(random.chance(0.3) ? rays(0, -9, 5, random) : body(random.between(-1.5, 1.5), -9, random.between(thick, 9), random.between(1.5, 6), random)); // prettier-ignore
  if (random.chance(0.4)) drawing.opening(ellipse(0, -9, random.between(1, 3), random.between(1, 3)));
  if (random.chance(0.3)) for (const y of spread(1 + random.below(3), 7, 12)) drawing.outline(bar([0, y], [4, y], 1.2)); // prettier-ignore
  const angle = random.between(-1.6, 1.6);
  const points = turned(drawing, angle);
  drawing.outlines.splice(0, Infinity, ...points.outlines);
  drawing.details.openings.splice(0, Infinity, ...points.details.openings);
};

/** A telephone, a book, a letter, a window, a television: a plate with something on it. */
const plate: Kind = (drawing, random) => {
  const [wide, high] = random.oneOf([[7, 12], [9, 12], [12, 8], [10, 10]] as const); // prettier-ignore
  drawing.outline(box(-wide, -high, wide, high).slice(0, -1));
  const [inset, low] = [random.between(1, 2.5), random.between(1, 4)];
  const screen = box(inset - wide, inset - high, wide - inset, high - low);
  const kind = random.uniform();
  if (kind < 0.4) {
    drawing.line(...screen);
    if (random.chance(0.6)) drawing.patch(screen);
    if (low > 2.5) drawing.line([0, high - low / 2]);
  } else if (kind < 0.6) {
    const x = random.between(-0.8, 0.2) * wide;
    drawing.line([x, -high], [x, high]);
  } else if (kind < 0.8) drawing.line([-wide, -high], [0, random.between(-0.4, 0.6) * high], [wide, -high]);
  if (kind > 0.5) for (const y of spread(1 + random.below(5), inset - high + 2, high - low - 2)) drawing.line([-wide * 0.5, y], [wide * random.between(0, 0.7), y]); // prettier-ignore
  if (random.chance(0.2)) drawing.outline(bar([-wide * 0.5, high + 1.5], [wide * 0.5, high + 1.5], 2));
};

/** A banana, a moon, a feather, a knife, a fish: long, bent, pointed. */
const bent: Kind = (drawing, random) => {
  const [sag, thick] = [random.between(0, 9), random.between(2, 8)];
  drawing.outline([...bow(-12, 12, 0, sag + thick), ...bow(-12, 12, 0, sag - thick * random.between(0, 1)).reverse().slice(1, -1)]); // prettier-ignore
  if (random.chance(0.4)) drawing.outline([[12, 0], [17, -4], [16, 4]]); // prettier-ignore
  if (random.chance(0.4)) drawing.line(...bow(-11, 11, 0, sag + thick / 2));
  if (random.chance(0.3)) drawing.line([-8, sag * 0.6]);
};

/** A house, a church, a tower, a tent. */
const building: Kind = (drawing, random) => {
  const [wide, base] = [random.between(5, 10), random.between(6, 12)];
  const [eaves, over] = [random.between(-4, 3), random.between(0, 3)];
  drawing.outline([[0, eaves - random.between(4, 10)], [wide + over, eaves], [wide, eaves], [wide, base], [-wide, base], [-wide, eaves], [-wide - over, eaves]]); // prettier-ignore
  if (random.chance(0.5)) drawing.line([-wide, eaves], [wide, eaves]);
  const [x, half, tall] = [random.between(-0.5, 0.5) * wide, random.between(1, 2.5), random.between(4, 7)];
  const door = box(x - half, Math.max(eaves, base - tall), x + half, base);
  if (random.chance(0.75)) drawing.line(...door);
  if (random.chance(0.4)) drawing.opening(door);
  if (random.chance(0.4)) drawing.outline(box(wide * 0.4, eaves - 8, wide * 0.7, eaves - 2).slice(0, -1));
  if (random.chance(0.4)) drawing.line(...box(-wide * 0.7, eaves + 1, -wide * 0.3, eaves + 3.5));
};

/** Glasses, scissors, cherries, a bicycle: two rings, and what joins them. */
const rings: Kind = (drawing, random) => {
  const [size, apart, tall] = [random.between(3, 6), random.between(5.5, 8), random.between(0.7, 1.1)];
  for (const x of [-apart, apart]) {
    drawing.outline(ellipse(x, 4, size, size * tall).slice(0, -1));
    if (random.chance(0.5)) drawing.opening(ellipse(x, 4, size * 0.75, size * tall * 0.75));
  }
  const [x, y] = [random.between(-6, 6), random.between(-11, 3)];
  drawing.ring([[-apart, 4 - size * tall], [x, y], [apart, 4 - size * tall]]); // prettier-ignore
  if (random.chance(0.4)) drawing.ring([[-apart + size, 4], [apart - size, 4]]); // prettier-ignore
};

/** An aeroplane, a rocket, a bird, a butterfly: wings beside a body. */
const winged: Kind = (drawing, random) => {
  const [wide, nose, end] = [random.between(1, 3), -random.between(8, 13), random.between(7, 13)];
  const [from, reach, sweep] = [random.between(-6, 3), random.between(4, 12), random.between(-3, 8)];
  const deep = random.between(2, 7);
  const rear: Point[] = random.chance(0.6) ? [[wide + random.between(2, 4), end], [wide, end + 0.5]] : [[wide * 0.7, end]]; // prettier-ignore
  drawing.outline(symmetrical([[0.2, nose], [wide * 0.7, nose + 2], [wide, from], [wide + reach, from + sweep], [wide + reach, from + sweep + deep * 0.4], [wide, from + deep], ...rear])); // prettier-ignore
  if (random.chance(0.4)) drawing.line(...ellipse(0, random.between(nose + 3, 2), wide * 0.6, wide * 0.6));
  if (random.chance(0.3)) drawing.line([0, nose + 2], [0, end]);
};

const KINDS: readonly Kind[] = [onLegs, onWheels, vessel, onStem, round, head, tool, plate, bent, building, rings, winged]; // prettier-ignore

/** A body of any outline, with parts on it and beside it, often the same on both sides. */
function blob(canvas: Canvas, random: Random): void {
  const width = random.logBetween(0.7, 3.4) * SCALE;
  const isFilled = random.chance(0.65);
  const isSymmetrical = random.chance(0.6);
  const contour = isFilled && random.chance(0.3) ? random.below(256) : null;
  const middle = CANVAS / 2;
  const reach = random.between(0.2, 0.34) * CANVAS;
  const add = (line: Line, ink: number): void => {
    const mirrored = line.map((value, i) => (i % 2 ? value : CANVAS - value));
    for (const each of isSymmetrical ? [line, mirrored] : [line]) {
      const closedLine = [...each, each[0]!, each[1]!];
      if (isFilled) canvas.area([closedLine], ink);
      if (!isFilled || contour !== null) canvas.line(closedLine, width, contour ?? 255);
    }
  };
  const light = 100 + random.below(156);
  const upright = isSymmetrical ? 0 : random.between(-1, 1) * reach * 0.3;
  add(outline(middle + upright, middle, reach, random), light);
  for (let parts = random.below(5); parts > 0; parts--) {
    const [x, y] = [1, 1].map(() => middle + random.between(-1.1, 1.1) * reach) as [number, number];
    const ink = random.chance(0.4) ? random.below(light >> 1) : random.below(256);
    add(outline(x, y, reach * random.logBetween(0.12, 0.7), random), ink);
  }
}

/** Round, angular, wavy or long, about a point; closed without its first point again. */
function outline(x: number, y: number, reach: number, random: Random): Line {
  const [wide, high, angle] = [
    random.logBetween(0.4, 1),
    random.logBetween(0.4, 1),
    random.between(0, Math.PI),
  ];
  const kind = random.uniform();
  const corners = kind < 0.3 ? 3 + random.below(5) : 32;
  const waves = kind < 0.65 ? [] : spread(1 + random.below(3), 2, 7).map((k) => [Math.round(k), random.between(0, 0.3), random.between(0, 6)] as const); // prettier-ignore
  const [cos, sin] = random.chance(0.5) ? [1, 0] : [Math.cos(angle), Math.sin(angle)];
  return spread(corners + 1, 0, 2 * Math.PI)
    .slice(0, -1)
    .flatMap((turn) => {
      const away =
        reach * waves.reduce((sum, [k, size, phase]) => sum + size * Math.cos(k * turn + phase), 1);
      const [across, down] = [wide * away * Math.cos(turn), high * away * Math.sin(turn)];
      return [x + across * cos - down * sin, y + across * sin + down * cos];
    });
}
