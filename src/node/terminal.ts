/** What commands write to the terminal: percentages, durations, tables and a line of progress. */

/** A fraction like "93.0%". */
export const percent = (fraction: number, digits = 1): string => `${(100 * fraction).toFixed(digits)}%`;

/** Like "1 h 05 min", "3 min 20 s", "12 s". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return minutes ? `${minutes} min ${String(whole % 60).padStart(2, '0')} s` : `${whole} s`;
}

/**
 * Rows of texts as lines, each column as wide as its widest text, two spaces between them.
 * @param align for each column, `<` or `>`; columns behind its end are aligned left
 * @example alignColumns([['a', '1'], ['bc', '10']], '<>') // ['a    1', 'bc  10']
 */
export function alignColumns(rows: readonly (readonly string[])[], align: string): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (text: string, column: number): string =>
    align[column] === '>' ? text.padStart(widths[column]!) : text.padEnd(widths[column]!);
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}

export interface TerminalStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const BAR_WIDTH = 24;

/** Lines, and below them one that shows progress and is written over; that one on a terminal alone. */
export class ProgressLine {
  readonly #stream: TerminalStream;
  #shown = false;

  constructor(stream: TerminalStream) {
    this.#stream = stream;
  }

  /** @param share how much is done, from 0 to 1; undefined where nobody knows */
  show(share: number | undefined, ...texts: readonly (string | false | undefined)[]): void {
    if (!this.#stream.isTTY) return;
    const filled = Math.round((share ?? 0) * BAR_WIDTH);
    const bar =
      share !== undefined && `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${percent(share)}`;
    this.#stream.write(`\r${[bar, ...texts].filter(Boolean).join('  ')}\x1b[K`);
    this.#shown = true;
  }

  print(line: string): void {
    this.clear();
    this.#stream.write(`${line}\n`);
  }

  clear(): void {
    if (this.#shown) this.#stream.write('\r\x1b[K');
    this.#shown = false;
  }
}
