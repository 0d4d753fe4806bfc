/**
 * What people draw on a garment so that it is known: a shirt's collar and buttons, a coat's lapels, a pullover's ribbed
 * hem, laces, a handle. Photographs at 28×28 hardly show it, and outlines of them not at all.
 */
import type { Random } from '../random.ts';
import { between, chance, oneOf } from './chance.ts';
import type { Line } from './contours.ts';
import type { Silhouette } from './silhouette.ts';

/** Open lines in the photograph's coordinates; one point alone is a dot. */
type Details = Line[];

/** @param label class number @returns nothing for classes that their outline shows well enough */
export function details(label: number, silhouette: Silhouette, random: Random): Details {
  return KINDS[label]?.(silhouette, random) ?? [];
}

/** How often somebody draws any, by class number: a shirt without a collar and buttons is no shirt to anybody. */
export const DETAILED: Readonly<Record<number, number>> = {
  0: 0.5,
  1: 0.5,
  2: 0.6,
  3: 0.5,
  4: 0.85,
  6: 0.9,
  7: 0.75,
  8: 0.7,
  9: 0.5,
};

const KINDS: Readonly<Record<number, (silhouette: Silhouette, random: Random) => Details>> = {
  0: teeShirt,
  1: trousers,
  2: pullover,
  3: dress,
  4: coat,
  6: shirt,
  7: sneaker,
  8: bag,
  9: ankleBoot,
};

/** Half a torso in the photographs, in pixels; sleeves hang beside it. */
const TORSO = 6;

/**
 * A garment for the upper body: across from -1 to 1 over the torso, down from 0 at the neck to 1 at the hem.
 */
interface Body {
  at: (...points: (readonly [across: number, down: number])[]) => Line;
  silhouette: Silhouette;
  axis: number;
  torso: number;
}

function bodyOf(silhouette: Silhouette): Body {
  const axis = (silhouette.left + silhouette.right) / 2;
  const torso = Math.min(TORSO, silhouette.width / 2);
  const { first: neck, last: hem } = silhouette.column(axis);
  return {
    at: (...points) =>
      points.flatMap(([across, down]) => [axis + torso * across, neck + (hem - neck) * down]),
    silhouette,
    axis,
    torso,
  };
}

type Point = readonly [across: number, down: number];
const mirrored = (points: readonly Point[]): Point[] => points.map(([across, down]) => [-across, down]);
const closed = (points: readonly Point[]): Point[] => [...points, points[0]!];
/** Of a rectangle, closed. */
const box = (left: number, top: number, right: number, bottom: number): Point[] =>
  closed([
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]);
/** Equal parts of a range, both ends among them. */
const spread = (count: number, from: number, to: number): number[] =>
  Array.from({ length: count }, (_, i) =>
    count === 1 ? (from + to) / 2 : from + ((to - from) * i) / (count - 1),
  );
/** A bow from one point to another that sags by `sag` down (or up, if negative). */
const bow = (left: number, right: number, y: number, sag: number): Point[] =>
  spread(9, -1, 1).map((part) => [
    (left + right) / 2 + ((right - left) / 2) * part,
    y + sag * (1 - part * part),
  ]);
const ellipse = (x: number, y: number, across: number, down: number): Point[] =>
  spread(17, 0, 2 * Math.PI).map((angle) => [x + across * Math.cos(angle), y + down * Math.sin(angle)]);

function teeShirt(silhouette: Silhouette, random: Random): Details {
  const body = bodyOf(silhouette);
  const lines: Details = [];
  if (chance(random, 0.8)) lines.push(...neckline(body, random));
  if (chance(random, 0.4)) lines.push(...cuffs(body, between(random, 1, 2)));
  const pattern = random.uniform();
  if (pattern < 0.3) lines.push(...print(body, random));
  else if (pattern < 0.5) lines.push(...stripes(body, random));
  return lines;
}

