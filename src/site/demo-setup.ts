/** What a demo's page tells its script, as JSON in the HTML. */
import type { ModelSource } from '../engines/web/protocol.ts';
import type { RejectionThreshold } from '../evaluation/rejection.ts';
import type { ImageSet } from '../data/sprites.ts';

export interface Setup {
  readonly models: readonly ModelSource[];
  /** The test images: to start a drawing from, and the first of them to judge a taught network by. */
  readonly test: ImageSet;
  /** A sample of the training images: to compare a drawing with, and to learn from. */
  readonly sample: ImageSet;
}

export interface DrawSetup extends Setup {
  /** From which probability on a model answers, by its id; of those for which that was calibrated. */
  readonly criteria: Readonly<Record<string, RejectionThreshold>>;
}
