/**
 * What people draw on a garment so that it is recognised: a shirt's collar and buttons, a coat's lapels, a pullover's
 * ribbed hem, laces, a handle. Photographs at 28×28 hardly show it, and their outlines not at all.
 */
import type { Random } from '../../math/random.ts';
import { ankleBoot, sneaker } from './details/shoes.ts';
import { coat, dress, pullover, shirt, teeShirt } from './details/tops.ts';
import { bag, trousers } from './details/trousers-and-bags.ts';
import type { Silhouette } from './photo.ts';
import type { Details } from './shapes.ts';

/**
 * How often people draw details, by class number, and which. They always do on shirts and coats: without a collar and
 * buttons, or a front that opens, nobody would recognise them. Sandals have none.
 */
export const DETAILS: Readonly<
  Record<number, { probability: number; draw: (silhouette: Silhouette, random: Random) => Details }>
> = {
  0: { probability: 0.5, draw: teeShirt },
  1: { probability: 0.5, draw: trousers },
  2: { probability: 0.6, draw: pullover },
  3: { probability: 0.5, draw: dress },
  4: { probability: 1, draw: coat },
  6: { probability: 1, draw: shirt },
  7: { probability: 0.8, draw: sneaker },
  8: { probability: 0.75, draw: bag },
  9: { probability: 0.5, draw: ankleBoot },
};
