/** How every command ends: with an exit code and, where it fails, one sentence. */
import { ArtifactError } from '../../src/artifacts/errors.ts';
import { UserError } from '../../src/node/errors.ts';

/**
 * Runs a script's main function and turns its failures into one sentence and an exit code; only what nobody foresaw
 * is printed with its stack.
 */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (error instanceof UserError) {
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
