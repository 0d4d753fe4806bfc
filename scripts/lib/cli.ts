/** What all scripts share: an error that is one sentence, and its exit code. */
import { ArtifactError } from '../../src/artifacts/errors.ts';

/** A failure whose message is for the user as it stands. Exit code 2 is bad input, 1 anything that went wrong later. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/**
 * Runs a script's main function and turns its failures into one sentence and an exit code; only what nobody foresaw
 * is printed with its stack.
 */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (error instanceof CliError) {
      console.error(error.message);
      process.exitCode = error.exitCode;
    } else if (error instanceof ArtifactError) {
      // A published file is input to a script, and what is wrong with it is said already.
      console.error(`${error.message}.`);
      process.exitCode = 2;
    } else {
      const stack = error instanceof Error ? error.stack : String(error);
      console.error(`Unexpected failure, please report it: ${stack}`);
      process.exitCode = 1;
    }
  }
}

/** The code of a failed system call (`ENOSPC`, `EACCES` …), or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
