/** One backend by itself: whether its memory grows, and where its time goes. */
import type { NodeBackend } from '../../src/engines/backends.ts';
import type { KernelTime } from '../../src/engines/node/profile.ts';
import { alignColumns } from '../../src/node/terminal.ts';
import { CandidateProcess, type Size, sizeFor } from './process.ts';
import { type Mode, MODE_TITLES, MODES } from './workload.ts';

interface ProcessOptions {
  name: NodeBackend;
  batch: number;
  threads: number;
}

export interface ProfileOptions extends ProcessOptions {
  steps: number;
}

/** Starts the backend, lets `measure` use it, and ends it. @throws BackendError */
export async function inProcess<Value>(
  { name, batch, threads }: ProcessOptions,
  mode: Mode,
  measure: (process: CandidateProcess, size: Size) => Promise<Value>,
): Promise<Value> {
  await using process = await CandidateProcess.start(name, { threads });
  const size = sizeFor(name, process.info, batch);
  process.prepare({ mode, batch: size.batch });
  return await measure(process, size);
}

const MEMORY_WARM_UP = 20;

/** The resident size, in bytes, of a training process once it is warm, and after more steps. @throws BackendError */
export function measureMemory(options: ProfileOptions) {
  const { name, steps } = options;
  return inProcess(options, 'train', async (process, { batch }) => {
    const { residentBytes: before } = await process.run({ steps: MEMORY_WARM_UP });
    const { residentBytes: after, peakBytes: peak } = await process.run({ steps });
    return { name, batch, warmUp: MEMORY_WARM_UP, steps, before, after, peak };
  });
}

type MemoryUse = Awaited<ReturnType<typeof measureMemory>>;

export function memoryLines({ name, batch, warmUp, steps, before, after, peak }: MemoryUse): string[] {
  const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return [
    `${name}, batch ${batch}: resident ${mebibytes(before)} after ${warmUp} steps of training and ${mebibytes(after)} after ${steps} more`,
    `(${(100 * (after / before - 1)).toFixed(2)} % growth), ${mebibytes(peak)} at the peak.`,
  ];
}

export interface KernelProfile {
  name: NodeBackend;
  mode: Mode;
  batch: number;
  steps: number;
  /** Mean duration of a step. */
  seconds: number;
  kernels: KernelTime[];
}

/** Times the kernels of some warm steps of training and of inference. @throws BackendError */
export async function measureProfiles(options: ProfileOptions): Promise<KernelProfile[]> {
  const { name, steps } = options;
  const profiles: KernelProfile[] = [];
  for (const mode of MODES) {
    profiles.push(
      await inProcess(options, mode, async (process, { batch, warmUp }) => {
        await process.run({ steps: warmUp });
        const { seconds, kernels = [] } = await process.run({ steps, profile: true });
        const total = seconds.reduce((sum, each) => sum + each, 0);
        return { name, mode, batch, steps, seconds: total / steps, kernels };
      }),
    );
  }
  return profiles;
}

export function profileLines({ name, mode, batch, steps, seconds, kernels }: KernelProfile): string[] {
  const inKernels = kernels.reduce((sum, kernel) => sum + kernel.seconds, 0) / steps;
  const row = (kernel: string, calls: string, each: number): string[] => [
    kernel,
    calls,
    (1000 * each).toFixed(2),
    `${((100 * each) / seconds).toFixed(1)} %`,
  ];
  const rows = [
    ['kernel', 'calls', 'ms per step', 'share'],
    ...kernels.map((each) => row(each.kernel, String(each.calls / steps), each.seconds / steps)),
    // A GPU computes while the next calls are prepared, so the times do not add up to a step's.
    ...(name === 'webgpu' ? [] : [row('outside kernels', '', seconds - inKernels)]),
  ];
  return [
    `${MODE_TITLES[mode]} on ${name}, batch ${batch}: ${seconds.toPrecision(3)} s per step, mean of ${steps}`,
    ...alignColumns(rows, '<>>>'),
  ];
}
