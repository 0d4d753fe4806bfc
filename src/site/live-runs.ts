/** Trainings that are going on, or were: what their state folders say. For development; builds know nothing of them. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROGRESS_FILE, type ProgressLine, type RunStart } from '../artifacts/progress.ts';

type Epoch = Extract<ProgressLine, { type: 'epoch' }>;
type Batch = Extract<ProgressLine, { type: 'batch' }>;

export interface LiveRun {
  readonly start: RunStart;
  /** Its process works on it; stopped before its end; finished; or finished and published. */
  readonly state: 'running' | 'stopped' | 'finished' | 'published';
  readonly epochs: readonly Epoch[];
  readonly batches: readonly Pick<Batch, 'epoch' | 'batch' | 'loss' | 'accuracy'>[];
  readonly last: Batch | null;
  /** The end of its log. */
  readonly log: string;
  /** Seconds since anything was written. */
  readonly silent: number;
}

/** Batches that a curve can show; more would be drawn on the same pixels. */
const SHOWN_BATCHES = 1500;
const LOG_LINES = 14;

/**
 * Those of the site, and those beside folders in ./runs; the latest first.
 * @param root the checkout's folder
 */
export function readLiveRuns(root: string): LiveRun[] {
  return globSync([`.cache/runs/*/${PROGRESS_FILE}`, `runs/*.state/${PROGRESS_FILE}`], { cwd: root })
    .map((path) => readLiveRun(dirname(join(root, path))))
    .filter((run) => run !== null)
    .toSorted((a, b) => a.silent - b.silent);
}

/** @returns null where there is no line that says what is trained */
export function readLiveRun(folder: string): LiveRun | null {
  const path = join(folder, PROGRESS_FILE);
  const lines = readFileSync(path, 'utf8').split('\n').flatMap(parsed);
  const start = lines.findLast((line) => line.type === 'run');
  if (!start) return null;
  // A run that was resumed has done some steps twice: the later line is the run's.
  const batches = new Map<number, Batch>();
  const epochs = new Map<number, Epoch>();
  for (const line of lines) {
    if (line.type === 'batch') batches.set((line.epoch - 1) * start.stepsPerEpoch + line.batch, line);
    if (line.type === 'epoch') epochs.set(line.epoch, line);
  }
  const end = lines.at(-1)!;
  const every = Math.ceil(batches.size / SHOWN_BATCHES);
  const log = join(folder, 'train.log');
  return {
    start,
    state:
      end.type === 'end'
        ? end.published
          ? 'published'
          : 'finished'
        : isAlive(start.pid)
          ? 'running'
          : 'stopped',
    epochs: [...epochs.values()],
    batches: [...batches.values()]
      .filter((_, i) => i % every === 0)
      .map(({ epoch, batch, loss, accuracy }) => ({ epoch, batch, loss, accuracy })),
    last: lines.findLast((line) => line.type === 'batch') ?? null,
    log: existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n') : '',
    silent: (Date.now() - statSync(path).mtimeMs) / 1000,
  };
}

/** None for the last line while it is being written. */
function parsed(line: string): ProgressLine[] {
  try {
    return [JSON.parse(line) as ProgressLine];
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
