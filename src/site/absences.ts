/** What the report measured or switched on and a run of this project has no counterpart of. Pure. */
import type { Metrics } from '../artifacts/schema.ts';
import { deviceOf } from '../engines/backends.ts';
import { reported } from '../data/reported.ts';

export interface Absence {
  name: 'gpuAllocated' | 'gpuReserved' | 'cudnnBenchmark' | 'mixedPrecision';
  /** As the report has it; null for what it only calls enabled. */
  reported: string | null;
  /** Why there is nothing beside it; keys of the dictionary. */
  reason: 'noGpu' | 'notRecorded' | 'float32Only';
}

/** Whether a run was computed on a CPU, by the name of its backend. */
export const onCpu = ({ backend }: Pick<Metrics, 'backend'>): boolean => deviceOf(backend.name) === 'cpu';

const amount = ({ value, unit }: { value: number; unit: string }): string => `${value} ${unit}`;

/** In the order of the report's section 8.1. Of a run that may have had a GPU nothing is said but that it kept no record. */
export function absences(metrics: Pick<Metrics, 'backend'>): Absence[] {
  const reason = onCpu(metrics) ? 'noGpu' : 'notRecorded';
  return [
    { name: 'mixedPrecision', reported: reported.mixedPrecision.value, reason: 'float32Only' },
    { name: 'gpuAllocated', reported: amount(reported.gpuMemoryAllocated), reason },
    { name: 'gpuReserved', reported: amount(reported.gpuMemoryReserved), reason },
    { name: 'cudnnBenchmark', reported: null, reason },
  ];
}
