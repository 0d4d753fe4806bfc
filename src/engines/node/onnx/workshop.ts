import type { ArrayPool, SlabPool } from './slab.ts';
import type { Team } from './team.ts';

/** What the kernels work with: memory to take and give back, and threads. */
export interface Workshop {
  readonly slabs: SlabPool;
  readonly arrays: ArrayPool;
  readonly team: Team;
}
