/**
 * Sandals as people draw them, without a photograph: flip-flops from above, one or a pair, which the dataset never shows;
 * and from the side, a sole with separate straps, where a photograph's contour runs all around.
 */
import type { Random } from '../../math/random.ts';
import type { LineDrawing } from './line-drawing.ts';
import { PADDED_SIZE } from './photo.ts';
import { bow, Details, ellipse, type Line, mirrored, type Point, spread } from './shapes.ts';

export const sandal = (random: Random): LineDrawing =>
  random.chance(0.4) ? flipFlops(random) : sandalFromTheSide(random);

/** @param isBroad whether to draw them broader than feet, with round straps, as icons do */
export function flipFlops(random: Random, isBroad = false): LineDrawing {
  const ball = isBroad ? random.between(5, 8) : random.between(3.6, 5.2);
  const waist = isBroad ? ball * random.between(0.65, 0.95) : random.between(2.3, 3.6);
  const heel = isBroad ? ball * random.between(0.65, 0.95) : random.between(2.7, 3.8);
  // The big toe's side is straighter.
  const toe = random.between(-1, 1);
  const sole: Point[] = [
    [toe, -13], [ball * 0.7, -12], [ball, -8], [ball * 0.9, -4], [waist, 2], [heel * 0.95, 6], [heel, 10], [heel * 0.6, 12.6], [0, 13],
    [-heel * 0.6, 12.6], [-heel, 10], [-heel * 0.95, 6], [-waist, 2], [-ball * 0.9, -4], [-ball, -8], [-ball * 0.7, -12],
  ]; // prettier-ignore
  const [front, back] = [random.between(-10, -6.5), random.between(-3, 3)];
  const wide = back < -1 ? ball : waist;
  const bend = random.between(0, 1.5);
  const strap = isBroad
    ? roundStrap(toe / 2, front, wide * random.between(0.75, 1), random)
    : ([[-wide, back], [-wide * 0.55, (front + back) / 2 - bend], [toe / 2, front], [wide * 0.55, (front + back) / 2 - bend], [wide, back]] as Point[]); // prettier-ignore
  const pair = random.chance(isBroad ? 0.2 : 0.5);
  const apart = pair ? ball + random.between(0.8, 2.5) : 0;
  const both = (points: readonly Point[]): Line[] => {
    const left = placed(points.map(([x, y]) => [x - apart, y]));
    const right = placed(mirrored(points).map(([x, y]) => [x + apart, y]));
    return pair ? [left, right] : [left];
  };
  return lineDrawing(both(sole), both(strap));
}

/** From one side around the toes to the other. */
function roundStrap(toe: number, front: number, wide: number, random: Random): Point[] {
  const [back, round] = [random.between(-2, 5), random.between(0.5, 1)];
  const half = spread(6, 0, 1).map((part): Point => [wide * part ** round, front + (back - front) * part ** (1 + 2 * round)]); // prettier-ignore
  return [...mirrored(half).reverse(), ...half.slice(1)].map(([x, y]) => [x + toe * (1 - Math.abs(x) / wide), y]); // prettier-ignore
}

