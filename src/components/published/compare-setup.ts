import type { DataFileEntry } from '../../data/manifest.ts';
import type { Metrics } from '../../artifacts/schema.ts';
import type { Pair } from './run-pair.ts';

/** What the build hands the script of the comparison. */
export interface CompareSetup {
  published: {
    id: string;
    /** Whether it has a history; an ensemble has none. */
    trained: boolean;
    /** Those that a comparison loads. */
    files: Metrics['files'];
  }[];
  /** The pair that the build has drawn. */
  pair: Pair;
  /** The classes of the test images. */
  labels: DataFileEntry;
}
