/** Told how a load is going. */
export interface LoadReporter {
  /** Bytes (or per cent, where the total is 100) of a file that have arrived; `total` is null where nobody knows. */
  progress(source: string, file: string, received: number, total: number | null): void;
  /** Something that did not work; the load goes on with the next source. */
  problem(source: string, message: string): void;
}

const WIDTH = 24;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function bar(received: number, total: number | null): string {
  if (total === null) return megabytes(received);
  const share = Math.min(1, received / total);
  const filled = Math.round(share * WIDTH);
  const size = total > 100 ? ` of ${megabytes(total)}` : '';
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${Math.round(share * 100)} %${size}`;
}

/**
 * Writes progress as text: on a terminal one line for each file that fills as it arrives, elsewhere (a log) one line
 * when a file begins. Problems are a line each on both.
 */
export function terminalReporter(stream: { isTTY?: boolean; write(text: string): unknown }): LoadReporter {
  let current = '';
  let open = false;
  const close = (): void => {
    if (open) stream.write('\n');
    open = false;
  };
  return {
    progress(source, file, received, total) {
      const key = `${source} ${file}`;
      if (key !== current) {
        close();
        stream.write(`Fetching ${file} from ${source}\n`);
        current = key;
      }
      if (!stream.isTTY) return;
      stream.write(`\r  ${bar(received, total)}\x1b[K`);
      open = true;
      if (received === total) close();
    },
    problem(source, message) {
      close();
      stream.write(`${source}: ${message}\n`);
    },
  };
}
