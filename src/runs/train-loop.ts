/** Trains to the end: logs the trainer's events, and writes a checkpoint wherever one is due. */
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import type { ProgressLine } from '../artifacts/progress.ts';
import { isMemoryError } from '../node/memory.ts';
import { NonFiniteLossError, type Trainer } from '../training/trainer.ts';
import { UserError } from '../node/errors.ts';
import { batchLine, bestLine, epochHeader, epochSummary, LOGGED_BATCHES, type RunLog } from './run-log.ts';
import { duration, percent } from '../node/terminal.ts';
import { Interrupted, type Signal } from './signals.ts';

/** How long to wait for the news that the GPU is lost, when something has failed. */
const LOSS_MILLISECONDS = 1000;

export interface LoopOptions {
  trainer: Trainer;
  log: RunLog;
  /** Told of every step and epoch. */
  watch?: (line: ProgressLine) => void;
  save: () => Promise<void>;
  /** At most this long between two checkpoints, in seconds. */
  checkpointSeconds: number;
  /** The signal to end the run, if one came. */
  stopped: () => Signal | null;
  /** Settles, with the reason, when the processor is lost that the backend computes on. */
  lost?: Promise<string> | undefined;
}

/**
 * Trains to the end, or to a signal; a checkpoint is written in either case.
 * @throws Interrupted by a signal
 * @throws UserError when the loss is not finite, memory or the disk is full, or the GPU is lost; the last good checkpoint
 * is kept
 */
export async function trainToEnd(options: LoopOptions): Promise<void> {
  try {
    await train(options);
  } catch (error) {
    throw await inWords(error, options);
  }
}

async function train(options: LoopOptions): Promise<void> {
  const { trainer, log, save, checkpointSeconds, stopped, watch } = options;
  const [began, firstStep] = [performance.now(), trainer.step];
  let saved = began;
  while (!trainer.done) {
    const signal = stopped();
    if (signal) {
      await save();
      throw new Interrupted(signal);
    }
    const event = await trainer.next();
    let due = performance.now() - saved >= 1000 * checkpointSeconds;
    if (event.type === 'batch') {
      const { epoch, batch, loss, accuracy } = event;
      if (batch === 0) log.lines(epochHeader(epoch, trainer.recipe.epochs));
      if (batch % LOGGED_BATCHES === 0) log.line(batchLine(batch, trainer.stepsPerEpoch, loss, accuracy));
      const done = trainer.step - firstStep;
      const secondsPerStep = (performance.now() - began) / 1000 / done;
      // The first steps are slower than all others.
      const left = done < 5 ? undefined : secondsPerStep * (trainer.totalSteps - trainer.step);
      log.progress(
        `epoch ${epoch}/${trainer.recipe.epochs}, batch ${batch + 1}/${trainer.stepsPerEpoch}, loss ${loss.toFixed(4)}`,
        trainer.step / trainer.totalSteps,
        left,
      );
      watch?.({
        ...{ type: 'batch', epoch, batch, loss, accuracy },
        ...{ memory: process.memoryUsage.rss(), left: left ?? null },
      });
      // Validation cannot be interrupted, and takes minutes on a slow backend.
      due ||= batch + 1 === trainer.stepsPerEpoch;
    } else {
      if (event.best && event.validationAccuracy !== null) log.line(bestLine(event.validationAccuracy));
      log.lines(epochSummary(event));
      watch?.(event);
      due = true;
    }
    if (due) {
      await save();
      saved = performance.now();
    }
    // Lets signals in: backends that compute in this thread never wait.
    await turn();
  }
  const seconds = trainer.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  log.line(`Training finished! Total time: ${seconds.toFixed(1)} s (${duration(seconds)})`);
  const { targetAccuracy } = trainer.recipe;
  if (targetAccuracy !== undefined) {
    const target = `${percent(targetAccuracy, 2)} on validation`;
    log.line(
      trainer.reached
        ? `Reached ${target} after ${trainer.epochs.length} epochs, in ${seconds.toFixed(1)} s.`
        : `Did not reach ${target} in ${trainer.epochs.length} epochs.`,
    );
  }
}

/** A failure of the training as a sentence, where there is one for it. */
async function inWords(error: unknown, { trainer, lost }: LoopOptions): Promise<unknown> {
  if (error instanceof UserError || error instanceof Interrupted) return error;
  if (error instanceof NonFiniteLossError) {
    return new UserError(
      `${error.message} The last good checkpoint is kept; another seed or preset may get through: start over with --restart.`,
      1,
    );
  }
  if (isMemoryError(error)) {
    return new UserError(
      `There is too little memory for this network and batches of ${trainer.recipe.batchSize} images (${error.message}); choose a smaller --batch.`,
    );
  }
  // What fails on a lost GPU fails before the loss is reported.
  const reason = await Promise.race([lost, pause(LOSS_MILLISECONDS, undefined, { ref: false })]);
  if (reason === undefined) return error;
  return new UserError(
    `The GPU was lost after step ${trainer.step} of ${trainer.totalSteps} (${reason}). The last checkpoint is kept: continue from it with --resume.`,
    1,
  );
}
