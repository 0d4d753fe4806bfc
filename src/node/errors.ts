/** Failures whose message is for the user, and what can be read from the others. */

/** The message is a sentence for the user, printed as it is. Exit code 2 is wrong input, 1 anything that failed later. */
export class UserError extends Error {
  override name = 'UserError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 2, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The code of a failed system call (`ENOSPC`, `EACCES` …), or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
