/** Shoes that are closed. Their toes are on the left in all of the photographs. */
import type { Random } from '../../../math/random.ts';
import { between, chance } from '../chance.ts';
import type { Line } from '../contours.ts';
import type { Silhouette } from '../silhouette.ts';
import { box, type Details, spread } from './shapes.ts';

export function sneaker(silhouette: Silhouette, random: Random): Partial<Details> {
  const { left, right, width, bottom } = silhouette;
  const thick = between(random, 1, 3.2);
  const lines: Line[] = [...sole(silhouette, thick, random)];
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
  const patches = [solePatch(silhouette, thick)];
  const cap = x(between(random, 0.12, 0.25));
  if (chance(random, 0.4)) patches.push(box(left - 1, silhouette.top, cap, bottom + 1).flat());
  if (chance(random, 0.15)) patches.push(box(x(0.85), silhouette.top, right + 1, bottom + 1).flat());
  return { lines, patches };
}

export function ankleBoot(silhouette: Silhouette, random: Random): Partial<Details> {
  const { left, top, right, bottom, height, width } = silhouette;
  const thick = between(random, 1, 2.5);
  const lines: Line[] = chance(random, 0.7) ? [...sole(silhouette, thick, random)] : [];
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
  return { lines, patches: [solePatch(silhouette, thick)] };
}

/** All of the shoe's lowest part. */
const solePatch = ({ left, right, bottom }: Silhouette, thick: number): Line =>
  box(left - 1, bottom - thick, right + 1, bottom + 1).flat();

/** The line between a shoe and its sole, along the lower edge from the toes to the heel; some soles are filled in. */
function sole(silhouette: Silhouette, thick: number, random: Random): Line[] {
  const { left, right, bottom } = silhouette;
  const at = (part: number): Line => [left, bottom - thick * part, right, bottom - thick * part];
  const kind = random.uniform();
  if (kind < 0.55) return [at(1)];
  return kind < 0.75 ? [at(1), at(0.5)] : [1, 0.75, 0.5, 0.25].map(at);
}