function pullover(silhouette: Silhouette, random: Random): Details {
  const body = bodyOf(silhouette);
  const lines: Details = chance(random, 0.5) ? arms(body, random) : [];
  if (chance(random, 0.22)) {
    lines.push(...hood(body, random));
    if (chance(random, 0.8)) {
      const top = between(random, 0.58, 0.7);
      const inner = between(random, 0.25, 0.45);
      const outer = between(random, inner, 0.65);
      const bottom = between(random, 0.85, 0.95);
      lines.push(body.at(...closed([[-inner, top], [inner, top], [outer, bottom], [-outer, bottom]]))); // prettier-ignore
    }
    if (chance(random, 0.6)) {
      for (const side of [-0.12, 0.12]) lines.push(body.at([side, 0.06], [side, between(random, 0.18, 0.3)]));
    }
  } else if (chance(random, 0.85)) lines.push(...neckline(body, random));
  const band = between(random, 0.88, 0.95);
  if (chance(random, 0.65)) {
    lines.push(body.at([-1, band], [1, band]));
    if (chance(random, 0.45)) {
      for (const across of spread(6 + random.below(8), -0.95, 0.95)) {
        lines.push(body.at([across, band], [across, 1]));
      }
    }
  }
  if (chance(random, 0.6)) lines.push(...cuffs(body, between(random, 1.5, 3)));
  const pattern = random.uniform();
  if (pattern < 0.25) lines.push(...stripes(body, random));
  else if (pattern < 0.35) lines.push(...print(body, random));
  return lines;
}

function shirt(silhouette: Silhouette, random: Random): Details {
  const body = bodyOf(silhouette);
  const lines: Details = chance(random, 0.5) ? arms(body, random) : [];
  const neck = between(random, 0.3, 0.6);
  const meet = between(random, 0.03, 0.1);
  const hasBow = chance(random, 0.08);
  if (hasBow) {
    const [wide, high] = [between(random, 0.25, 0.5), between(random, 0.04, 0.08)];
    const loop: Point[] = closed([[0, meet], [wide, meet - high], [wide, meet + high]]); // prettier-ignore
    lines.push(body.at(...loop), body.at(...mirrored(loop)));
    lines.push(body.at([-0.2, meet + 0.17], [0, meet], [0.2, meet + 0.17]));
  } else {
    // Two flaps, from the neck's sides to where they meet.
    const point: Point = [between(random, 0.2, 0.65), between(random, 0.1, 0.18)];
    const side: Point = [neck, between(random, -0.06, 0)];
    const flap: Point[] = [side, point, [0, meet]];
    if (chance(random, 0.7)) flap.push(side);
    lines.push(body.at(...flap), body.at(...mirrored(flap)));
  }
  const placket = random.uniform();
  if (placket < 0.6) lines.push(body.at([0, meet], [0, 1]));
  else if (placket < 0.85) {
    const half = between(random, 0.08, 0.16);
    for (const across of [-half, half]) lines.push(body.at([across, meet + 0.03], [across, 1]));
  }
  if (chance(random, 0.8) || placket >= 0.85) {
    const across = chance(random, 0.8) ? 0 : 0.1;
    for (const down of spread(
      4 + random.below(4),
      meet + between(random, 0.06, 0.12),
      between(random, 0.82, 0.94),
    )) {
      lines.push(body.at([across, down]));
    }
  }
  if (chance(random, 0.45)) lines.push(...chestPockets(body, random));
  if (chance(random, 0.5)) lines.push(...cuffs(body, between(random, 1.5, 3)));
  const pattern = random.uniform();
  const upright = (): Details =>
    spread(4 + random.below(6), -0.9, 0.9).map((across) => body.at([across, 0.05], [across, 0.97]));
  if (pattern < 0.08) lines.push(...upright());
  else if (pattern < 0.16) lines.push(...upright(), ...stripes(body, random));
  return lines;
}

