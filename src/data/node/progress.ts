import type { Progress } from './dataset-sources.ts';

/** Told how a load is going. */
export interface LoadReporter {
  /** More of a file has arrived. */
  progress(source: string, progress: Progress): void;
  /** Something that did not work; the load goes on with the next source. */
  problem(source: string, message: string): void;
}

const WIDTH = 24;

function bar({ share, bytes }: Progress): string {
  const filled = Math.round((share ?? 0) * WIDTH);
  return [
    share === undefined
      ? ''
      : `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${Math.round(share * 100)} %`,
    bytes === undefined ? '' : `${(bytes / 1e6).toFixed(1)} MB`,
  ]
    .filter(Boolean)
    .join('  ');
}

/**
 * Writes progress as text: on a terminal one line for each file that fills as it arrives, elsewhere (a log) one line
 * when a file begins. Problems are a line each on both.
 */
export function terminalReporter(stream: { isTTY?: boolean; write(text: string): unknown }): LoadReporter {
  let current = '';
  let lineOpen = false;
  const endLine = (): void => {
    if (lineOpen) stream.write('\n');
    lineOpen = false;
  };
  return {
    progress(source, progress) {
      const key = `${source} ${progress.file}`;
      if (key !== current) {
        endLine();
        stream.write(`Fetching ${progress.file} from ${source}\n`);
        current = key;
      }
      if (!stream.isTTY) return;
      stream.write(`\r  ${bar(progress)}\x1b[K`);
      lineOpen = true;
      if (progress.share === 1) endLine();
    },
    problem(source, message) {
      endLine();
      stream.write(`${source}: ${message}\n`);
    },
  };
}
