/** Reads what the site has of the dataset when it is built. A file that is missing or broken stops the build by name. */
import { join } from 'node:path';
import { ArtifactError } from '../artifacts/integrity.ts';
import { sha256 } from '../math/arrays.ts';
import { present, type ReadFile, readUnverified } from '../artifacts/run.ts';
import { filesOf, parseManifest, type DataFileEntry, type DataManifest } from '../data/manifest.ts';
import { folderReader } from '../node/files.ts';

export interface Dataset {
  manifest: DataManifest;
  /** The classes of the test images, by id. */
  testLabels: Uint8Array;
}

/**
 * @param publicDir the folder that holds `data/`
 * @throws Error which names the file and what is wrong with it
 */
export async function readDataset(publicDir: string): Promise<Dataset> {
  const read = folderReader(join(publicDir, 'data'));
  try {
    const manifest = parseManifest(await readUnverified('data', 'index.json', read));
    await Promise.all(filesOf(manifest).map((entry) => readPublished(entry, read)));
    return { manifest, testLabels: await readPublished(manifest.test.labels, read) };
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    throw new Error(`public/data/${error.file}: ${error.reason}. "npm run data" writes it again.`, {
      cause: error,
    });
  }
}

async function readPublished(entry: DataFileEntry, read: ReadFile): Promise<Uint8Array> {
  const bytes = await present(entry.file, 'data', read);
  if (bytes.byteLength !== entry.bytes || (await sha256(bytes)) !== entry.sha256) {
    const reason = 'it is not the file that index.json describes: truncated or edited';
    throw new ArtifactError(entry.file, 'data', reason);
  }
  return new Uint8Array(bytes);
}
