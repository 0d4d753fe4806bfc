/** Tells the page that shows trainings during development what a run does; a failure to write never disturbs the run. */
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRESS_FILE, type ProgressLine, type RunStart } from '../artifacts/progress.ts';

/** Where that page is, for the terminal. */
export const WATCH = 'Watch it: npm run dev, then http://localhost:4321/en/training/';

/**
 * @param resumed whether earlier lines are this run's own
 * @returns a function that adds a line
 */
export function progressFile(
  state: string,
  start: Omit<RunStart, 'type' | 'pid'>,
  resumed: boolean,
): (line: ProgressLine) => void {
  const path = join(state, PROGRESS_FILE);
  const add = (line: ProgressLine): void => {
    try {
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    } catch {
      // A full disk is noticed, in words, where the checkpoint is written.
    }
  };
  if (!resumed) rmSync(path, { force: true });
  add({ type: 'run', pid: process.pid, ...start });
  return add;
}
