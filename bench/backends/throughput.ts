/** Images per second of several candidates. They take turns step by step, so that a disturbance affects all of them. */
import { median } from 'd3';
import { BackendError } from '../../src/engines/node/choose.ts';
import { countParameters, reportArchitecture } from '../../src/network/architecture.ts';
import { alignColumns } from '../../src/node/terminal.ts';
import { machine } from '../../src/runs/provenance.ts';
import { type Candidate, type CandidateInfo, CandidateProcess, type Size, sizeFor } from './process.ts';
import { MODE_TITLES, MODES } from './workload.ts';

export interface Measurement {
  /** Images per step. */
  batch: number;
  /** From the median step. */
  imagesPerSecond: number;
  /** Duration of every step that counts. */
  seconds: number[];
  /** The largest resident size of the process; a GPU's memory is not included. */
  peakBytes: number;
}

export interface CandidateResult extends Pick<CandidateInfo, 'device' | 'versions' | 'emulated'> {
  name: string;
  train?: Measurement;
  infer?: Measurement;
}

/** What `npm run bench -- --json` prints. */
export interface Throughput {
  machine: ReturnType<typeof machine>;
  threads: number;
  rounds: number;
  parameters: number;
  results: CandidateResult[];
  /** Candidates that were not measured, and why. */
  absent: { name: string; reason: string }[];
}

interface ThroughputOptions {
  candidates: readonly Candidate[];
  /** Whether to measure on a GPU that is emulated in software. */
  emulated: boolean;
  batch: number;
  threads: number;
  rounds: number;
  /** Receives progress, a line at a time. */
  log: (line: string) => void;
}

interface Running {
  process: CandidateProcess;
  size: Size;
  result: CandidateResult;
  seconds: number[];
  peakBytes: number;
}

/** Measures training, then inference. A candidate that fails drops out. */
export async function measureThroughput(options: ThroughputOptions): Promise<Throughput> {
  const { candidates, emulated, batch, threads, rounds, log } = options;
  const parameters = countParameters(reportArchitecture);
  const figures: Throughput = { machine: machine(), threads, rounds, parameters, results: [], absent: [] };
  const { results, absent } = figures;
  for (const mode of MODES) {
    const running = new Map<Candidate, Running>();
    const attempt = async (name: Candidate, work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        if (!absent.some((each) => each.name === name)) absent.push({ name, reason: error.reason });
        await running.get(name)?.process.stop();
        running.delete(name);
      }
    };
    const runSteps = async (candidate: Running, steps: number, what: string): Promise<number[]> => {
      const { seconds, peakBytes } = await candidate.process.run({ steps });
      candidate.peakBytes = peakBytes;
      log(`${mode}, ${what}: ${candidate.result.name} ${median(seconds)!.toFixed(3)} s per step`);
      return seconds;
    };
    try {
      for (const name of candidates) {
        await attempt(name, async () => {
          const process = await CandidateProcess.start(name, { threads });
          const { info } = process;
          let result = results.find((each) => each.name === name);
          const candidate = { process, size: sizeFor(name, info, batch), seconds: [], peakBytes: 0 };
          result ??= { name, device: info.device, versions: info.versions, emulated: info.emulated };
          running.set(name, { ...candidate, result });
          if (info.emulated && !emulated) {
            throw new BackendError(`it would be emulated in software (${info.device})`);
          }
          if (!results.includes(result)) results.push(result);
          process.prepare({ mode, batch: candidate.size.batch });
          await runSteps(running.get(name)!, candidate.size.warmUp, 'warming up');
        });
      }
      for (let round = 1; round <= rounds; round++) {
        for (const [name, candidate] of [...running]) {
          await attempt(name, async () => {
            const what = `round ${round} of ${rounds}`;
            candidate.seconds.push(...(await runSteps(candidate, candidate.size.steps, what)));
          });
        }
      }
    } finally {
      for (const { process } of running.values()) await process.stop();
    }
    for (const { result, size, seconds, peakBytes } of running.values()) {
      const imagesPerSecond = size.batch / median(seconds)!;
      result[mode] = { batch: size.batch, imagesPerSecond, seconds, peakBytes };
    }
  }
  return figures;
}

/** The candidates that others are compared with. */
const BASELINES = ['pytorch', 'wasm', 'cpu'];

/** The figures as tables for the terminal, a line each. */
export function throughputTables({
  results,
  absent,
  machine,
  threads,
  rounds,
  parameters,
}: Throughput): string[] {
  const lines = [
    `The report's network (${parameters.toLocaleString('en')} parameters) on ${machine.cpu}, ${machine.platform}, ${threads} of ${machine.cores} threads.`,
    `Medians of steps; rounds in turn: ${rounds}. Ratios are of images/s.`,
  ];
  for (const mode of MODES) {
    const measured = results.flatMap((result) => (result[mode] ? [{ ...result, ...result[mode] }] : []));
    if (!measured.length) continue;
    const baselines = measured.filter(({ name }) => BASELINES.includes(name));
    const rows = measured.map(({ name, batch, imagesPerSecond, seconds, peakBytes, device }) => [
      name,
      String(batch),
      imagesPerSecond.toPrecision(3),
      median(seconds)!.toPrecision(3),
      `${Math.min(...seconds).toPrecision(3)}–${Math.max(...seconds).toPrecision(3)}`,
      ...baselines.map((baseline) => (imagesPerSecond / baseline.imagesPerSecond).toPrecision(3)),
      `${(peakBytes / 2 ** 30).toFixed(2)} GiB`,
      device,
    ]);
    const head = [
      ...[MODE_TITLES[mode], 'batch', 'images/s', 's/step', 'range'],
      ...baselines.map(({ name }) => `× ${name}`),
      ...['peak memory', 'on'],
    ];
    lines.push('', ...alignColumns([head, ...rows], `<${'>'.repeat(5 + baselines.length)}<`));
  }
  const batches = results.flatMap(({ train, infer }) => [train?.batch, infer?.batch]).filter(Boolean);
  if (new Set(batches).size > 1) {
    lines.push('', 'Slow backends were given smaller batches and fewer steps.');
  }
  if (absent.length) {
    lines.push('', 'Not measured:', ...absent.map(({ name, reason }) => `  ${name}: ${reason}`));
  }
  return lines;
}
