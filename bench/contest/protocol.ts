/** What a contest and its contestants say to each other, a line of JSON each. */
import type { ActiveBackend } from '../../src/engines/node/choose.ts';
import type { KernelTime } from '../../src/engines/node/profile.ts';
import type { Mode } from './workload.ts';

/** The contestant's first word. */
export type Greeting =
  | (Pick<ActiveBackend, 'device' | 'versions' | 'details' | 'emulated'> & { ok: true })
  | { ok: false; reason: string; remedy: string | null };

/** Then it is told once what to do … */
export interface Task {
  mode: Mode;
  batch: number;
}

/** … and as often as one likes how many steps of it; it answers with … */
export interface Order {
  steps: number;
  /** Whether to tell how long each kernel takes in them. */
  profile?: boolean;
}

export interface Outcome {
  /** Of each step. */
  seconds: number[];
  /** Resident size now, and the largest so far. */
  residentBytes: number;
  peakBytes: number;
  /** Where a profile was asked for. */
  kernels?: KernelTime[];
}
