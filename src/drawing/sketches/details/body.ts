/** A garment for the upper body, and what any of them may have. */
import type { Random } from '../../../math/random.ts';
import { between, chance } from '../chance.ts';
import type { Line } from '../contours.ts';
import type { Silhouette } from '../silhouette.ts';
import { bow, box, closed, type Details, ellipse, mirrored, type Point, spread } from './shapes.ts';

/** Half a torso in the photographs, in pixels; sleeves hang beside it. */
export const TORSO = 6;

/**
 * A garment for the upper body: across from -1 to 1 over the torso, down from 0 at the neck to 1 at the hem.
 */
export interface Body {
  at: (...points: Point[]) => Line;
  silhouette: Silhouette;
  axis: number;
  torso: number;
}

export function bodyOf(silhouette: Silhouette): Body {
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

/** What a head goes through, from one side of the neck to the other; people leave it open, photographs show its back. */
export const neckOpening = (body: Body, edge: readonly Point[]): Line => {
  const above = -0.4;
  return body.at([edge[0]![0], above], ...edge, [edge.at(-1)![0], above]);
};

export function neckline(body: Body, random: Random, half = between(random, 0.3, 0.6)): Partial<Details> {
  const deep = between(random, 0.04, 0.3);
  const edge = (more: number): Point[] =>
    deep > 0.15
      ? [[-half - more, -0.03], [0, deep + more], [half + more, -0.03]] // prettier-ignore
      : bow(-half - more, half + more, -0.02, deep + more);
  const edges = chance(random, 0.35) ? [edge(0), edge(between(random, 0.06, 0.1))] : [edge(0)];
  return {
    lines: edges.map((points) => body.at(...points)),
    openings: chance(random, 0.6) ? [neckOpening(body, edges[0]!)] : [],
  };
}

export function hood(body: Body, random: Random): Line[] {
  const [wide, high] = [between(random, 0.4, 0.65), between(random, 0.11, 0.18)];
  const y = between(random, -0.1, 0);
  const lines = [body.at(...ellipse(0, y, wide, high))];
  if (chance(random, 0.6)) lines.push(body.at(...ellipse(0, y + 0.02, 0.6 * wide, 0.65 * high)));
  return lines;
}

export function stripes(body: Body, random: Random): Line[] {
  const zigzag = chance(random, 0.25);
  const rows = spread(2 + random.below(7), between(random, 0.2, 0.35), between(random, 0.7, 0.95));
  return rows.map((down) =>
    zigzag
      ? body.at(...spread(11, -0.9, 0.9).map((across, i): Point => [across, down + (i % 2) * 0.05]))
      : body.at([-0.95, down], [0.95, down]),
  );
}

export function print(body: Body, random: Random): Line[] {
  const [wide, high] = [between(random, 0.2, 0.5), between(random, 0.07, 0.18)];
  const y = between(random, 0.3, 0.45);
  const shape = random.below(3);
  if (shape === 0) return [body.at(...ellipse(0, y, wide, high))];
  if (shape === 1) return [body.at(...box(-wide, y - high, wide, y + high))];
  return spread(3, y - high, y + high).map((down) => body.at([-wide, down], [wide, down]));
}

export function chestPockets(body: Body, random: Random): Line[] {
  const [inner, outer] = [between(random, 0.2, 0.4), between(random, 0.65, 0.85)];
  const [upper, lower] = [between(random, 0.22, 0.3), between(random, 0.36, 0.46)];
  const pocket: Point[] = chance(random, 0.5)
    ? box(inner, upper, outer, lower)
    : closed([[inner, upper], [outer, upper], [outer, lower], [(inner + outer) / 2, lower + 0.05], [inner, lower]]); // prettier-ignore
  return chance(random, 0.25)
    ? [body.at(...pocket), body.at(...mirrored(pocket))]
    : [body.at(...(chance(random, 0.5) ? pocket : mirrored(pocket)))];
}

export function button(body: Body, across: number, down: number, random: Random): Line {
  const size = between(random, 0.05, 0.1);
  return chance(random, 0.8) ? body.at([across, down]) : body.at(...ellipse(across, down, size, size / 3));
}

/** Where long sleeves leave the torso: in photographs they touch it, in drawings they hang apart. */
export function arms({ at, silhouette, axis, torso }: Body, random: Random): Line[] {
  const { left, right, top, height } = silhouette;
  const isLong = [left + 1.5, right - 1.5].every((x) => silhouette.column(x).last > top + 0.65 * height);
  if (!isLong || right - axis < torso + 2) return [];
  const [armpit, across] = [between(random, 0.25, 0.4), between(random, 0.9, 1.1)];
  return [-across, across].map((side) => at([side, armpit], [side, 1]));
}

/** The sleeves cut off, as tops and vests have none. @param strap outer edge of what goes over the shoulders */
export function armholes(
  { at, silhouette, axis, torso }: Body,
  strap: number,
  random: Random,
): Partial<Details> {
  const { top, height } = silhouette;
  // Below the sleeves, but no wider than a torso where they are long.
  const { first, last } = silhouette.row(top + 0.7 * height);
  const side = Math.min(1.2, Math.min(axis - first, last - axis) / torso);
  const [armpit, far] = [between(random, 0.25, 0.42), 5];
  const edge: Point[] = [[strap, -0.12], [strap + 0.1 * (side - strap), armpit * 0.55], [side, armpit], [side, 1]]; // prettier-ignore
  const beside: Point[] = [...edge, [far, 1.05], [far, -0.4], [strap, -0.4]];
  return {
    lines: [at(...edge), at(...mirrored(edge))],
    openings: [at(...beside), at(...mirrored(beside))],
  };
}

/** Long sleeves cut off above the elbow, as many summer shirts have them and few photographs show. */
export function shortSleeves(body: Body, random: Random): Partial<Details> {
  const { at, silhouette, axis, torso } = body;
  const end = between(random, 0.32, 0.45);
  const far = 5;
  // From the torso outward, a little upward: sleeves hang aslant.
  const slant = between(random, -0.12, 0.03);
  const reach = Math.min(silhouette.right - axis, axis - silhouette.left) / torso;
  if (reach < 1.2) return {};
  const beside: Point[] = [[1, end], [far, end + slant * (far - 1)], [far, 1.3], [1, 1.3]]; // prettier-ignore
  const edge: Point[] = [[reach, end + slant * (reach - 1)], [1, end], [1, 1]]; // prettier-ignore
  return {
    lines: [at(...edge), at(...mirrored(edge))],
    openings: [at(...beside), at(...mirrored(beside))],
  };
}

/** Dots or blossoms all over. */
export function dots(body: Body, random: Random): Partial<Details> {
  const size = between(random, 0.06, 0.16);
  const [rows, columns] = [4 + random.below(4), 2 + random.below(3)];
  const centres = spread(rows, 0.12, 0.92).flatMap((down, row) =>
    spread(columns, -0.7, 0.7).map((across): Point => [
      across + (row % 2 ? 0.7 / columns : 0) + between(random, -0.08, 0.08),
      down + between(random, -0.02, 0.02),
    ]),
  );
  return chance(random, 0.6)
    ? { patches: centres.map(([across, down]) => body.at(...ellipse(across, down, size, size / 2.2))) }
    : { lines: centres.map((centre) => body.at(centre)) };
}

/** Lines across the ends of both sleeves. @param from pixels above the end */
export function cuffs({ silhouette, axis, torso }: Body, from: number): Line[] {
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
