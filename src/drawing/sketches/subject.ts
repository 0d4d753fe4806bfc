/** What is to be drawn: outlines and details, in a photograph's coordinates. */
import type { Random } from '../../math/random.ts';
import { about, chance } from './chance.ts';
import { contours, type Line } from './contours.ts';
import { DETAILED, details } from './details.ts';
import { type Details, NO_DETAILS } from './details/shapes.ts';
import { blurred, FAINT, FIELD, padded } from './field.ts';
import { Silhouette } from './silhouette.ts';

export interface Subject {
  /** Closed lines around the garment and, the other way round, around its holes. */
  shapes: Line[];
  details: Details;
  /** The photograph's greys [FIELD × FIELD]. */
  field: Float32Array;
}

/** The class whose holes are what it is made of. */
export const SANDAL = 5;

/**
 * A garment in a photograph.
 * @param photo 28×28 bytes
 * @param label class number
 * @returns null where there is nothing to draw
 */
export function photographed(photo: Uint8Array, label: number, random: Random): Subject | null {
  const field = padded(photo);
  const ink = photo.reduce((count, value) => count + Number(value > FAINT), 0);
  // Low levels follow a garment's faint border; higher ones part its legs and sleeves, but may lose what is dark.
  let found = contours(chance(random, 0.3) ? blurred(field) : field, FIELD, FIELD, about(random, FAINT, 80));
  if (found.reduce((sum, { area }) => sum + area, 0) < 0.6 * ink) {
    found = contours(field, FIELD, FIELD, FAINT);
  }
  const outer = found.filter(({ area }) => area > 20).sort((a, b) => b.area - a.area);
  const [largest] = outer;
  if (!largest) return null;
  const parts = outer.filter(({ area }) => area > 0.08 * largest.area);
  // A bag's handle is a hole, and a large one; dark stripes and prints are many small ones. Sandals have gaps of any size.
  const isSandal = label === SANDAL;
  const holes = found.filter(({ area }) => area < (isSandal ? -3 : -8));
  const drawnHoles = (isSandal || holes.length <= 3) && chance(random, 0.8) ? holes : [];
  return {
    shapes: [...parts, ...drawnHoles].map(({ line }) => line),
    details: chance(random, DETAILED[label] ?? 0)
      ? details(label, new Silhouette(field, FIELD, FAINT), random)
      : NO_DETAILS,
    field,
  };
}
