/** What the page tells its script, as JSON in the HTML. */
import type { ModelSource } from '../../../engines/web/protocol.ts';
import type { ImageSet } from './sheets.ts';

export interface Setup {
  readonly models: readonly ModelSource[];
  /** The test images, to start a drawing from. */
  readonly test: ImageSet;
  /** A sample of the training images, to compare a drawing with. */
  readonly sample: ImageSet;
}
