/**
 * `public/models/test-reads.json`: each time the test set was put through networks to publish them, also those that have
 * been replaced since. A line is added before the reading, and none is ever taken away.
 */
import { sum } from 'd3';
import { z } from 'zod';
import { ArtifactError } from './integrity.ts';
import { type Metrics, metricsSchema, parser, VERSIONS } from './schema.ts';

export const TEST_READS_FILE = 'test-reads.json';

const testReadsSchema = z.strictObject({
  schemaVersion: z.literal(VERSIONS.testReads),
  reads: z.array(
    z.strictObject({
      id: metricsSchema.shape.id,
      /** Just before it was done; null where that was not recorded. */
      at: metricsSchema.shape.finishedAt.nullable(),
      /** Passes of the whole test set. */
      count: z.int().positive(),
    }),
  ),
});

export type TestReads = z.infer<typeof testReadsSchema>;

/** The content of the file. @throws ArtifactError which names file and reason */
export const parseTestReads = (content: unknown): TestReads =>
  parser(testReadsSchema, TEST_READS_FILE)('models', content);

/**
 * How often the test set was read, for everything that was ever published.
 * @param published what is published now
 * @throws ArtifactError where a published network's own reads are not among them
 */
export function countTestReads(
  { reads }: TestReads,
  published: readonly Pick<Metrics, 'id' | 'testSetReads'>[],
): number {
  for (const { id, testSetReads } of published) {
    const recorded = sum(reads, (line) => (line.id === id ? line.count : 0));
    if (recorded < testSetReads) {
      const reason = `it has ${recorded} reads for "${id}", whose metrics.json has ${testSetReads}`;
      throw new ArtifactError(TEST_READS_FILE, 'models', reason);
    }
  }
  return sum(reads, ({ count }) => count);
}
