/** Says what this machine can compute with, and how fast. `npm run doctor -- --help` explains the flags. */
import { availableParallelism, freemem, totalmem } from 'node:os';
import { activateBackend, BackendError } from '../src/engines/node/choose.ts';
import { driverOutput } from '../src/engines/node/webgpu.ts';
import { BACKENDS, NODE_BACKENDS, type NodeBackend } from '../src/engines/backends.ts';
import { backendLines } from '../src/runs/run-log.ts';
import { median } from 'd3';
import { CandidateProcess, sizeFor } from '../bench/backends/process.ts';
import { findTorch } from '../bench/pytorch/python.ts';
import { negated, runCommand, threadsFlag } from './cli/command.ts';
import { machine } from '../src/runs/provenance.ts';
import { alignColumns } from '../src/node/terminal.ts';

/** Enough to rank fast ones; the others get a quarter of what the benchmark gives them. */
const BATCH = 64;
const STEPS = 3;
/** No further step after this long. */
const SECONDS = 10;
/** Milliseconds after which a backend that has not finished a step is given up. */
const TIMEOUT = 120_000;

interface Finding {
  name: NodeBackend;
  works: boolean;
  device: string;
  /** Images a second and in which batches; or why there are none. */
  speed: string;
  remarks: string[];
}

const flags = { threads: threadsFlag, speed: negated('Skip the measurement, which takes a few minutes.') };

const about = `Checks for each backend whether it works on this machine, on which processor, and how many images per second it
trains, over a few steps of a small batch ("npm run bench" measures with care); then which one --backend auto takes.`;

await runCommand({ name: 'doctor', about, flags }, async ({ threads, speed = true }) => {
  const { cpu, cores, platform } = machine();
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  console.log(
    `Node ${process.versions.node} on ${platform}; ${cpu}, ${cores} cores, ${availableParallelism()} of them for this process`,
  );
  console.log(`Memory: ${gigabytes(totalmem())}, ${gigabytes(freemem())} free\n`);

  const findings: Finding[] = [];
  for (const name of NODE_BACKENDS) {
    process.stderr.write(`Trying ${name} …\n`);
    findings.push(await examine(name, threads, speed));
  }
  const rows = findings.map(({ name, works, device, speed }) => [
    name,
    works ? 'yes' : 'no',
    speed,
    device || BACKENDS[name].description,
  ]);
  console.log(alignColumns([['Backend', 'works', 'images/s', 'on'], ...rows], '<<>').join('\n'));
  const remarks = findings.flatMap(({ name, remarks }) => remarks.map((remark) => `  ${name}: ${remark}`));
  if (remarks.length) console.log(`\n${remarks.join('\n')}`);

  const auto = await activateBackend('auto', { threads });
  console.log(`\n--backend auto takes ${auto.name}.`);
  console.log(backendLines(auto).slice(1).join('\n'));
  const output = await driverOutput();
  if (output) console.log(`\nGraphics drivers print:\n${output.replace(/^/gm, '  ')}`);
  if (speed) console.log(`\nPyTorch, for npm run bench: ${findTorch() ?? 'not found'}`);
  return 0;
});

async function examine(name: NodeBackend, threads: number | undefined, speed: boolean): Promise<Finding> {
  const finding: Finding = { name, works: false, device: '', speed: '–', remarks: [] };
  let candidate: CandidateProcess | undefined;
  try {
    candidate = await CandidateProcess.start(name, { threads, timeout: TIMEOUT });
    const { device, details, emulated } = candidate.info;
    Object.assign(finding, { works: true, device: emulated ? `${device} (emulated in software)` : device });
    finding.remarks.push(...details);
    if (!speed) return finding;
    const { batch: whole, warmUp } = sizeFor(name, { emulated }, 4 * BATCH);
    const batch = Math.max(2, whole / 4);
    candidate.prepare({ mode: 'train', batch });
    const begun = performance.now();
    // The first steps are slower than all others, but some backends have no time for more.
    let { seconds } = await candidate.run({ steps: Math.min(warmUp, 2) }, TIMEOUT);
    for (let step = 0; step < STEPS && performance.now() - begun < 1000 * SECONDS; step++) {
      const result = await candidate.run({ steps: 1 }, TIMEOUT);
      seconds = step === 0 ? result.seconds : [...seconds, ...result.seconds];
    }
    const rate = batch / median(seconds)!;
    finding.speed = `${rate.toFixed(rate < 10 ? 2 : 0)} (batch ${batch})`;
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    finding.remarks.push(error.remedy ? `${error.reason}; ${error.remedy}` : error.reason);
  } finally {
    await candidate?.stop();
  }
  return finding;
}
