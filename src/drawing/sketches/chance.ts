/** How things that differ from drawing to drawing are chosen. */
import type { Random } from '../../math/random.ts';

/** Any value of a range, all as likely. */
export const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.uniform();

/** A value of a range by its ratio: as likely from 1 to 2 as from 2 to 4. */
export const about = (random: Random, low: number, high: number): number =>
  low * Math.exp(random.uniform() * Math.log(high / low));

/** True for a part of 1 of all cases. */
export const chance = (random: Random, part: number): boolean => random.uniform() < part;

/** One of some, all as likely. */
export const oneOf = <T>(random: Random, some: readonly T[]): T => some[random.below(some.length)]!;
