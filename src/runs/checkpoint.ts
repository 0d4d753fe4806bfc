/** What a checkpoint holds: the trainer's state, and what the run was and where it stood. */
import { join } from 'node:path';
import type { Metrics } from '../artifacts/schema.ts';
import type { TrainingState } from '../training/trainer.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
import { UserError } from '../node/errors.ts';
import { shown } from '../node/files.ts';
import { difference, type Plan } from './plan.ts';

/** Of the layout below; a checkpoint of another is refused. */
export const FORMAT = 2;

export interface RunRecord {
  format: typeof FORMAT;
  plan: Plan;
  /** What the run publishes into, as `--output` takes it. */
  output: string;
  backend: { name: string; device: string };
  /** Of the backend, where their number decides the last digits; absent elsewhere. */
  threads?: number;
  /** Those the run started with. */
  versions: Record<string, string>;
  machine: Metrics['machine'];
  sessions: Metrics['sessions'];
  /** Bytes of the log at this point. */
  logLength: number;
  /** How often the test set was put through a model of this run; counted before it is done. */
  testSetReads: number;
  /** When the run was published last. */
  publishedAt: string | null;
  /** The published runs it learns from, with the SHA-256 of their weights; absent where there are none. */
  sources?: Record<string, string>;
  trainer: TrainingState;
}

export const recordPath = (state: string): string => join(state, 'checkpoint.bin');

/** @throws UserError when the weights are not finite (nothing is written then) or the disk is full. */
export function saveRecord(state: string, record: RunRecord): void {
  for (const [name, { data }] of Object.entries(record.trainer.weights)) {
    if (!data.every(Number.isFinite)) {
      throw new UserError(
        `The weight ${name} is not finite after ${record.trainer.step} steps: training has diverged; the last good checkpoint in ${shown(state)} is kept.`,
        1,
      );
    }
  }
  writeCheckpoint(recordPath(state), record);
}

/** The run's record, or null where there is none. @throws UserError when it is damaged or of another layout. */
export function loadRecord(state: string): RunRecord | null {
  const value = readCheckpoint(recordPath(state)) as RunRecord | null;
  if (value && value.format !== FORMAT) {
    throw new UserError(
      `${shown(recordPath(state))} was written by ${value.format < FORMAT ? 'an earlier' : 'a later'} version of this project; start over with --restart.`,
    );
  }
  return value;
}

/** @throws UserError when a new run would overwrite the checkpoint of one that is not published yet. */
export function checkNothingLost(state: string): void {
  const record = loadRecord(state);
  if (!record || record.publishedAt) return;
  const { step, epochs } = record.trainer;
  throw new UserError(
    `${shown(state)} holds an unfinished run (${epochs.length} of ${record.plan.recipe.epochs} epochs, ${step} steps): continue with --resume, or discard it with --restart.`,
  );
}

/** @throws UserError when a checkpoint is not one of this plan. */
export function checkSamePlan(state: string, saved: Plan, plan: Plan): void {
  const found = difference(saved, plan);
  if (found) {
    const [one, other] = [JSON.stringify(found.one), JSON.stringify(found.other)];
    throw new UserError(
      `The checkpoint in ${shown(state)} is of another run: its ${found.path} is ${one}, not ${other}; leave the flag out to resume it, or start over with --restart.`,
    );
  }
}

/** What changed in the versions since the run began, for the log; null when nothing did. */
export function versionDrift(began: Record<string, string>, now: Record<string, string>): string | null {
  const changed = [...new Set([...Object.keys(began), ...Object.keys(now)])]
    .filter((name) => began[name] !== now[name])
    .map((name) => `${name} ${began[name] ?? 'absent'} → ${now[name] ?? 'absent'}`);
  return changed.length ? changed.join(', ') : null;
}