function coat(silhouette: Silhouette, random: Random): Details {
  const body = bodyOf(silhouette);
  const lines: Details = chance(random, 0.5) ? arms(body, random) : [];
  const neck = between(random, 0.25, 0.55);
  const collar = random.uniform();
  let meet = between(random, 0.22, 0.45);
  if (collar < 0.6) {
    // Lapels, with a notch or without.
    const out = between(random, 0.5, 0.85);
    const notch = meet * between(random, 0.35, 0.6);
    const lapel: Point[] = [
      [neck, -0.04],
      [out * 0.9, notch - 0.05],
      ...(chance(random, 0.5) ? [[out * 0.65, notch - 0.03] as const, [out, notch + 0.03] as const] : []),
      [0, meet],
      ...(chance(random, 0.7) ? [[neck * 0.8, -0.03] as const] : []),
    ];
    lines.push(body.at(...lapel), body.at(...mirrored(lapel)));
  } else if (collar < 0.75) {
    lines.push(body.at([-neck, -0.03], [0, meet], [neck, -0.03]));
  } else if (collar < 0.88) {
    lines.push(...hood(body, random));
    meet = 0.08;
  } else {
    // A collar that stands.
    lines.push(body.at([-neck, 0.03], [-neck, -0.07], [neck, -0.07], [neck, 0.03], [-neck, 0.03]));
    meet = 0;
  }
  const isDouble = chance(random, 0.5);
  const half = between(random, 0.08, 0.2);
  if (chance(random, 0.9)) {
    const sides = isDouble && chance(random, 0.4) ? [-half, half] : [0];
    for (const across of sides) lines.push(body.at([across, meet], [across, 1]));
  }
  const fastening = random.uniform();
  if (fastening < 0.65) {
    const columns = isDouble ? [-1.8 * half, 1.8 * half] : [oneOf(random, [0, 0.12])];
    const rows = spread(2 + random.below(isDouble ? 3 : 4), meet + 0.06, between(random, 0.65, 0.85));
    for (const across of columns) for (const down of rows) lines.push(button(body, across, down, random));
  } else if (fastening < 0.75) {
    for (const down of spread(3 + random.below(2), meet + 0.08, 0.75)) {
      lines.push(body.at([-0.3, down], [0.3, down]));
    }
  }
  if (chance(random, 0.7)) {
    const [inner, outer] = [between(random, 0.3, 0.45), between(random, 0.7, 0.9)];
    const y = between(random, 0.58, 0.74);
    const pocket: Point[] = chance(random, 0.5)
      ? [[inner, y], [outer, y + between(random, -0.07, 0.1)]] // prettier-ignore
      : box(inner, y, outer, y + between(random, 0.04, 0.16));
    lines.push(body.at(...pocket), body.at(...mirrored(pocket)));
  }
  if (chance(random, 0.22)) {
    const y = between(random, 0.46, 0.58);
    lines.push(body.at([-1, y], [1, y]), body.at([-1, y + 0.06], [1, y + 0.06]));
    if (chance(random, 0.6)) lines.push(body.at(...box(-0.14, y - 0.015, 0.14, y + 0.075)));
  }
  if (chance(random, 0.35)) lines.push(...cuffs(body, between(random, 2, 4)));
  if (chance(random, 0.1)) {
    for (const down of spread(4 + random.below(5), 0.12, 0.92))
      lines.push(body.at(...bow(-1, 1, down, 0.03)));
  }
  return lines;
}

function dress(silhouette: Silhouette, random: Random): Details {
  const { top, bottom, height, left, right } = silhouette;
  const axis = (left + right) / 2;
  const lines: Details = [];
  if (chance(random, 0.6)) lines.push(...neckline(bodyOf(silhouette), random));
  const waist = top + height * between(random, 0.32, 0.48);
  const across = (y: number): Line => {
    const { first, last } = silhouette.row(y);
    return [first, y, last, y];
  };
  if (chance(random, 0.75)) {
    lines.push(across(waist));
    if (chance(random, 0.35)) lines.push(across(waist + between(random, 1, 2)));
  }
  if (chance(random, 0.55)) {
    const [narrow, wide] = [silhouette.row(waist + 1), silhouette.row(bottom - 1)];
    for (const part of spread(1 + random.below(4), 0.2, 0.8)) {
      const x = (span: { first: number; last: number }): number =>
        span.first + (span.last - span.first) * part;
      lines.push([x(narrow), waist + 1, x(wide), bottom - between(random, 0, 4)]);
    }
  }
  if (chance(random, 0.12)) lines.push([axis, top + 2, axis, bottom]);
  return lines;
}

