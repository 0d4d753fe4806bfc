import type { ArrayPool, SlabPool } from './image-layout.ts';
import type { Team } from './thread-pool.ts';

/** What the kernels work with: memory to take and give back, and threads. */
export interface Workshop {
  readonly slabs: SlabPool;
  readonly arrays: ArrayPool;
  readonly team: Team;
}
