/** A session of a training run: from its start, or from a checkpoint, until it ends or is interrupted. */
import { setImmediate as turn } from 'node:timers/promises';
import type { FashionMnist } from '../data/node/fashion-mnist.ts';
import type { Trainer, TrainingSplit } from '../training/trainer.ts';
import { type RunRecord, saveRecord } from './checkpoint.ts';
import type { RunFolders } from './run-folders.ts';
import type { RunLog } from './run-log.ts';
import { Interrupted, type Signal } from './signals.ts';

export interface Session {
  /** What stays the same between its checkpoints. */
  head: Omit<RunRecord, 'logLength' | 'trainer'>;
  trainer: Trainer;
  log: RunLog;
  data: FashionMnist;
  split: TrainingSplit;
  place: RunFolders;
  /** The signal to end the run, if one came. */
  stopped: () => Signal | null;
}

/** Writes a checkpoint. @param logLength bytes of the log that a resumed run keeps */
export async function saveSession(
  { head, trainer, log, place }: Session,
  logLength = log.length,
): Promise<void> {
  saveRecord(place.state, { ...head, logLength, trainer: await trainer.state() });
}

/** Shows the progress of predictions, and lets signals in. @throws Interrupted */
export async function showShare({ log, stopped }: Session, what: string, share: number): Promise<void> {
  log.progress(what, share);
  await turn();
  const signal = stopped();
  if (signal) throw new Interrupted(signal);
}