function trousers(silhouette: Silhouette, random: Random): Details {
  const { top, height, left, right } = silhouette;
  const axis = (left + right) / 2;
  const lines: Details = [];
  const band = top + between(random, 1.2, 2.5);
  const { first, last } = silhouette.row(band);
  if (chance(random, 0.8)) lines.push([first, band, last, band]);
  if (chance(random, 0.4)) {
    const fly = between(random, 3, 6);
    lines.push([axis, band, axis, band + fly]);
    if (chance(random, 0.5)) lines.push([axis + 1.3, band, axis + 1.3, band + fly - 1, axis, band + fly]);
  }
  if (chance(random, 0.35)) {
    const deep = between(random, 2, 4);
    lines.push([first + 2.5, band, first, band + deep], [last - 2.5, band, last, band + deep]);
  }
  if (chance(random, 0.12)) {
    const y = top + height * between(random, 0.45, 0.55);
    for (const x of [left + 1, right - 4]) {
      lines.push([x, y, x + 3, y, x + 3, y + 3, x, y + 3, x, y], [x, y + 1, x + 3, y + 1]);
    }
  }
  if (chance(random, 0.2)) {
    for (const side of [-0.7, 0.7])
      lines.push([axis + side, band, axis + side, band + between(random, 2, 4)]);
  }
  return lines;
}

function bag(silhouette: Silhouette, random: Random): Details {
  const { top, bottom, height, left, right, width } = silhouette;
  const axis = (left + right) / 2;
  // Handles are narrower than what they carry.
  let lid = top;
  while (lid < bottom && silhouette.row(lid).last - silhouette.row(lid).first < 0.7 * width) lid++;
  const tall = bottom - lid;
  const lines: Details = [];
  if (chance(random, lid - top < 0.2 * height ? 0.5 : 0.15)) {
    const half = width * between(random, 0.12, 0.45);
    const up = chance(random, 0.6) ? between(random, 3, 8) : between(random, 8, 18);
    lines.push(chance(random, 0.4) ? [axis - half, lid, axis - 0.6 * half, lid - up, axis + 0.6 * half, lid - up, axis + half, lid] : bow(axis - half, axis + half, lid, -up).flat()); // prettier-ignore
    if (chance(random, 0.35)) lines.push(bow(axis - 0.8 * half, axis + 0.8 * half, lid, -0.8 * up).flat());
  }
  const closing = random.uniform();
  const deep = lid + tall * between(random, 0.3, 0.65);
  if (closing < 0.2) lines.push([left, lid, axis, deep, right, lid]);
  else if (closing < 0.4)
    lines.push([left, lid, left + 1, deep - 1, left + 2, deep, right - 2, deep, right - 1, deep - 1, right, lid]); // prettier-ignore
  else if (closing < 0.6) lines.push([silhouette.row(deep).first, deep, silhouette.row(deep).last, deep]);
  else if (closing < 0.7) lines.push([left, lid + 2, right, lid + 2]);
  if (closing < 0.6 && chance(random, 0.6)) {
    const clasp = between(random, 0.5, 1.5);
    lines.push(
      chance(random, 0.5)
        ? ellipse(axis, deep, clasp, clasp).flat()
        : box(axis - clasp, deep - clasp, axis + clasp, deep + clasp).flat(),
    );
  }
  if (chance(random, 0.2)) {
    const half = width * between(random, 0.2, 0.35);
    const [upper, lower] = [lid + tall * between(random, 0.5, 0.65), bottom - between(random, 0.5, 2)];
    lines.push(box(axis - half, upper, axis + half, lower).flat());
    if (chance(random, 0.5)) lines.push([axis - half, upper + 1.5, axis + half, upper + 1.5]);
  }
  if (chance(random, 0.2)) {
    const half = width * between(random, 0.2, 0.35);
    const end = chance(random, 0.5) ? bottom : deep;
    for (const x of [axis - half, axis + half]) lines.push([x, lid, x, end]);
  }
  return lines;
}

