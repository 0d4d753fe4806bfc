/** The process of one backend. usage: worker.ts BACKEND [THREADS]; messages as in process.ts. */
import '../../src/node/tune-allocator.ts';
import { createInterface } from 'node:readline';
import type { NodeBackend } from '../../src/engines/backends.ts';
import { activateBackend, BackendError } from '../../src/engines/node/choose.ts';
import { type Profile, profileKernels, replayKernels } from '../../src/engines/node/profile.ts';
import { trainingSpeed } from '../../src/engines/node/speed.ts';
import { isMemoryError } from '../../src/node/memory.ts';
import type {
  CheckRequest,
  SpeedRequest,
  StartMessage,
  StepsRequest,
  StepsResult,
  Workload,
} from './process.ts';
import { type FirstResults, firstResults, makeStep, type Step } from './workload.ts';

const name = process.argv[2] as NodeBackend;
const threads = process.argv[3] === undefined ? undefined : Number(process.argv[3]);

const send = (message: StartMessage | { imagesPerSecond: number } | FirstResults | StepsResult): void =>
  console.log(JSON.stringify(message));

try {
  const backend = await activateBackend(name, { threads });
  const { device, versions, details, emulated } = backend;
  send({ ok: true, device, versions, details, emulated });
  let step: Step | undefined;
  let profile: Profile | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line) as Workload | SpeedRequest | CheckRequest | StepsRequest;
    if ('speed' in message) {
      send({ imagesPerSecond: await trainingSpeed(backend, true) });
      continue;
    }
    if ('check' in message) {
      send(await firstResults());
      continue;
    }
    if ('mode' in message) {
      step = makeStep(message.mode, message.batch);
      continue;
    }
    // Not before the warm-up: on a GPU every recorded kernel call is repeated, which would take long.
    if (message.profile) profile ??= name === 'webgpu' ? replayKernels() : profileKernels();
    const seconds: number[] = [];
    const before = process.cpuUsage();
    while (seconds.length < message.steps) seconds.push(await step!());
    const { user, system } = process.cpuUsage(before);
    const cpuSeconds = (user + system) / 1e6;
    // Resident sizes; on Linux they include libraries and thread pools, whoever allocated them.
    const residentBytes = process.memoryUsage.rss();
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    send({ seconds, cpuSeconds, residentBytes, peakBytes, ...(profile && { kernels: await profile() }) });
  }
} catch (error) {
  if (error instanceof BackendError) send({ ok: false, reason: error.reason, remedy: error.remedy });
  else if (isMemoryError(error)) {
    console.error(`it needs more memory than there is (${error.message})`);
    process.exitCode = 1;
  } else throw error;
}
