/**
 * `progress.jsonl` in a run's state folder: what it has done, a line of JSON after each step. Only the page that shows
 * trainings during development reads it; a line is never needed to resume.
 */
import type { History } from './schema.ts';

export const PROGRESS_FILE = 'progress.jsonl';

/** Whenever a process begins to work on the run. */
export interface RunStart {
  readonly type: 'run';
  readonly id: string;
  /** What is trained, in words. */
  readonly label: string;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Where it is computed. */
  readonly backend: string;
  readonly pid: number;
}

export type ProgressLine =
  | RunStart
  /** A step: `memory` in bytes, `left` in seconds, null while nobody can know. */
  | {
      readonly type: 'batch';
      readonly epoch: number;
      readonly batch: number;
      readonly loss: number;
      readonly accuracy: number;
      readonly memory: number;
      readonly left: number | null;
    }
  /** An epoch; the confusion matrix is that of the validation images, null where there are none. */
  | (History['epochs'][number] & {
      readonly type: 'epoch';
      readonly best: boolean;
      readonly confusion: number[][] | null;
    })
  /** The process is done with it. */
  | { readonly type: 'end'; readonly published: boolean };
