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

/** What keeps a file from being written, in a few words. */
export function obstacle(error: unknown): string {
  switch (systemCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'permission denied';
    case 'EEXIST':
    case 'ENOTDIR':
      return 'a file is in the way';
    default:
      return messageOf(error);
  }
}

/** One sentence on why `path` could not be written. */
export function writeFailure(path: string, error: unknown, keepsOld = false): string {
  const reason = obstacle(error);
  const advice = reason === 'the disk is full' ? ' Free some space and continue with --resume.' : '';
  return `${path} could not be written: ${reason}.${advice}${keepsOld ? ' The last good one is kept.' : ''}`;
}
