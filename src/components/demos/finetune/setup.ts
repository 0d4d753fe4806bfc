/** What the page tells its script, as JSON in the HTML. */
import type { ModelSource } from '../../../engines/web/protocol.ts';
import type { ImageSet } from '../draw/sheets.ts';

export interface Setup {
  readonly models: readonly ModelSource[];
  /** The test images; the first of them are the fixed sample. */
  readonly test: ImageSet;
  /** Training images to learn from. */
  readonly sample: ImageSet;
}