/** With the toes on the left, as in the photographs. */
export function sandalFromTheSide(random: Random): LineDrawing {
  const [toe, heel, ground] = [-13, 13, 8] as const;
  const high = random.chance(0.35) ? 0 : random.between(2, 10);
  const thick = random.between(0.8, 2.6);
  const [flat, steep] = [random.between(-8, -3), random.between(4, 9)];
  /** Height of the sole: level under the toes and the heel, rising between. */
  const top = (x: number): number => {
    const part = Math.min(1, Math.max(0, (x - flat) / (steep - flat)));
    return ground - thick - high * part * part * (3 - 2 * part);
  };
  const along = (from: number, to: number): Point[] => spread(13, from, to).map((x) => [x, top(x)]);
  const isWedge = high > 0 && random.chance(0.6);
  const narrow = random.between(1, 3);
  const under: Point[] =
    high === 0 || isWedge
      ? [[heel, ground], [toe, ground]] // prettier-ignore
      : [[heel - 0.3, ground], [heel - narrow, ground], [heel - narrow - 0.8, top(heel) + thick], ...along(heel - narrow - 1, flat).map(([x, y]): Point => [x, y + thick]), [toe, ground]]; // prettier-ignore
  const outlines: Line[] = [placed([...along(toe, heel), ...under])];
  const lines: Line[] = [];
  if (isWedge && random.chance(0.4)) lines.push(placed(along(toe, heel).map(([x, y]) => [x, y + thick / 2])));

  /** Height of a foot above the sole. */
  const instep = (x: number): number => 2.5 + 0.5 * (x - toe) - 0.01 * (x - toe) ** 2;
  const width = random.between(0.9, 2.4);
  /** A strap as a band with two edges, or as a single stroke of the pen. */
  const isBand = random.chance(0.4);
  const strap = (...points: Point[]): void => {
    if (!isBand) lines.push(placed(points));
    else {
      const shifted = points.map(([x, y]): Point => [x + width, y + 0.15 * width]);
      outlines.push(placed([...points, ...shifted.reverse()]));
    }
  };
  // Over the toes.
  const kind = random.uniform();
  const [from, to] = [random.between(-12, -9.5), random.between(-6, -1)];
  const rise = instep((from + to) / 2) * random.between(0.7, 1.2);
  const foot = top(from);
  if (kind < 0.35) lines.push(placed(bow(from, to, foot, -rise)));
  else if (kind < 0.5) outlines.push(placed(bow(from, to, foot, -rise)));
  else if (kind < 0.75) {
    strap([from, foot], [from + 1, foot - 0.8 * rise], [(from + to) / 2, foot - rise]);
    strap([to, top(to)], [to - 1, foot - 0.8 * rise], [(from + to) / 2, foot - rise]);
  } else {
    const ends: Point[] = [];
    for (let x = from, left = 2 + random.below(5); left > 0; left--, x += random.between(1.8, 3.2)) {
      const end = x + random.between(-0.5, 2.5);
      ends.push([end, top(end) - instep(end)]);
      strap([x, top(x)], ends.at(-1)!);
    }
    // A strap along the foot that holds them.
    if (random.chance(0.6)) lines.push(placed([[from - 1, top(from)], ...ends]));
  }
  // Around the ankle, and straps that hold it.
  const ankle = random.uniform();
  const up = top(heel) - random.between(5, 11);
  if (ankle < 0.3) {
    lines.push(placed(ellipse(heel - 3.5, up, random.between(2.5, 4), random.between(1.2, 2.6))));
    if (random.chance(0.8)) strap([heel - width, top(heel)], [heel - width, up]);
  } else if (ankle < 0.75) {
    const front = heel - random.between(5, 9);
    strap([heel - width, top(heel)], [heel - width, up]);
    const bands = random.chance(0.4) ? 2 + random.below(3) : 1;
    for (let band = 0; band < bands; band++) {
      const y = up + ((top(heel) - up) * band) / (bands + 1);
      lines.push(placed([[heel, y], [front, y + random.between(0, 1.5)]])); // prettier-ignore
    }
    if (bands > 1 || random.chance(0.6)) strap([front, up], [random.between(-4, 4), top(2) - 0.5]);
    if (random.chance(0.4)) lines.push(placed([[front, up], [(from + to) / 2, foot - rise]])); // prettier-ignore
  } else if (random.chance(0.5)) {
    const middle = random.between(0, 5);
    lines.push(placed(bow(middle - 3, middle + 4, top(middle), -instep(middle))));
  }
  return lineDrawing(outlines, lines);
}

/** From coordinates about the middle to the photograph's. */
export function placed(points: readonly Point[]): Line {
  const middle = (PADDED_SIZE - 1) / 2;
  return points.flatMap(([x, y]) => [x + middle, y + middle]);
}

function lineDrawing(outlines: Line[], lines: Line[]): LineDrawing {
  const details = new Details();
  details.lines.push(...lines);
  return { outlines, details, photo: new Float32Array(PADDED_SIZE ** 2) };
}
