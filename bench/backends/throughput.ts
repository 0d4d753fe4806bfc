/** Images per second of several candidates. They take turns step by step, so that a disturbance affects all of them. */
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { max, median } from 'd3';
import { encodeSafetensors } from '../../src/artifacts/safetensors.ts';
import { toPyTorch } from '../../src/artifacts/state-dict.ts';
import { BackendError } from '../../src/engines/node/choose.ts';
import { countParameters, reportArchitecture } from '../../src/network/architecture.ts';
import { alignColumns } from '../../src/node/terminal.ts';
import { machine } from '../../src/runs/provenance.ts';
import {
  type Candidate,
  type CandidateInfo,
  CandidateProcess,
  type Layout,
  LAYOUTS,
  PYTORCH,
  type Size,
  sizeFor,
} from './process.ts';
import { checkedImages, checkedWeights, type FirstResults, MODE_TITLES, MODES } from './workload.ts';

export interface Measurement {
  /** Images per step. */
  batch: number;
  /** From the median step. */
  imagesPerSecond: number;
  /** From the CPU's time in all steps that count, of all threads together. */
  imagesPerCpuSecond: number;
  /** Duration of every step that counts. */
  seconds: number[];
  /** The largest resident size of the process; a GPU's memory is not included. */
  peakBytes: number;
}

export interface CandidateResult extends CandidateInfo {
  name: string;
  /** Of PyTorch, which is measured in each. */
  layout?: Layout;
  /** What it was checked by. */
  first: FirstResults;
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

/** What may differ between engines that compute in single precision, relative to the greater of two. */
const TOLERANCE = 1e-3;

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
  cpuSeconds: number;
  peakBytes: number;
}

/** Measures training, then inference. A candidate that fails, or finds other losses than the rest, drops out. */
export async function measureThroughput(options: ThroughputOptions): Promise<Throughput> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bench-'));
  const check = { weights: join(folder.path, 'weights'), images: join(folder.path, 'images') };
  await writeFile(check.weights, encodeSafetensors(toPyTorch(reportArchitecture, checkedWeights())));
  await writeFile(check.images, checkedImages());
  return await measure(options, check);
}

