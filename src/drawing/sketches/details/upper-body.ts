/** A garment for the upper body, and the details that any of them may have. */
import type { Random } from '../../../math/random.ts';
import type { Silhouette } from '../photo.ts';
import { bow, box, closed, Details, ellipse, type Line, mirrored, type Point, spread } from '../shapes.ts';

/** Half the width of a torso in the photographs, in pixels; sleeves hang beside it. */
export const TORSO = 6;

/** Farther to the side than any sleeve, in half torsos. */
const FAR = 5;
/** Above the neck. */
const ABOVE = -0.4;

/** Collects details in coordinates of the torso: x from -1 to 1 across, y from 0 at the neck to 1 at the hem. */
export class UpperBody extends Details {
  readonly silhouette: Silhouette;
  readonly torso: number;
  readonly #neck: number;
  readonly #hem: number;

  constructor(silhouette: Silhouette) {
    super();
    this.silhouette = silhouette;
    this.torso = Math.min(TORSO, silhouette.width / 2);
    ({ first: this.#neck, last: this.#hem } = silhouette.column(silhouette.axis));
  }

  at(points: readonly Point[]): Line {
    const { axis } = this.silhouette;
    const height = this.#hem - this.#neck;
    return points.flatMap(([x, y]) => [axis + this.torso * x, this.#neck + height * y]);
  }

  line(...points: Point[]): void {
    this.lines.push(this.at(points));
  }

  /** A line and its mirror image. */
  pair(points: readonly Point[]): void {
    this.line(...points);
    this.line(...mirrored(points));
  }

  /** The opening for the head, from one side of the neck to the other; people leave it open, photographs show its back. */
  openNeck(edge: readonly Point[]): void {
    this.openings.push(this.at([[edge[0]![0], ABOVE], ...edge, [edge.at(-1)![0], ABOVE]]));
  }

  /** Cuts something off on both sides: what is beside a line is left out. */
  cut(edge: readonly Point[], beside: readonly Point[]): void {
    this.pair(edge);
    this.openings.push(this.at(beside), this.at(mirrored(beside)));
  }
}

/** @param half of the neck's width */
export function neckline(body: UpperBody, random: Random, half = random.between(0.3, 0.6)): void {
  const depth = random.between(0.04, 0.3);
  const edge = (more: number): Point[] =>
    depth > 0.15
      ? [[-half - more, -0.03], [0, depth + more], [half + more, -0.03]] // prettier-ignore
      : bow(-half - more, half + more, -0.02, depth + more);
  const edges = random.chance(0.35) ? [edge(0), edge(random.between(0.06, 0.1))] : [edge(0)];
  for (const points of edges) body.line(...points);
  if (random.chance(0.6)) body.openNeck(edges[0]!);
}

export function hood(body: UpperBody, random: Random): void {
  const [width, height] = [random.between(0.4, 0.65), random.between(0.11, 0.18)];
  const y = random.between(-0.1, 0);
  body.line(...ellipse(0, y, width, height));
  if (random.chance(0.6)) body.line(...ellipse(0, y + 0.02, 0.6 * width, 0.65 * height));
}

export function stripes(body: UpperBody, random: Random): void {
  const zigzag = random.chance(0.25);
  for (const y of spread(2 + random.below(7), random.between(0.2, 0.35), random.between(0.7, 0.95))) {
    if (zigzag) body.line(...spread(11, -0.9, 0.9).map((x, i): Point => [x, y + (i % 2) * 0.05]));
    else body.line([-0.95, y], [0.95, y]);
  }
}

export function print(body: UpperBody, random: Random): void {
  const [width, height] = [random.between(0.2, 0.5), random.between(0.07, 0.18)];
  const y = random.between(0.3, 0.45);
  const shape = random.below(3);
  if (shape === 0) body.line(...ellipse(0, y, width, height));
  else if (shape === 1) body.line(...box(-width, y - height, width, y + height));
  else for (const each of spread(3, y - height, y + height)) body.line([-width, each], [width, each]);
}

export function chestPockets(body: UpperBody, random: Random): void {
  const [inner, outer] = [random.between(0.2, 0.4), random.between(0.65, 0.85)];
  const [upper, lower] = [random.between(0.22, 0.3), random.between(0.36, 0.46)];
  const pocket: Point[] = random.chance(0.5)
    ? box(inner, upper, outer, lower)
    : closed([[inner, upper], [outer, upper], [outer, lower], [(inner + outer) / 2, lower + 0.05], [inner, lower]]); // prettier-ignore
  if (random.chance(0.25)) body.pair(pocket);
  else body.line(...(random.chance(0.5) ? pocket : mirrored(pocket)));
}

export function button(body: UpperBody, x: number, y: number, random: Random): void {
  const size = random.between(0.05, 0.1);
  body.line(...(random.chance(0.8) ? [[x, y] as const] : ellipse(x, y, size, size / 3)));
}

/** Where long sleeves leave the torso: in photographs they touch it, in drawings they hang apart. */
export function sleeveSeams(body: UpperBody, random: Random): void {
  const { left, right, top, height, axis } = body.silhouette;
  const isLong = [left + 1.5, right - 1.5].every((x) => body.silhouette.column(x).last > top + 0.65 * height);
  if (!isLong || right - axis < body.torso + 2) return;
  const [armpit, x] = [random.between(0.25, 0.4), random.between(0.9, 1.1)];
  for (const side of [-x, x]) body.line([side, armpit], [side, 1]);
}

/** Cuts the sleeves off, as tops and vests have none. @param strap outer edge of what goes over the shoulders */
export function armholes(body: UpperBody, strap: number, random: Random): void {
  const { top, height, axis } = body.silhouette;
  // Below the sleeves, but no wider than a torso if they are long.
  const { first, last } = body.silhouette.row(top + 0.7 * height);
  const side = Math.min(1.2, Math.min(axis - first, last - axis) / body.torso);
  const armpit = random.between(0.25, 0.42);
  const edge: Point[] = [[strap, -0.12], [strap + 0.1 * (side - strap), armpit * 0.55], [side, armpit], [side, 1]]; // prettier-ignore
  body.cut(edge, [...edge, [FAR, 1.05], [FAR, ABOVE], [strap, ABOVE]]);
}

/** Cuts long sleeves off above the elbow, as many summer shirts have them and few photographs show. */
export function shortSleeves(body: UpperBody, random: Random): void {
  const { left, right, axis } = body.silhouette;
  const end = random.between(0.32, 0.45);
  // From the torso outward, slightly upward: sleeves hang at an angle.
  const slant = random.between(-0.12, 0.03);
  const reach = Math.min(right - axis, axis - left) / body.torso;
  if (reach < 1.2) return;
  body.cut(
    [[reach, end + slant * (reach - 1)], [1, end], [1, 1]], // prettier-ignore
    [[1, end], [FAR, end + slant * (FAR - 1)], [FAR, 1.3], [1, 1.3]], // prettier-ignore
  );
}

/** Dots or flowers all over. */
export function dots(body: UpperBody, random: Random): void {
  const size = random.between(0.06, 0.16);
  const [rows, columns] = [4 + random.below(4), 2 + random.below(3)];
  const centres = spread(rows, 0.12, 0.92).flatMap((y, row) =>
    spread(columns, -0.7, 0.7).map((x): Point => [
      x + (row % 2 ? 0.7 / columns : 0) + random.between(-0.08, 0.08),
      y + random.between(-0.02, 0.02),
    ]),
  );
  if (random.chance(0.6))
    body.patches.push(...centres.map(([x, y]) => body.at(ellipse(x, y, size, size / 2.2))));
  else for (const centre of centres) body.line(centre);
}

/** Lines across the ends of both sleeves. @param width in pixels, from the end */
export function cuffs({ lines, silhouette, torso }: UpperBody, width: number): void {
  const { left, right, axis } = silhouette;
  for (const edge of [left, right]) {
    const outward = Math.sign(edge - axis);
    const y = silhouette.column(edge - 1.5 * outward).last - width;
    lines.push([edge, y, axis + outward * Math.min(torso + 0.5, Math.abs(edge - axis) - 1), y + 0.5]);
  }
}
