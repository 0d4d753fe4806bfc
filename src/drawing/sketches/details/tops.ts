/** T-shirts, pullovers, shirts, coats and dresses. */
import type { Random } from '../../../math/random.ts';
import type { Silhouette, Span } from '../photo.ts';
import { bow, box, closed, type Details, type Point, spread } from '../shapes.ts';
import {
  armholes,
  button,
  chestPockets,
  cuffs,
  dots,
  hood,
  neckline,
  print,
  shortSleeves,
  sleeveSeams,
  stripes,
  UpperBody,
} from './upper-body.ts';

export function teeShirt(silhouette: Silhouette, random: Random): Details {
  const body = new UpperBody(silhouette);
  const pattern = random.uniform();
  if (random.chance(0.25)) {
    const strap = random.between(0.35, 0.7);
    armholes(body, strap + random.between(0.12, 0.35), random);
    neckline(body, random, strap);
  } else {
    if (random.chance(0.8)) neckline(body, random);
    if (random.chance(0.4)) cuffs(body, random.between(1, 2));
  }
  if (pattern < 0.3) print(body, random);
  else if (pattern < 0.5) stripes(body, random);
  else if (pattern < 0.56) dots(body, random);
  return body;
}

export function pullover(silhouette: Silhouette, random: Random): Details {
  const body = new UpperBody(silhouette);
  const neck = new UpperBody(silhouette);
  if (random.chance(0.5)) sleeveSeams(body, random);
  if (random.chance(0.22)) {
    hood(body, random);
    if (random.chance(0.8)) {
      const top = random.between(0.58, 0.7);
      const inner = random.between(0.25, 0.45);
      const outer = random.between(inner, 0.65);
      const bottom = random.between(0.85, 0.95);
      body.line(...closed([[-inner, top], [inner, top], [outer, bottom], [-outer, bottom]])); // prettier-ignore
    }
    if (random.chance(0.6)) {
      for (const x of [-0.12, 0.12]) body.line([x, 0.06], [x, random.between(0.18, 0.3)]);
    }
  } else if (random.chance(0.85)) neckline(neck, random);
  const band = random.between(0.88, 0.95);
  if (random.chance(0.65)) {
    body.line([-1, band], [1, band]);
    if (random.chance(0.45)) {
      for (const x of spread(6 + random.below(8), -0.95, 0.95)) body.line([x, band], [x, 1]);
    }
  }
  if (random.chance(0.6)) cuffs(body, random.between(1.5, 3));
  const pattern = random.uniform();
  if (pattern < 0.25) stripes(body, random);
  else if (pattern < 0.35) print(body, random);
  // Drawn last.
  body.add(neck);
  return body;
}

export function shirt(silhouette: Silhouette, random: Random): Details {
  const body = new UpperBody(silhouette);
  const isSummery = random.chance(0.25);
  if (isSummery) shortSleeves(body, random);
  else if (random.chance(0.5)) sleeveSeams(body, random);
  const neck = random.between(0.3, 0.6);
  const meet = random.between(0.03, 0.1);
  if (random.chance(0.08)) {
    // A bow.
    const [width, height] = [random.between(0.25, 0.5), random.between(0.04, 0.08)];
    body.pair(closed([[0, meet], [width, meet - height], [width, meet + height]])); // prettier-ignore
    body.line([-0.2, meet + 0.17], [0, meet], [0.2, meet + 0.17]);
  } else {
    // Two flaps of a collar, from the sides of the neck to where they meet.
    const point: Point = [random.between(0.2, 0.65), random.between(0.1, 0.18)];
    const side: Point = [neck, random.between(-0.06, 0)];
    const flap: Point[] = [side, point, [0, meet]];
    if (random.chance(0.7)) flap.push(side);
    if (random.chance(0.4)) body.openNeck([[-neck, side[1]], [0, meet], side]); // prettier-ignore
    body.pair(flap);
  }
  const placket = random.uniform();
  if (placket < 0.6) body.line([0, meet], [0, 1]);
  else if (placket < 0.85) {
    const half = random.between(0.08, 0.16);
    for (const x of [-half, half]) body.line([x, meet + 0.03], [x, 1]);
  }
  if (random.chance(0.8) || placket >= 0.85) {
    const x = random.chance(0.8) ? 0 : 0.1;
    const [count, first] = [4 + random.below(4), meet + random.between(0.06, 0.12)];
    for (const y of spread(count, first, random.between(0.82, 0.94))) body.line([x, y]);
  }
  if (random.chance(0.45)) chestPockets(body, random);
  if (!isSummery && random.chance(0.5)) cuffs(body, random.between(1.5, 3));
  const pattern = random.uniform();
  if (pattern < 0.16) {
    for (const x of spread(4 + random.below(6), -0.9, 0.9)) body.line([x, 0.05], [x, 0.97]);
    if (pattern >= 0.08) stripes(body, random);
  }
  if (pattern > (isSummery ? 0.6 : 0.94)) dots(body, random);
  return body;
}

