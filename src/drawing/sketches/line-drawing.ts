/** What is to be drawn, as lines in a photograph's coordinates: outlines and details of the garment that it shows. */
import type { Random } from '../../math/random.ts';
import { contours } from './contours.ts';
import { DETAILS } from './details.ts';
import { blurred, FAINT, PADDED_SIZE, padded, Silhouette } from './photo.ts';
import { Details, type Line } from './shapes.ts';

export interface LineDrawing {
  /** Closed lines around the garment and, in the other direction, around its holes. */
  outlines: Line[];
  details: Details;
  /** The photograph's greys [PADDED_SIZE × PADDED_SIZE]. */
  photo: Float32Array;
}

/** The class that consists of straps and the gaps between them. */
export const SANDAL = 5;

/**
 * @param image 28×28 bytes
 * @param label class number
 * @returns null if the image shows no garment
 */
export function traceGarment(image: Uint8Array, label: number, random: Random): LineDrawing | null {
  const photo = padded(image);
  const ink = image.reduce((count, value) => count + Number(value > FAINT), 0);
  const trace = (grid: Float32Array, level: number) => contours(grid, PADDED_SIZE, PADDED_SIZE, level);
  // Low levels follow a garment's faint border; higher ones separate legs and sleeves, but may lose dark parts.
  let found = trace(random.chance(0.3) ? blurred(photo) : photo, random.logBetween(FAINT, 80));
  if (found.reduce((sum, { area }) => sum + area, 0) < 0.6 * ink) found = trace(photo, FAINT);
  const outer = found.filter(({ area }) => area > 20).sort((a, b) => b.area - a.area);
  const [largest] = outer;
  if (!largest) return null;
  const parts = outer.filter(({ area }) => area > 0.08 * largest.area);
  // A bag's handle is a large hole; dark stripes and prints are many small ones. Sandals have gaps of any size.
  const isSandal = label === SANDAL;
  const holes = found.filter(({ area }) => area < (isSandal ? -3 : -8));
  const drawnHoles = (isSandal || holes.length <= 3) && random.chance(0.8) ? holes : [];
  const { probability, draw } = DETAILS[label] ?? { probability: 0, draw: () => new Details() };
  const isDetailed = random.chance(probability);
  return {
    outlines: [...parts, ...drawnHoles].map(({ line }) => line),
    details: isDetailed ? draw(new Silhouette(photo, PADDED_SIZE, FAINT), random) : new Details(),
    photo,
  };
}
