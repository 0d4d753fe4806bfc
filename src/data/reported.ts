/**
 * Every number of the report, once, with the places where it occurs. `reported.json` is read while the site is built;
 * code for the browser should be handed the numbers it needs rather than import this module. TypeScript knows the file's
 * structure, and `tests/data/reported.test.ts` finds each quote in the report's text.
 */
import data from './reported.json' with { type: 'json' };

/** Where the report says something. */
interface Place {
  /** Number of the section, "7.2", or of the chapter for text before its first section. */
  readonly section: string;
  /** The report's own words. */
  readonly quote: string;
  /** Which of the numbers in the quote it is, counted from 0; several if it occurs there more than once. */
  readonly at?: number | readonly number[] | undefined;
}

/** A statement that is not a quantity: a name or a version. */
export interface Fact {
  readonly value: string;
  readonly places: readonly Place[];
}

export interface Figure {
  /** In `unit`; shares are fractions as in the artifacts, 0.9372 and not 93.72. */
  readonly value: number;
  /**
   * `1` for losses, learning rates and other pure numbers, `fraction` for a share from 0 to 1, printed as such or in per
   * cent, `points` for the difference of two shares, `parts` for one side of a ratio; else what is counted or measured.
   */
  readonly unit: string;
  /** Whether the report itself calls it approximate, 约. */
  readonly approximate?: boolean | undefined;
  readonly places: readonly Place[];
}

/** The log in figure 1: the end of epoch 18, then epochs 19 and 20. */
type LogEntry = (typeof data.log)[number];
type FullEpoch = Extract<LogEntry, { seconds: object }>;
const log = data.log as [LogEntry, FullEpoch, FullEpoch];
const [, best, last] = log;

/**
 * The report's numbers, `reported.testAccuracy.value`. What it summarises from its log is kept once, in `log`,
 * and has a name here as well.
 */
export const reported = {
  ...data,
  log,
  bestValidationAccuracy: best.validationAccuracy,
  finalTrainLoss: last.trainLoss,
  finalTrainAccuracy: last.trainAccuracy,
  finalValidationLoss: last.validationLoss,
  finalValidationAccuracy: last.validationAccuracy,
};