export function coat(silhouette: Silhouette, random: Random): Details {
  const body = new UpperBody(silhouette);
  if (random.chance(0.65)) sleeveSeams(body, random);
  const neck = random.between(0.25, 0.55);
  const collar = random.uniform();
  let meet = random.between(0.2, 0.5);
  if (collar < 0.4) {
    // Lapels, with a notch or without.
    const out = random.between(0.5, 0.85);
    const notch = meet * random.between(0.35, 0.6);
    const lapel: Point[] = [[neck, -0.04], [out * 0.9, notch - 0.05]]; // prettier-ignore
    if (random.chance(0.5)) lapel.push([out * 0.65, notch - 0.03], [out, notch + 0.03]);
    lapel.push([0, meet]);
    if (random.chance(0.7)) lapel.push([neck * 0.8, -0.03]);
    body.pair(lapel);
  } else if (collar < 0.8) body.line([-neck, -0.03], [0, meet], [neck, -0.03]);
  else if (collar < 0.9) {
    hood(body, random);
    meet = 0.08;
  } else {
    // A stand-up collar.
    body.line([-neck, 0.03], [-neck, -0.07], [neck, -0.07], [neck, 0.03], [-neck, 0.03]);
    meet = 0;
  }
  if (collar < 0.8 && random.chance(0.6)) body.openNeck([[-neck, -0.03], [0, meet], [neck, -0.03]]); // prettier-ignore
  const isDouble = random.chance(0.5);
  const half = random.between(0.08, 0.2);
  if (random.chance(0.9)) {
    for (const x of isDouble && random.chance(0.4) ? [-half, half] : [0]) body.line([x, meet], [x, 1]);
  }
  const fastening = random.uniform();
  if (fastening < 0.65) {
    const columns = isDouble ? [-1.8 * half, 1.8 * half] : [random.oneOf([0, 0.12])];
    const rows = spread(2 + random.below(isDouble ? 3 : 5), meet + 0.06, random.between(0.65, 0.85));
    for (const x of columns) for (const y of rows) button(body, x, y, random);
  } else if (fastening < 0.75) {
    for (const y of spread(3 + random.below(2), meet + 0.08, 0.75)) body.line([-0.3, y], [0.3, y]);
  }
  if (random.chance(0.5)) {
    // Pockets.
    const [inner, outer] = [random.between(0.3, 0.45), random.between(0.7, 0.9)];
    const y = random.between(0.58, 0.74);
    if (random.chance(0.5))
      body.pair([[inner, y], [outer, y + random.between(-0.07, 0.1)]]); // prettier-ignore
    else body.pair(box(inner, y, outer, y + random.between(0.04, 0.16)));
  }
  if (random.chance(0.22)) {
    // A belt.
    const y = random.between(0.46, 0.58);
    for (const edge of [y, y + 0.06]) body.line([-1, edge], [1, edge]);
    if (random.chance(0.6)) body.line(...box(-0.14, y - 0.015, 0.14, y + 0.075));
  }
  if (random.chance(0.35)) cuffs(body, random.between(2, 4));
  if (random.chance(collar < 0.8 ? 0.06 : 0.45)) {
    // Quilted.
    for (const y of spread(4 + random.below(5), 0.12, 0.92)) body.line(...bow(-1, 1, y, 0.03));
  }
  return body;
}

export function dress(silhouette: Silhouette, random: Random): Details {
  const { top, bottom, height, axis } = silhouette;
  const body = new UpperBody(silhouette);
  const { lines } = body;
  if (random.chance(0.6)) neckline(body, random);
  const waist = top + height * random.between(0.32, 0.48);
  if (random.chance(0.75)) {
    lines.push(silhouette.across(waist));
    if (random.chance(0.35)) lines.push(silhouette.across(waist + random.between(1, 2)));
  }
  if (random.chance(0.55)) {
    const [narrow, wide] = [silhouette.row(waist + 1), silhouette.row(bottom - 1)];
    for (const part of spread(1 + random.below(4), 0.2, 0.8)) {
      const x = (span: Span): number => span.first + (span.last - span.first) * part;
      lines.push([x(narrow), waist + 1, x(wide), bottom - random.between(0, 4)]);
    }
  }
  if (random.chance(0.12)) lines.push([axis, top + 2, axis, bottom]);
  if (random.chance(0.06)) dots(body, random);
  return body;
}
