/** What the page tells its script, as JSON in the HTML. */
import type { ModelSource } from '../../../engines/web/protocol.ts';

export interface Setup {
  readonly models: readonly ModelSource[];
  /** The test images, to start a drawing from. */
  readonly test: ImageSheets;
}

/** Images in sheets of 28×28 each, row by row; number k is the (k mod perSheet)th of sheet ⌊k / perSheet⌋. */
export interface ImageSheets {
  readonly sheets: readonly string[];
  /** One byte an image, the class. */
  readonly labels: string;
  readonly count: number;
  readonly perSheet: number;
  readonly columns: number;
}
