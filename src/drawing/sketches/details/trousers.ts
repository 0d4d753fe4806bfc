/** Trousers. */
import type { Random } from '../../../math/random.ts';
import { between, chance } from '../chance.ts';
import type { Line } from '../contours.ts';
import type { Silhouette } from '../silhouette.ts';
import type { Details } from './shapes.ts';

export function trousers(silhouette: Silhouette, random: Random): Pick<Details, 'lines'> {
  const { top, height, left, right } = silhouette;
  const axis = (left + right) / 2;
  const lines: Line[] = [];
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
  return { lines };
}
