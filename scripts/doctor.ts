/** Says what this machine can compute with, and how fast. `npm run doctor -- --help` explains the flags. */
import { availableParallelism, freemem, totalmem } from 'node:os';
import { activateBackend, BackendError } from '../src/engines/node/choose.ts';
import { driverOutput } from '../src/engines/node/webgpu.ts';
import { BACKENDS, NODE_BACKENDS, type NodeBackend } from '../src/engines/backends.ts';
import { backendLines } from '../src/runs/run-log.ts';
import { CandidateProcess } from '../bench/backends/process.ts';
import { findTorch } from '../bench/pytorch/python.ts';
import { negated, runCommand, threadsFlag } from './cli/command.ts';
import { machine } from '../src/runs/provenance.ts';
import { alignColumns } from '../src/node/terminal.ts';

/** Milliseconds after which a backend that has not started, or not finished a measurement, is given up. */
const TIMEOUT = 180_000;

interface Finding {
  name: NodeBackend;
  works: boolean;
  device: string;
  /** Images a second in training. */
  speed: string;
  remarks: string[];
}

const flags = { threads: threadsFlag, speed: negated('Skip the measurement, which takes a few minutes.') };

const about = `Checks for each backend whether it works on this machine, on which processor, and how many images per second it
trains, over a few passes of a small batch ("npm run bench" measures with care); then which one --backend auto takes,
which goes by these measurements from then on.`;

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
  try {
    await using candidate = await CandidateProcess.start(name, { threads, timeout: TIMEOUT });
    const { device, details, emulated } = candidate.info;
    Object.assign(finding, { works: true, device: emulated ? `${device} (emulated in software)` : device });
    finding.remarks.push(...details);
    if (!speed) return finding;
    const { imagesPerSecond } = await candidate.speed(TIMEOUT);
    finding.speed = imagesPerSecond.toFixed(imagesPerSecond < 10 ? 2 : 0);
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    finding.remarks.push(error.remedy ? `${error.reason}; ${error.remedy}` : error.reason);
  }
  return finding;
}
