/** What all scripts share: an error that is one sentence, and its exit code. */
/** A failure whose message is for the user as it stands. Exit code 2 is bad input, 1 anything that went wrong later. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** The code of a failed system call (`ENOSPC`, `EACCES` …), or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
