/** Bags. */
import type { Random } from '../../../math/random.ts';
import { between, chance } from '../chance.ts';
import type { Line } from '../contours.ts';
import type { Silhouette } from '../silhouette.ts';
import { bow, box, type Details, ellipse } from './shapes.ts';

export function bag(silhouette: Silhouette, random: Random): Pick<Details, 'lines'> {
  const { top, bottom, height, left, right, width } = silhouette;
  const axis = (left + right) / 2;
  // Handles are narrower than what they carry.
  let lid = top;
  while (lid < bottom && silhouette.row(lid).last - silhouette.row(lid).first < 0.7 * width) lid++;
  const tall = bottom - lid;
  const lines: Line[] = [];
  if (chance(random, lid - top < 0.2 * height ? 0.6 : 0.15)) {
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
  return { lines };
}
