/** Trousers and bags. */
import type { Random } from '../../../math/random.ts';
import type { Silhouette } from '../photo.ts';
import { bow, box, Details, ellipse, type Line } from '../shapes.ts';

export function trousers(silhouette: Silhouette, random: Random): Details {
  const { top, height, left, right, axis } = silhouette;
  const details = new Details();
  const { lines } = details;
  const band = top + random.between(1.2, 2.5);
  const { first, last } = silhouette.row(band);
  if (random.chance(0.8)) lines.push([first, band, last, band]);
  if (random.chance(0.4)) {
    const fly = random.between(3, 6);
    lines.push([axis, band, axis, band + fly]);
    if (random.chance(0.5)) lines.push([axis + 1.3, band, axis + 1.3, band + fly - 1, axis, band + fly]);
  }
  if (random.chance(0.35)) {
    const pocket = random.between(2, 4);
    lines.push([first + 2.5, band, first, band + pocket], [last - 2.5, band, last, band + pocket]);
  }
  if (random.chance(0.12)) {
    const y = top + height * random.between(0.45, 0.55);
    for (const x of [left + 1, right - 4]) {
      lines.push([x, y, x + 3, y, x + 3, y + 3, x, y + 3, x, y], [x, y + 1, x + 3, y + 1]);
    }
  }
  if (random.chance(0.2)) {
    for (const x of [axis - 0.7, axis + 0.7]) lines.push([x, band, x, band + random.between(2, 4)]);
  }
  return details;
}

export function bag(silhouette: Silhouette, random: Random): Details {
  const { top, bottom, height, left, right, width, axis } = silhouette;
  const details = new Details();
  const { lines } = details;
  // Handles are narrower than the bag.
  let lid = top;
  while (lid < bottom && silhouette.row(lid).last - silhouette.row(lid).first < 0.7 * width) lid++;
  const tall = bottom - lid;
  if (random.chance(lid - top < 0.2 * height ? 0.6 : 0.15)) {
    const half = width * random.between(0.12, 0.45);
    const up = random.chance(0.6) ? random.between(3, 8) : random.between(8, 18);
    const arch = (scale: number): Line =>
      bow(axis - scale * half, axis + scale * half, lid, -scale * up).flat();
    const [inner, y] = [0.6 * half, lid - up];
    lines.push(
      random.chance(0.4) ? [axis - half, lid, axis - inner, y, axis + inner, y, axis + half, lid] : arch(1),
    );
    if (random.chance(0.35)) lines.push(arch(0.8));
  }
  const closing = random.uniform();
  const deep = lid + tall * random.between(0.3, 0.65);
  if (closing < 0.2) lines.push([left, lid, axis, deep, right, lid]);
  else if (closing < 0.4)
    lines.push([left, lid, left + 1, deep - 1, left + 2, deep, right - 2, deep, right - 1, deep - 1, right, lid]); // prettier-ignore
  else if (closing < 0.6) lines.push(silhouette.across(deep));
  else if (closing < 0.7) lines.push([left, lid + 2, right, lid + 2]);
  if (closing < 0.6 && random.chance(0.6)) {
    const size = random.between(0.5, 1.5);
    lines.push(
      random.chance(0.5)
        ? ellipse(axis, deep, size, size).flat()
        : box(axis - size, deep - size, axis + size, deep + size).flat(),
    );
  }
  if (random.chance(0.2)) {
    const half = width * random.between(0.2, 0.35);
    const [upper, lower] = [lid + tall * random.between(0.5, 0.65), bottom - random.between(0.5, 2)];
    lines.push(box(axis - half, upper, axis + half, lower).flat());
    if (random.chance(0.5)) lines.push([axis - half, upper + 1.5, axis + half, upper + 1.5]);
  }
  if (random.chance(0.2)) {
    const half = width * random.between(0.2, 0.35);
    const end = random.chance(0.5) ? bottom : deep;
    for (const x of [axis - half, axis + half]) lines.push([x, lid, x, end]);
  }
  return details;
}
