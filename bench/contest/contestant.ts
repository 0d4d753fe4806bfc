/**
 * One backend in a process of its own, so that its memory can be told from others' and its end ends nobody else.
 * usage: contestant.ts BACKEND [--threads N]; what it reads and writes stands in protocol.ts.
 */
import '../../src/node/tune-allocator.ts';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { NodeBackend } from '../../src/engines/backends.ts';
import { activateBackend, BackendError } from '../../src/engines/node/choose.ts';
import { isMemoryError } from '../../src/node/memory.ts';
import { type Profile, profileKernels, replayKernels } from '../../src/engines/node/profile.ts';
import type { Greeting, Order, Outcome, Task } from './protocol.ts';
import { makeStep, type Step } from './workload.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string' } },
});
const name = positionals[0] as NodeBackend;
const threads = values.threads === undefined ? undefined : Number(values.threads);

const say = (message: Greeting | Outcome): void => console.log(JSON.stringify(message));

/** Resident size in bytes; on Linux also that of libraries and pools, whoever allocated them. */
const memory = (): Pick<Outcome, 'residentBytes' | 'peakBytes'> => ({
  residentBytes: process.memoryUsage.rss(),
  peakBytes: process.resourceUsage().maxRSS * 1024,
});

async function compete(): Promise<void> {
  const { device, versions, details, emulated } = await activateBackend(name, { threads });
  say({ ok: true, device, versions, details, emulated });
  let step: Step | undefined;
  let profile: Profile | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line) as Task | Order;
    if ('mode' in message) step = makeStep(message.mode, message.batch);
    else {
      // Not sooner: of a GPU's kernels each call that has been noted is repeated, which warm-up steps are not worth.
      if (message.profile) profile ??= name === 'webgpu' ? replayKernels() : profileKernels();
      const seconds: number[] = [];
      while (seconds.length < message.steps) seconds.push(await step!());
      say({ seconds, ...memory(), ...(profile && { kernels: await profile() }) });
    }
  }
}

try {
  await compete();
} catch (error) {
  if (error instanceof BackendError) {
    say({ ok: false, reason: error.reason, remedy: error.remedy ?? null });
  } else if (isMemoryError(error)) {
    console.error(`memory is too small for it (${error.message})`);
    process.exitCode = 1;
  } else throw error;
}
