/** The trainer's events, logged, with a checkpoint wherever one is due. */
import { setImmediate as turn } from 'node:timers/promises';
import { NonFiniteLossError, type Trainer } from '../../src/model/training.ts';
import { CliError } from './cli.ts';
import { batchLine, bestLine, duration, epochHeader, epochSummary, type RunLog } from './log.ts';
import { LOGGED_BATCHES } from './publish.ts';

/** Signals that end a run in order, and the exit codes by which shells tell them. */
export const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export type Signal = keyof typeof EXIT_CODES;

export interface LoopOptions {
  trainer: Trainer;
  log: RunLog;
  /** Writes a checkpoint of where the trainer stands. */
  save: () => Promise<void>;
  /** At most this long between two checkpoints, in seconds. */
  checkpointSeconds: number;
  /** The signal that asked the run to end, if one did. */
  stopped: () => Signal | null;
}

/**
 * Trains to the end, or to a signal; a checkpoint is written in either case.
 * @returns the signal that ended it, or null when the training is finished
 * @throws CliError when the loss is not finite or the disk is full; the last good checkpoint is kept
 */
export async function trainToEnd(options: LoopOptions): Promise<Signal | null> {
  const { trainer, log, save, checkpointSeconds, stopped } = options;
  const timeLeft = estimateTimeLeft(trainer);
  let saved = performance.now();
  while (!trainer.done) {
    const signal = stopped();
    if (signal) {
      await save();
      log.say(`Interrupted after step ${trainer.step} of ${trainer.totalSteps}; go on with --resume.`);
      return signal;
    }
    const event = await nextEvent(trainer);
    timeLeft.note(event.type);
    let due = performance.now() - saved >= 1000 * checkpointSeconds;
    if (event.type === 'batch') {
      const { epoch, batch, loss, accuracy } = event;
      if (batch === 0) log.lines(epochHeader(epoch, trainer.recipe.epochs));
      if (batch % LOGGED_BATCHES === 0) log.line(batchLine(batch, trainer.stepsPerEpoch, loss, accuracy));
      const share = trainer.step / trainer.totalSteps;
      log.bar(
        `epoch ${epoch}/${trainer.recipe.epochs}, batch ${batch + 1}/${trainer.stepsPerEpoch}, loss ${loss.toFixed(4)}`,
        share,
        timeLeft.seconds(),
      );
      // Validation cannot be interrupted, and takes minutes on a slow backend.
      due ||= batch + 1 === trainer.stepsPerEpoch;
    } else {
      if (event.best && event.validationAccuracy !== null) log.line(bestLine(event.validationAccuracy));
      log.lines(epochSummary(event));
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
  return null;
}

async function nextEvent(trainer: Trainer): ReturnType<Trainer['next']> {
  try {
    return await trainer.next();
  } catch (error) {
    if (!(error instanceof NonFiniteLossError)) throw error;
    throw new CliError(
      `${error.message} The last good checkpoint is kept; another seed or preset may get through: start anew with --restart.`,
      1,
    );
  }
}

/** How long the rest takes, from this session's steps and validations. */
function estimateTimeLeft(trainer: Trainer): {
  note: (event: 'batch' | 'epoch') => void;
  seconds: () => number | undefined;
} {
  const spent = { batch: { seconds: 0, count: 0 }, epoch: { seconds: 0, count: 0 } };
  let last = performance.now();
  return {
    note(event) {
      const now = performance.now();
      spent[event].seconds += (now - last) / 1000;
      spent[event].count++;
      last = now;
    },
    seconds() {
      const { batch, epoch } = spent;
      // The first steps are slower than all others.
      if (batch.count < 5) return undefined;
      const validations = trainer.recipe.epochs - trainer.epochs.length;
      // Before the first one: a validation has a quarter of the images and only the forward third of the work.
      const perValidation = epoch.count
        ? epoch.seconds / epoch.count
        : (batch.seconds / batch.count) * (trainer.stepsPerEpoch / 12);
      return (
        (trainer.totalSteps - trainer.step) * (batch.seconds / batch.count) + validations * perValidation
      );
    },
  };
}
