/**
 * What people draw on a garment so that it is known: a shirt's collar and buttons, a coat's lapels, a pullover's ribbed
 * hem, laces, a handle. Photographs at 28×28 hardly show it, and outlines of them not at all.
 */
import type { Random } from '../../math/random.ts';
import { bag } from './details/bag.ts';
import { type Details, joined, NO_DETAILS } from './details/shapes.ts';
import { ankleBoot, sneaker } from './details/shoes.ts';
import { coat, dress, pullover, shirt, teeShirt } from './details/tops.ts';
import { trousers } from './details/trousers.ts';
import type { Silhouette } from './silhouette.ts';

type Kind = (silhouette: Silhouette, random: Random) => Partial<Details>;

const KINDS: Readonly<Record<number, Kind>> = {
  0: teeShirt,
  1: trousers,
  2: pullover,
  3: dress,
  4: coat,
  6: shirt,
  7: sneaker,
  8: bag,
  9: ankleBoot,
};

/**
 * How often somebody draws any, by class number. A shirt without a collar and buttons, or a coat that does not open, is
 * none to anybody: nobody draws them so.
 */
export const DETAILED: Readonly<Record<number, number>> = {
  0: 0.5,
  1: 0.5,
  2: 0.6,
  3: 0.5,
  4: 1,
  6: 1,
  7: 0.8,
  8: 0.75,
  9: 0.5,
};

/** @param label class number @returns nothing for classes that their outline shows well enough */
export function details(label: number, silhouette: Silhouette, random: Random): Details {
  const kind = KINDS[label];
  return kind ? joined([kind(silhouette, random)]) : NO_DETAILS;
}