function sneaker(silhouette: Silhouette, random: Random): Details {
  // Toes are on the left in all of the photographs.
  const { left, right, width } = silhouette;
  const lines: Details = [...sole(silhouette, between(random, 1, 2.6), random)];
  const x = (part: number): number => left + width * part;
  const upper = (part: number): number => silhouette.column(x(part)).first;
  if (chance(random, 0.75)) {
    const [from, to] = [between(random, 0.3, 0.4), between(random, 0.52, 0.65)];
    const [aside, down] = [between(random, 0, 3), between(random, 1.5, 3.5)];
    for (const part of spread(2 + random.below(4), from, to)) {
      lines.push([x(part), upper(part) + 0.5, x(part) + aside, upper(part) + 0.5 + down]);
    }
  }
  if (chance(random, 0.45)) {
    const part = between(random, 0.14, 0.28);
    lines.push([x(part), upper(part), x(part) + 1, upper(part) + 2, x(part) + 0.5, silhouette.bottom - 2]);
  }
  if (chance(random, 0.4)) {
    const part = between(random, 0.8, 0.9);
    lines.push([x(part), upper(part), x(part), silhouette.bottom - 2]);
  }
  const pattern = random.uniform();
  if (pattern < 0.25) {
    const [from, aside] = [between(random, 0.45, 0.55), between(random, 0.5, 3)];
    for (const part of spread(2 + random.below(3), from, from + 0.2)) {
      lines.push([x(part) + aside, upper(part) + 1.5, x(part) - aside / 2, silhouette.bottom - 2]);
    }
  } else if (pattern < 0.4) {
    lines.push([x(0.35), silhouette.bottom - 3, x(0.6), silhouette.bottom - 3, x(0.9), upper(0.9) + 2]);
  } else if (pattern < 0.5) {
    for (let dots = 4 + random.below(6); dots > 0; dots--) {
      const part = between(random, 0.1, 0.45);
      lines.push([x(part), between(random, upper(part) + 1.5, silhouette.bottom - 2.5)]);
    }
  }
  // The tongue and the padded opening stand above the rest.
  if (chance(random, 0.3))
    lines.push([x(0.6), upper(0.6) + 1, x(0.78), upper(0.78) + 2, right, upper(1) + 1]);
  return lines;
}

function ankleBoot(silhouette: Silhouette, random: Random): Details {
  const { left, top, right, bottom, height, width } = silhouette;
  const lines: Details = chance(random, 0.7) ? [...sole(silhouette, between(random, 1, 2.5), random)] : [];
  const shaft = silhouette.row(top + 2);
  if (chance(random, 0.35)) {
    const y = top + between(random, 1.5, 3);
    lines.push([shaft.first, y, shaft.last, y]);
  }
  const middle = (shaft.first + shaft.last) / 2;
  const closing = random.uniform();
  if (closing < 0.25) {
    for (const part of spread(3 + random.below(4), 0.12, 0.55)) {
      const y = top + height * part;
      const { first } = silhouette.row(y);
      lines.push([first + 0.5, y, first + between(random, 2, 4), y + between(random, -0.5, 1.5)]);
    }
  } else if (closing < 0.4) {
    lines.push([middle, top, middle + between(random, 0, 2), bottom - 2]);
  } else if (closing < 0.55) {
    const half = between(random, 1, 2.2);
    const end = top + height * between(random, 0.4, 0.6);
    lines.push([middle - half, top, middle - half / 2, end, middle + half / 2, end, middle + half, top]);
  } else if (closing < 0.65) {
    const y = top + height * between(random, 0.4, 0.6);
    lines.push([silhouette.row(y).first, y, silhouette.row(y).last, y]);
  }
  if (chance(random, 0.2))
    lines.push([left + 0.25 * width, bottom - 0.35 * height, right, bottom - 0.3 * height]);
  return lines;
}

/** The line between a shoe and its sole, along the lower edge from the toes to the heel. */
function sole(silhouette: Silhouette, thick: number, random: Random): Details {
  const { left, right, bottom } = silhouette;
  const line: Line = [left, bottom - thick, right, bottom - thick];
  if (chance(random, 0.75)) return [line];
  return [line, [left, bottom - thick / 2, right, bottom - thick / 2]];
}

