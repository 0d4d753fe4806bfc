/** Closed shoes. Their toes are on the left in all of the photographs. */
import type { Random } from '../../../math/random.ts';
import type { Silhouette } from '../photo.ts';
import { box, Details, type Line, spread } from '../shapes.ts';

export function sneaker(silhouette: Silhouette, random: Random): Details {
  const { left, right, width, top, bottom } = silhouette;
  const thickness = random.between(1, 3.2);
  const details = new Details();
  const { lines, patches } = details;
  lines.push(...sole(silhouette, thickness, random));
  const x = (part: number): number => left + width * part;
  const upper = (part: number): number => silhouette.column(x(part)).first;
  if (random.chance(0.75)) {
    // Laces.
    const [from, to] = [random.between(0.3, 0.4), random.between(0.52, 0.65)];
    const [aside, down] = [random.between(0, 3), random.between(1.5, 3.5)];
    for (const part of spread(2 + random.below(4), from, to)) {
      lines.push([x(part), upper(part) + 0.5, x(part) + aside, upper(part) + 0.5 + down]);
    }
  }
  if (random.chance(0.45)) {
    const part = random.between(0.14, 0.28);
    lines.push([x(part), upper(part), x(part) + 1, upper(part) + 2, x(part) + 0.5, bottom - 2]);
  }
  if (random.chance(0.4)) {
    const part = random.between(0.8, 0.9);
    lines.push([x(part), upper(part), x(part), bottom - 2]);
  }
  const pattern = random.uniform();
  if (pattern < 0.25) {
    const [from, aside] = [random.between(0.45, 0.55), random.between(0.5, 3)];
    for (const part of spread(2 + random.below(3), from, from + 0.2)) {
      lines.push([x(part) + aside, upper(part) + 1.5, x(part) - aside / 2, bottom - 2]);
    }
  } else if (pattern < 0.4) {
    lines.push([x(0.35), bottom - 3, x(0.6), bottom - 3, x(0.9), upper(0.9) + 2]);
  } else if (pattern < 0.5) {
    for (let dots = 4 + random.below(6); dots > 0; dots--) {
      const part = random.between(0.1, 0.45);
      lines.push([x(part), random.between(upper(part) + 1.5, bottom - 2.5)]);
    }
  }
  // The tongue and the padded opening rise above the rest.
  if (random.chance(0.3)) lines.push([x(0.6), upper(0.6) + 1, x(0.78), upper(0.78) + 2, right, upper(1) + 1]);
  patches.push(solePatch(silhouette, thickness));
  const cap = x(random.between(0.12, 0.25));
  if (random.chance(0.4)) patches.push(box(left - 1, top, cap, bottom + 1).flat());
  if (random.chance(0.15)) patches.push(box(x(0.85), top, right + 1, bottom + 1).flat());
  return details;
}

export function ankleBoot(silhouette: Silhouette, random: Random): Details {
  const { left, top, right, bottom, height, width } = silhouette;
  const thickness = random.between(1, 2.5);
  const details = new Details();
  const { lines, patches } = details;
  if (random.chance(0.7)) lines.push(...sole(silhouette, thickness, random));
  const shaft = silhouette.row(top + 2);
  if (random.chance(0.35)) {
    const y = top + random.between(1.5, 3);
    lines.push([shaft.first, y, shaft.last, y]);
  }
  const middle = (shaft.first + shaft.last) / 2;
  const closing = random.uniform();
  if (closing < 0.25) {
    // Laces.
    for (const part of spread(3 + random.below(4), 0.12, 0.55)) {
      const y = top + height * part;
      const { first } = silhouette.row(y);
      lines.push([first + 0.5, y, first + random.between(2, 4), y + random.between(-0.5, 1.5)]);
    }
  } else if (closing < 0.4) {
    lines.push([middle, top, middle + random.between(0, 2), bottom - 2]);
  } else if (closing < 0.55) {
    const half = random.between(1, 2.2);
    const end = top + height * random.between(0.4, 0.6);
    lines.push([middle - half, top, middle - half / 2, end, middle + half / 2, end, middle + half, top]);
  } else if (closing < 0.65) {
    lines.push(silhouette.across(top + height * random.between(0.4, 0.6)));
  }
  if (random.chance(0.2))
    lines.push([left + 0.25 * width, bottom - 0.35 * height, right, bottom - 0.3 * height]);
  patches.push(solePatch(silhouette, thickness));
  return details;
}

/** All of the shoe's lowest part. */
const solePatch = ({ left, right, bottom }: Silhouette, thickness: number): Line =>
  box(left - 1, bottom - thickness, right + 1, bottom + 1).flat();

/** The line between a shoe and its sole, along the lower edge from toes to heel; some soles are hatched. */
function sole({ left, right, bottom }: Silhouette, thickness: number, random: Random): Line[] {
  const kind = random.uniform();
  const heights = kind < 0.55 ? [1] : kind < 0.75 ? [1, 0.5] : [1, 0.75, 0.5, 0.25];
  return heights.map((part) => [left, bottom - thickness * part, right, bottom - thickness * part]);
}
