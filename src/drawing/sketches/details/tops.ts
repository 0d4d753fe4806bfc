/** T-shirts, pullovers, shirts, coats and dresses. */
import type { Random } from '../../../math/random.ts';
import { between, chance, oneOf } from '../chance.ts';
import type { Line } from '../contours.ts';
import type { Silhouette, Span } from '../silhouette.ts';
import {
  armholes,
  arms,
  bodyOf,
  button,
  chestPockets,
  cuffs,
  dots,
  hood,
  neckline,
  neckOpening,
  print,
  shortSleeves,
  stripes,
} from './body.ts';
import { bow, box, closed, type Details, joined, mirrored, type Point, spread } from './shapes.ts';

export function teeShirt(silhouette: Silhouette, random: Random): Partial<Details> {
  const body = bodyOf(silhouette);
  const parts: Partial<Details>[] = [];
  const pattern = random.uniform();
  if (chance(random, 0.25)) {
    const strap = between(random, 0.35, 0.7);
    parts.push(armholes(body, strap + between(random, 0.12, 0.35), random));
    parts.push(neckline(body, random, strap));
  } else {
    if (chance(random, 0.8)) parts.push(neckline(body, random));
    if (chance(random, 0.4)) parts.push({ lines: cuffs(body, between(random, 1, 2)) });
  }
  if (pattern < 0.3) parts.push({ lines: print(body, random) });
  else if (pattern < 0.5) parts.push({ lines: stripes(body, random) });
  else if (pattern < 0.56) parts.push(dots(body, random));
  return joined(parts);
}

export function pullover(silhouette: Silhouette, random: Random): Partial<Details> {
  const body = bodyOf(silhouette);
  const lines: Line[] = chance(random, 0.5) ? arms(body, random) : [];
  let neck: Partial<Details> = {};
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
  } else if (chance(random, 0.85)) {
    neck = neckline(body, random);
  }
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
  return joined([{ lines }, neck]);
}

export function shirt(silhouette: Silhouette, random: Random): Partial<Details> {
  const body = bodyOf(silhouette);
  const openings: Line[] = [];
  const isSummery = chance(random, 0.25);
  const sleeves = isSummery ? shortSleeves(body, random) : {};
  const lines: Line[] = !isSummery && chance(random, 0.5) ? arms(body, random) : [];
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
    if (chance(random, 0.4)) openings.push(neckOpening(body, [[-neck, side[1]], [0, meet], side])); // prettier-ignore
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
  if (!isSummery && chance(random, 0.5)) lines.push(...cuffs(body, between(random, 1.5, 3)));
  const pattern = random.uniform();
  const upright = (): Line[] =>
    spread(4 + random.below(6), -0.9, 0.9).map((across) => body.at([across, 0.05], [across, 0.97]));
  if (pattern < 0.08) lines.push(...upright());
  else if (pattern < 0.16) lines.push(...upright(), ...stripes(body, random));
  const blossoms = pattern > (isSummery ? 0.6 : 0.94) ? dots(body, random) : {};
  return joined([sleeves, { lines, openings }, blossoms]);
}

export function coat(silhouette: Silhouette, random: Random): Partial<Details> {
  const body = bodyOf(silhouette);
  const openings: Line[] = [];
  const lines: Line[] = chance(random, 0.65) ? arms(body, random) : [];
  const neck = between(random, 0.25, 0.55);
  const collar = random.uniform();
  let meet = between(random, 0.2, 0.5);
  if (collar < 0.4) {
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
  } else if (collar < 0.8) {
    lines.push(body.at([-neck, -0.03], [0, meet], [neck, -0.03]));
  } else if (collar < 0.9) {
    lines.push(...hood(body, random));
    meet = 0.08;
  } else {
    // A collar that stands.
    lines.push(body.at([-neck, 0.03], [-neck, -0.07], [neck, -0.07], [neck, 0.03], [-neck, 0.03]));
    meet = 0;
  }
  if (collar < 0.8 && chance(random, 0.6)) {
    openings.push(neckOpening(body, [[-neck, -0.03], [0, meet], [neck, -0.03]])); // prettier-ignore
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
    const rows = spread(2 + random.below(isDouble ? 3 : 5), meet + 0.06, between(random, 0.65, 0.85));
    for (const across of columns) for (const down of rows) lines.push(button(body, across, down, random));
  } else if (fastening < 0.75) {
    for (const down of spread(3 + random.below(2), meet + 0.08, 0.75)) {
      lines.push(body.at([-0.3, down], [0.3, down]));
    }
  }
  if (chance(random, 0.5)) {
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
  if (chance(random, collar < 0.8 ? 0.06 : 0.45)) {
    for (const down of spread(4 + random.below(5), 0.12, 0.92))
      lines.push(body.at(...bow(-1, 1, down, 0.03)));
  }
  return { lines, openings };
}

export function dress(silhouette: Silhouette, random: Random): Partial<Details> {
  const { top, bottom, height, left, right } = silhouette;
  const axis = (left + right) / 2;
  const body = bodyOf(silhouette);
  const neck = chance(random, 0.6) ? neckline(body, random) : {};
  const lines: Line[] = [];
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
      const x = (span: Span): number => span.first + (span.last - span.first) * part;
      lines.push([x(narrow), waist + 1, x(wide), bottom - between(random, 0, 4)]);
    }
  }
  if (chance(random, 0.12)) lines.push([axis, top + 2, axis, bottom]);
  return joined([neck, { lines }, chance(random, 0.06) ? dots(body, random) : {}]);
}
