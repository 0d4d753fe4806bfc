/**
 * Sandals as people draw them, made up: flip-flops from above, one or a pair, which no photograph of the dataset shows;
 * and from the side, a sole with straps that stand over it by themselves, while a photograph's contours run all around.
 */
import type { Random } from '../../math/random.ts';
import { between, chance } from './chance.ts';
import type { Line } from './contours.ts';
import { bow, ellipse, mirrored, NO_DETAILS, type Point } from './details/shapes.ts';
import { FIELD } from './field.ts';
import type { Subject } from './subject.ts';

export const sandal = (random: Random): Subject =>
  chance(random, 0.4) ? flipFlops(random) : fromTheSide(random);

export function flipFlops(random: Random): Subject {
  const [ball, waist, heel] = [
    between(random, 3.6, 5.2),
    between(random, 2.3, 3.6),
    between(random, 2.7, 3.8),
  ];
  // The big toe's side is straighter.
  const toe = between(random, -1, 1);
  const sole: Point[] = [
    [toe, -13], [ball * 0.7, -12], [ball, -8], [ball * 0.9, -4], [waist, 2], [heel * 0.95, 6], [heel, 10], [heel * 0.6, 12.6], [0, 13],
    [-heel * 0.6, 12.6], [-heel, 10], [-heel * 0.95, 6], [-waist, 2], [-ball * 0.9, -4], [-ball, -8], [-ball * 0.7, -12],
  ]; // prettier-ignore
  const [front, back] = [between(random, -10, -6.5), between(random, -3, 3)];
  const wide = back < -1 ? ball : waist;
  const bend = between(random, 0, 1.5);
  const strap: Point[] = [[-wide, back], [-wide * 0.55, (front + back) / 2 - bend], [toe / 2, front], [wide * 0.55, (front + back) / 2 - bend], [wide, back]]; // prettier-ignore
  const pair = chance(random, 0.5);
  const apart = pair ? ball + between(random, 0.8, 2.5) : 0;
  const both = (points: readonly Point[]): Line[] => {
    const left = placed(points.map(([x, y]) => [x - apart, y]));
    const right = placed(mirrored(points).map(([x, y]) => [x + apart, y]));
    return pair ? [left, right] : [left];
  };
  return madeUp(both(sole), both(strap));
}

/** The toes on the left, as in the photographs. */
export function fromTheSide(random: Random): Subject {
  const [toe, heel, ground] = [-13, 13, 8] as const;
  const high = chance(random, 0.35) ? 0 : between(random, 2, 10);
  const thick = between(random, 0.8, 2.6);
  const [flat, steep] = [between(random, -8, -3), between(random, 4, 9)];
  /** The upper side of the sole: level under the toes and the heel, rising between. */
  const top = (x: number): number => {
    const part = Math.min(1, Math.max(0, (x - flat) / (steep - flat)));
    return ground - thick - high * part * part * (3 - 2 * part);
  };
  const along = (from: number, to: number): Point[] =>
    Array.from({ length: 13 }, (_, i): Point => {
      const x = from + ((to - from) * i) / 12;
      return [x, top(x)];
    });
  const isWedge = high > 0 && chance(random, 0.6);
  const narrow = between(random, 1, 3);
  const under: Point[] =
    high === 0 || isWedge
      ? [[heel, ground], [toe, ground]] // prettier-ignore
      : [[heel - 0.3, ground], [heel - narrow, ground], [heel - narrow - 0.8, top(heel) + thick], ...along(heel - narrow - 1, flat).map(([x, y]): Point => [x, y + thick]), [toe, ground]]; // prettier-ignore
  const shapes: Line[] = [placed([...along(toe, heel), ...under])];
  const lines: Line[] = [];
  if (isWedge && chance(random, 0.4))
    lines.push(placed(along(toe, heel).map(([x, y]) => [x, y + thick / 2])));

  /** How high a foot is above the sole. */
  const instep = (x: number): number => 2.5 + 0.5 * (x - toe) - 0.01 * (x - toe) ** 2;
  const width = between(random, 0.9, 2.4);
  /** A strap as a band with two edges, or as a single stroke of the pen. */
  const isBand = chance(random, 0.4);
  const strap = (...points: Point[]): void => {
    if (!isBand) lines.push(placed(points));
    else {
      const shifted = points.map(([x, y]): Point => [x + width, y + 0.15 * width]);
      shapes.push(placed([...points, ...shifted.toReversed()]));
    }
  };
  // Over the toes.
  const kind = random.uniform();
  const [from, to] = [between(random, -12, -9.5), between(random, -6, -1)];
  const rise = instep((from + to) / 2) * between(random, 0.7, 1.2);
  const foot = top(from);
  if (kind < 0.35) lines.push(placed(bow(from, to, foot, -rise)));
  else if (kind < 0.5) shapes.push(placed(bow(from, to, foot, -rise)));
  else if (kind < 0.75) {
    strap([from, foot], [from + 1, foot - 0.8 * rise], [(from + to) / 2, foot - rise]);
    strap([to, top(to)], [to - 1, foot - 0.8 * rise], [(from + to) / 2, foot - rise]);
  } else {
    const ends: Point[] = [];
    for (let x = from, left = 2 + random.below(5); left > 0; left--, x += between(random, 1.8, 3.2)) {
      const end = x + between(random, -0.5, 2.5);
      ends.push([end, top(end) - instep(end)]);
      strap([x, top(x)], ends.at(-1)!);
    }
    // What they hang on, along the foot.
    if (chance(random, 0.6)) lines.push(placed([[from - 1, top(from)], ...ends]));
  }
  // Around the ankle, and what holds it.
  const ankle = random.uniform();
  const up = top(heel) - between(random, 5, 11);
  if (ankle < 0.3) {
    lines.push(placed(ellipse(heel - 3.5, up, between(random, 2.5, 4), between(random, 1.2, 2.6))));
    if (chance(random, 0.8)) strap([heel - width, top(heel)], [heel - width, up]);
  } else if (ankle < 0.75) {
    const front = heel - between(random, 5, 9);
    strap([heel - width, top(heel)], [heel - width, up]);
    const bands = chance(random, 0.4) ? 2 + random.below(3) : 1;
    for (let band = 0; band < bands; band++) {
      const y = up + ((top(heel) - up) * band) / (bands + 1);
      lines.push(placed([[heel, y], [front, y + between(random, 0, 1.5)]])); // prettier-ignore
    }
    if (bands > 1 || chance(random, 0.6)) strap([front, up], [between(random, -4, 4), top(2) - 0.5]);
    if (chance(random, 0.4)) lines.push(placed([[front, up], [(from + to) / 2, foot - rise]])); // prettier-ignore
  } else if (chance(random, 0.5)) {
    const middle = between(random, 0, 5);
    lines.push(placed(bow(middle - 3, middle + 4, top(middle), -instep(middle))));
  }
  return madeUp(shapes, lines);
}

/** From coordinates about the middle to the photograph's. */
function placed(points: readonly Point[]): Line {
  const middle = (FIELD - 1) / 2;
  return points.flatMap(([x, y]) => [x + middle, y + middle]);
}

const madeUp = (shapes: Line[], lines: Line[]): Subject => ({
  shapes,
  details: { ...NO_DETAILS, lines },
  field: new Float32Array(FIELD * FIELD),
});
