import { rangeOf, type Share } from './partition.ts';

export interface MoveTowardsArguments {
  from: Float32Array;
  to: Float32Array;
  result: Float32Array;
  share: number;
}

/** from + share · (to − from), see src/network/weight-average.ts. */
export function moveTowards({ from, to, result, share }: MoveTowardsArguments, part: Share): void {
  const [begin, end] = rangeOf(from.length, part);
  for (let i = begin; i < end; i++) result[i] = from[i]! * (1 - share) + to[i]! * share;
}
