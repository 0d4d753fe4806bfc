/** Contestants measured side by side: step about, so that a disturbance meets all of them. */
import { countParameters, reportArchitecture } from '../../src/network/architecture.ts';
import { machine } from '../../src/runs/machine.ts';
import { alignColumns } from '../../src/node/table.ts';
import type { Contestant } from './contest.ts';
import { ContestantError, type Introduction, median, type Size, sizeFor, type Started } from './contest.ts';
import { type Mode, MODES } from './workload.ts';

export interface Entrant {
  name: string;
  start: () => Promise<Started>;
  /** Whether it was asked for by name: it then takes part even where it emulates a GPU. */
  named: boolean;
}

export interface Measurement {
  /** Images a step. */
  batch: number;
  /** At the median step. */
  imagesPerSecond: number;
  /** Of every step that counts. */
  seconds: number[];
  /** The largest resident size of its process, in bytes; memory of a GPU does not count in it. */
  peakBytes: number;
}

export interface Result extends Pick<Introduction, 'device' | 'versions' | 'emulated'> {
  name: string;
  train?: Measurement;
  infer?: Measurement;
}

export interface Figures {
  machine: ReturnType<typeof machine>;
  threads: number;
  rounds: number;
  parameters: number;
  results: Result[];
  /** Those that were not measured, and why. */
  absent: { name: string; reason: string }[];
}

export interface ContestOptions {
  entrants: readonly Entrant[];
  batch: number;
  threads: number;
  rounds: number;
  /** Told what goes on, a line at a time. */
  progress: (line: string) => void;
}

interface Runner {
  result: Result;
  contestant: Contestant;
  size: Size;
  seconds: number[];
  peakBytes: number;
}

/** Measures training, then inference. */
export async function runContest(options: ContestOptions): Promise<Figures> {
  const { threads, rounds } = options;
  const figures: Figures = {
    machine: machine(),
    threads,
    rounds,
    parameters: countParameters(reportArchitecture),
    results: [],
    absent: [],
  };
  for (const mode of MODES) await runMode(mode, options, figures);
  return figures;
}

async function runMode(mode: Mode, options: ContestOptions, figures: Figures): Promise<void> {
  const { rounds, progress } = options;
  const runners: Runner[] = [];
  const attempt = async (name: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ContestantError)) throw error;
      const known = figures.absent.some((absent) => absent.name === name);
      if (!known) figures.absent.push({ name, reason: error.message });
      return false;
    }
  };
  const measure = async (runner: Runner, steps: number, what: string): Promise<number[]> => {
    const { seconds, peakBytes } = await runner.contestant.measure({ steps });
    runner.peakBytes = peakBytes;
    progress(`${mode}, ${what}: ${runner.result.name} ${median(seconds).toFixed(3)} s a step`);
    return seconds;
  };
  try {
    for (const entrant of options.entrants) {
      await attempt(entrant.name, async () => {
        const runner = await enter(entrant, mode, options.batch, figures);
        runners.push(runner);
        await measure(runner, runner.size.warmUp, 'warming up');
      });
    }
    for (let round = 1; round <= rounds; round++) {
      for (const runner of [...runners]) {
        const through = await attempt(runner.result.name, async () => {
          const seconds = await measure(runner, runner.size.steps, `round ${round} of ${rounds}`);
          runner.seconds.push(...seconds);
        });
        if (!through) runners.splice(runners.indexOf(runner), 1);
      }
    }
    for (const { result, size, seconds, peakBytes } of runners) {
      if (!seconds.length) continue;
      const { batch } = size;
      result[mode] = { batch, imagesPerSecond: batch / median(seconds), seconds, peakBytes };
    }
  } finally {
    for (const { contestant } of runners) await contestant.end();
  }
}

async function enter(
  { name, start, named }: Entrant,
  mode: Mode,
  batch: number,
  { results }: Figures,
): Promise<Runner> {
  const { contestant, introduction } = await start();
  const { device, versions, emulated } = introduction;
  if (emulated && !named) {
    await contestant.end();
    throw new ContestantError(`it would be emulated in software (${device})`);
  }
  let result = results.find((each) => each.name === name);
  if (!result) results.push((result = { name, device, versions, emulated }));
  const size = sizeFor(name, introduction, batch);
  contestant.begin({ mode, batch: size.batch });
  return { result, contestant, size, seconds: [], peakBytes: 0 };
}

const TITLES: Record<Mode, string> = { train: 'Training', infer: 'Inference' };

/** Those that the others are compared with, where they were measured. */
const PEERS = ['pytorch', 'wasm', 'cpu'];

/** The figures as tables for the terminal. */
export function contestTables({ results, absent, machine, threads, rounds, parameters }: Figures): string[] {
  const lines = [
    `The report's network (${parameters.toLocaleString('en')} parameters) on ${machine.cpu}, ${machine.platform}, ${threads} of ${machine.cores} threads.`,
    `Medians of steps; rounds in turn: ${rounds}. Ratios are of images/s.`,
  ];
  for (const mode of MODES) {
    const measured = results.flatMap((result) => {
      const measurement = result[mode];
      return measurement ? [{ ...result, measurement }] : [];
    });
    if (!measured.length) continue;
    const peers = measured.filter(({ name }) => PEERS.includes(name));
    const rows = measured.map(({ name, device, measurement }) => [
      name,
      String(measurement.batch),
      measurement.imagesPerSecond.toPrecision(3),
      median(measurement.seconds).toPrecision(3),
      `${Math.min(...measurement.seconds).toPrecision(3)}–${Math.max(...measurement.seconds).toPrecision(3)}`,
      ...peers.map((peer) => ratio(measurement, peer.measurement)),
      `${(measurement.peakBytes / 2 ** 30).toFixed(2)} GiB`,
      device,
    ]);
    const head = [
      ...[TITLES[mode], 'batch', 'images/s', 's/step', 'from–to'],
      ...peers.map(({ name }) => `× ${name}`),
      ...['peak memory', 'on'],
    ];
    lines.push('', ...alignColumns([head, ...rows], `<${'>'.repeat(5 + peers.length)}<`));
  }
  const batches = new Set(
    results.flatMap(({ train, infer }) => [train?.batch, infer?.batch]).filter(Boolean),
  );
  if (batches.size > 1) lines.push('', 'Slow backends were given smaller batches and fewer steps.');
  if (absent.length) {
    lines.push('', 'Not measured:', ...absent.map(({ name, reason }) => `  ${name}: ${reason}`));
  }
  return lines;
}

const ratio = (one: Measurement, other: Measurement): string =>
  (one.imagesPerSecond / other.imagesPerSecond).toPrecision(3);
