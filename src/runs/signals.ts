/** Signals that end a run in an orderly way: its step is finished and a checkpoint written. */

/** The exit codes by which shells report them. */
export const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export type Signal = keyof typeof EXIT_CODES;

/** A signal ended the run: all that a resumed run needs is in the checkpoint. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  readonly signal: Signal;

  constructor(signal: Signal) {
    super(signal);
    this.signal = signal;
  }
}

/** Signals closer together are one: npm passes on a Ctrl-C that the terminal has sent to the whole group already. */
const ONE_SIGNAL_MILLISECONDS = 1000;

/** Records the first signal; a second one, pressed later, ends the process at once. */
export function listenForSignals(): { received: () => Signal | null; stop: () => void } {
  let received: Signal | null = null;
  let at = 0;
  const names = Object.keys(EXIT_CODES) as Signal[];
  const stop = (): void => names.forEach((name) => process.off(name, record));
  const record = (signal: Signal): void => {
    if (received) {
      if (performance.now() - at < ONE_SIGNAL_MILLISECONDS) return;
      stop();
      process.kill(process.pid, signal);
      return;
    }
    received = signal;
    at = performance.now();
    // Where the terminal or the reader of the pipe is gone, the sentence is lost and the checkpoint is not.
    process.stderr.on('error', () => {});
    process.stderr.write('\nFinishing the step and writing a checkpoint; press again to stop at once.\n');
  };
  names.forEach((name) => process.on(name, record));
  return { received: () => received, stop };
}
