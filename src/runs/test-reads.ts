/** Records on disk that the test set is about to be read. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArtifactError } from '../artifacts/integrity.ts';
import { VERSIONS } from '../artifacts/schema.ts';
import { parseTestReads, TEST_READS_FILE, type TestReads } from '../artifacts/test-reads.ts';
import { UserError } from '../node/errors.ts';
import { writeAtomically } from '../node/files.ts';
import { jsonBytes } from './publish.ts';

/**
 * To be called before the test set is put through a network that is to be published, so that a crash cannot hide it.
 * @param models the folder of the published runs
 * @throws UserError when the file is broken or cannot be written
 */
export function noteTestReads(models: string, id: string, count: number): void {
  const path = join(models, TEST_READS_FILE);
  const { reads } = readTestReads(path);
  const noted = {
    schemaVersion: VERSIONS.testReads,
    reads: [...reads, { id, at: new Date().toISOString(), count }],
  };
  writeAtomically(path, jsonBytes(noted));
}

function readTestReads(path: string): Pick<TestReads, 'reads'> {
  if (!existsSync(path)) return { reads: [] };
  try {
    return parseTestReads(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const reason =
      error instanceof ArtifactError ? error.message : `${TEST_READS_FILE} is no JSON: truncated or edited`;
    throw new UserError(
      `${reason}; mend or restore it first, since the reads of the test set are counted there.`,
    );
  }
}
