/** One backend by itself: whether its memory stays, and where its time goes. */
import type { NodeBackend } from '../../src/engines/backends.ts';
import type { KernelTime } from '../../src/engines/node/profile.ts';
import { alignColumns } from '../../src/node/table.ts';
import { Contestant, type Introduction, sizeFor, type Size } from './contest.ts';
import { type Mode, MODES } from './workload.ts';

export interface SingleOptions {
  name: NodeBackend;
  batch: number;
  threads: number;
  steps: number;
}

async function alone<Value>(
  { name, batch, threads }: SingleOptions,
  mode: Mode,
  work: (contestant: Contestant, size: Size) => Promise<Value>,
): Promise<Value & { introduction: Introduction }> {
  const { contestant, introduction } = await Contestant.backend(name, { threads });
  try {
    const size = sizeFor(name, introduction, batch);
    contestant.begin({ mode, batch: size.batch });
    return { ...(await work(contestant, size)), introduction };
  } finally {
    await contestant.end();
  }
}

export interface MemoryFigures {
  name: NodeBackend;
  batch: number;
  /** Steps before and between the two sizes. */
  warmUp: number;
  steps: number;
  /** Resident sizes in bytes. */
  before: number;
  after: number;
  peak: number;
}

const MEMORY_WARM_UP = 20;

/** The resident size of a training process once it is warm, and after more steps. @throws ContestantError */
export function measureMemory(options: SingleOptions): Promise<MemoryFigures> {
  return alone(options, 'train', async (contestant, { batch }) => {
    const { residentBytes: before } = await contestant.measure({ steps: MEMORY_WARM_UP });
    const { residentBytes: after, peakBytes: peak } = await contestant.measure({ steps: options.steps });
    const { name, steps } = options;
    return { name, batch, warmUp: MEMORY_WARM_UP, steps, before, after, peak };
  });
}

export function memoryLines({ name, batch, warmUp, steps, before, after, peak }: MemoryFigures): string[] {
  const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return [
    `${name}, batch ${batch}: resident ${mebibytes(before)} after ${warmUp} steps of training and ${mebibytes(after)} after ${steps} more`,
    `(${(100 * (after / before - 1)).toFixed(2)} % growth), ${mebibytes(peak)} at the peak.`,
  ];
}

export interface Profile {
  name: NodeBackend;
  mode: Mode;
  batch: number;
  steps: number;
  /** A step's, on average. */
  seconds: number;
  kernels: KernelTime[];
}

/** Times the kernels of some warm steps of training and of inference. @throws ContestantError */
export async function measureProfiles(options: SingleOptions): Promise<Profile[]> {
  const profiles: Profile[] = [];
  for (const mode of MODES) {
    profiles.push(
      await alone(options, mode, async (contestant, { batch, warmUp }) => {
        await contestant.measure({ steps: warmUp });
        const { name, steps } = options;
        const { seconds, kernels = [] } = await contestant.measure({ steps, profile: true });
        const total = seconds.reduce((sum, each) => sum + each, 0);
        return { name, mode, batch, steps, seconds: total / steps, kernels };
      }),
    );
  }
  return profiles;
}

export function profileLines({ name, mode, batch, steps, seconds, kernels }: Profile): string[] {
  const inKernels = kernels.reduce((sum, kernel) => sum + kernel.seconds, 0) / steps;
  const row = (kernel: string, calls: string, each: number): string[] => [
    kernel,
    calls,
    (1000 * each).toFixed(2),
    `${((100 * each) / seconds).toFixed(1)} %`,
  ];
  return [
    `${mode === 'train' ? 'Training' : 'Inference'} on ${name}, batch ${batch}: ${seconds.toPrecision(3)} s a step, mean of ${steps}`,
    ...alignColumns(
      [
        ['kernel', 'calls', 'ms a step', 'share'],
        ...kernels.map((each) => row(each.kernel, String(each.calls / steps), each.seconds / steps)),
        // On a GPU orders are given beside its work: nothing is left over that would be outside.
        ...(name === 'webgpu' ? [] : [row('outside of kernels', '', seconds - inKernels)]),
      ],
      '<>>>',
    ),
  ];
}