function neckline(body: Body, random: Random): Details {
  const half = between(random, 0.3, 0.6);
  const deep = between(random, 0.04, 0.3);
  const line = (more: number): Line =>
    deep > 0.15
      ? body.at([-half - more, -0.03], [0, deep + more], [half + more, -0.03])
      : body.at(...bow(-half - more, half + more, -0.02, deep + more));
  return chance(random, 0.35) ? [line(0), line(between(random, 0.06, 0.1))] : [line(0)];
}

function hood(body: Body, random: Random): Details {
  const [wide, high] = [between(random, 0.4, 0.65), between(random, 0.11, 0.18)];
  const y = between(random, -0.1, 0);
  const lines = [body.at(...ellipse(0, y, wide, high))];
  if (chance(random, 0.6)) lines.push(body.at(...ellipse(0, y + 0.02, 0.6 * wide, 0.65 * high)));
  return lines;
}

function stripes(body: Body, random: Random): Details {
  const zigzag = chance(random, 0.25);
  const rows = spread(2 + random.below(7), between(random, 0.2, 0.35), between(random, 0.7, 0.95));
  return rows.map((down) =>
    zigzag
      ? body.at(...spread(11, -0.9, 0.9).map((across, i): Point => [across, down + (i % 2) * 0.05]))
      : body.at([-0.95, down], [0.95, down]),
  );
}

function print(body: Body, random: Random): Details {
  const [wide, high] = [between(random, 0.2, 0.5), between(random, 0.07, 0.18)];
  const y = between(random, 0.3, 0.45);
  const shape = random.below(3);
  if (shape === 0) return [body.at(...ellipse(0, y, wide, high))];
  if (shape === 1) return [body.at(...box(-wide, y - high, wide, y + high))];
  return spread(3, y - high, y + high).map((down) => body.at([-wide, down], [wide, down]));
}

function chestPockets(body: Body, random: Random): Details {
  const [inner, outer] = [between(random, 0.2, 0.4), between(random, 0.65, 0.85)];
  const [upper, lower] = [between(random, 0.22, 0.3), between(random, 0.36, 0.46)];
  const pocket: Point[] = chance(random, 0.5)
    ? box(inner, upper, outer, lower)
    : closed([[inner, upper], [outer, upper], [outer, lower], [(inner + outer) / 2, lower + 0.05], [inner, lower]]); // prettier-ignore
  return chance(random, 0.25)
    ? [body.at(...pocket), body.at(...mirrored(pocket))]
    : [body.at(...(chance(random, 0.5) ? pocket : mirrored(pocket)))];
}

function button(body: Body, across: number, down: number, random: Random): Line {
  const size = between(random, 0.05, 0.1);
  return chance(random, 0.8) ? body.at([across, down]) : body.at(...ellipse(across, down, size, size / 3));
}

/** Where long sleeves leave the torso: in photographs they touch it, in drawings they hang apart. */
function arms({ at, silhouette, axis, torso }: Body, random: Random): Details {
  const { left, right, top, height } = silhouette;
  const isLong = [left + 1.5, right - 1.5].every((x) => silhouette.column(x).last > top + 0.65 * height);
  if (!isLong || right - axis < torso + 2) return [];
  const [armpit, across] = [between(random, 0.25, 0.4), between(random, 0.9, 1.1)];
  return [-across, across].map((side) => at([side, armpit], [side, 1]));
}

/** Lines across the ends of both sleeves. @param from pixels above the end */
function cuffs({ silhouette, axis, torso }: Body, from: number): Details {
  const { left, right } = silhouette;
  return [left, right].map((edge) => {
    const outward = Math.sign(edge - axis);
    const end = silhouette.column(edge - 1.5 * outward).last;
    return [
      edge,
      end - from,
      axis + outward * Math.min(torso + 0.5, Math.abs(edge - axis) - 1),
      end - from + 0.5,
    ];
  });
}