async function measure(
  { candidates, emulated, batch, threads, rounds, log }: ThroughputOptions,
  check: { weights: string; images: string },
): Promise<Throughput> {
  const parameters = countParameters(reportArchitecture);
  const figures: Throughput = { machine: machine(), threads, rounds, parameters, results: [], absent: [] };
  const { results, absent } = figures;
  const variants = candidates.flatMap((candidate): Variant[] =>
    candidate === PYTORCH
      ? LAYOUTS.map((layout) => ({ candidate, layout, name: titleOf({ name: candidate, layout }) }))
      : [{ candidate, name: candidate }],
  );
  for (const mode of MODES) {
    await using processes = new AsyncDisposableStack();
    const running = new Map<string, Running>();
    const attempt = async (name: string, work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        absent.push({ name, reason: error.reason });
        await running.get(name)?.process[Symbol.asyncDispose]();
        running.delete(name);
      }
    };
    const runSteps = async (candidate: Running, steps: number, what: string): Promise<number[]> => {
      const { seconds, cpuSeconds, peakBytes } = await candidate.process.run({ steps });
      Object.assign(candidate, { peakBytes, cpuSeconds: candidate.cpuSeconds + cpuSeconds });
      log(`${mode}, ${what}: ${titleOf(candidate.result)} ${median(seconds)!.toFixed(3)} s per step`);
      return seconds;
    };
    for (const { name, candidate, layout } of variants) {
      if (absent.some((each) => each.name === name)) continue;
      await attempt(name, async () => {
        const process = processes.use(await CandidateProcess.start(candidate, { threads, layout }));
        const { info } = process;
        const known = results.find((each) => titleOf(each) === name);
        const result: CandidateResult = known ?? {
          name: candidate,
          ...(layout && { layout }),
          ...info,
          first: NONE,
        };
        const size = sizeFor(candidate, info, batch);
        const started = { process, size, result, seconds: [], cpuSeconds: 0, peakBytes: 0 };
        running.set(name, started);
        if (info.emulated && !emulated) {
          throw new BackendError(`it would be emulated in software (${info.device})`);
        }
        if (!known) {
          result.first = await process.check({ check });
          const other = results.find(({ first }) => !agree(first, result.first));
          if (other) {
            throw new BackendError(
              `it finds ${firstText(result.first)}, ${titleOf(other)} ${firstText(other.first)}`,
            );
          }
          results.push(result);
        }
        process.prepare({ mode, batch: size.batch });
        await runSteps(started, size.warmUp, 'warming up');
        started.cpuSeconds = 0;
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
    for (const { result, size, seconds, cpuSeconds, peakBytes } of running.values()) {
      const imagesPerSecond = size.batch / median(seconds)!;
      const imagesPerCpuSecond = (size.batch * seconds.length) / cpuSeconds;
      result[mode] = { batch: size.batch, imagesPerSecond, imagesPerCpuSecond, seconds, peakBytes };
    }
  }
  return figures;
}

interface Variant {
  candidate: Candidate;
  layout?: Layout;
  name: string;
}

const NONE: FirstResults = { training: NaN, inference: NaN, gradient: NaN };

const titleOf = ({ name, layout }: { name: string; layout?: Layout }): string =>
  layout ? `${name}, ${layout}` : name;

/** The largest difference of two, relative to the greater. */
const distance = (one: FirstResults, other: FirstResults): number =>
  Math.max(
    ...(Object.keys(NONE) as (keyof FirstResults)[]).map(
      (key) => Math.abs(one[key] - other[key]) / Math.max(Math.abs(one[key]), Math.abs(other[key])),
    ),
  );

export const agree = (one: FirstResults, other: FirstResults): boolean => distance(one, other) <= TOLERANCE;

const firstText = ({ training, inference, gradient }: FirstResults): string =>
  `a first loss of ${training.toFixed(5)} in training and ${inference.toFixed(5)} in inference, gradients of norm ${gradient.toFixed(4)}`;

/** The candidates that others are compared with; PyTorch in its faster layout. */
const BASELINES = ['pytorch', 'wasm', 'cpu'];

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
    `Medians of steps; rounds in turn: ${rounds}. Ratios are of images/s; where other work shares the machine, compare images per second of the CPU’s own time.`,
  ];
  for (const mode of MODES) {
    const measured = results.flatMap((result) => (result[mode] ? [{ ...result, ...result[mode] }] : []));
    if (!measured.length) continue;
    const baselines = BASELINES.flatMap((baseline) => {
      const rates = measured.filter(({ name }) => name === baseline).map((each) => each.imagesPerSecond);
      return rates.length ? [{ name: baseline, imagesPerSecond: Math.max(...rates) }] : [];
    });
    const rows = measured.map(({ batch, imagesPerSecond, seconds, peakBytes, device, ...candidate }) => [
      titleOf(candidate),
      String(batch),
      imagesPerSecond.toPrecision(3),
      candidate.imagesPerCpuSecond.toPrecision(3),
      median(seconds)!.toPrecision(3),
      `${Math.min(...seconds).toPrecision(3)}–${Math.max(...seconds).toPrecision(3)}`,
      ...baselines.map((baseline) => (imagesPerSecond / baseline.imagesPerSecond).toPrecision(3)),
      `${(peakBytes / 2 ** 30).toFixed(2)} GiB`,
      device,
    ]);
    const head = [
      ...[MODE_TITLES[mode], 'batch', 'images/s', 'per CPU second', 's/step', 'range'],
      ...baselines.map(({ name }) => `× ${name}`),
      ...['peak memory', 'on'],
    ];
    lines.push('', ...alignColumns([head, ...rows], `<${'>'.repeat(6 + baselines.length)}<`));
  }
  const [reference] = results;
  if (results.length > 1) {
    const furthest = max(results, ({ first }) => distance(first, reference!.first))!;
    lines.push(
      '',
      `Without dropout, on the same weights and images, ${titleOf(reference!)} finds ${firstText(reference!.first)};`,
      `the others agree within ${furthest.toExponential(0)} of that. All compute in float32; a step ends when its result is read.`,
    );
  }
  const torch = results.find(({ name }) => name === PYTORCH);
  if (torch) {
    lines.push('', `PyTorch ${torch.versions['torch']}; ratios are to the faster of its layouts:`);
    lines.push(...torch.details.map((detail) => `  ${detail}`));
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
