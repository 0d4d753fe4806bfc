/** What the page tells its script, as JSON in the HTML. */
import type { ModelSource } from '../../../engines/web/protocol.ts';
import type { ImageSheets } from './gallery.ts';

export interface Setup {
  readonly models: readonly ModelSource[];
  /** The test images, to start a drawing from. */
  readonly test: ImageSheets;
}
