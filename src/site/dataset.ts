/** Reads what the site has of the dataset when it is built. A file that is missing or broken stops the build by name. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../artifacts/hashes.ts';
import { filesOf, parseManifest, type DataFileEntry, type DataManifest } from '../data/manifest.ts';

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
  const folder = join(publicDir, 'data');
  const manifest = parseManifest(jsonOf(await read(folder, 'index.json')));
  await Promise.all(filesOf(manifest).map((entry) => readPublished(folder, entry)));
  return { manifest, testLabels: await readPublished(folder, manifest.test.labels) };
}

async function read(folder: string, file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(join(folder, file)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw fault(file, 'it is not there');
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw fault('index.json', 'it is no JSON: truncated or edited');
  }
}

async function readPublished(folder: string, entry: DataFileEntry): Promise<Uint8Array> {
  const bytes = await read(folder, entry.file);
  if (bytes.byteLength !== entry.bytes || (await sha256(bytes)) !== entry.sha256) {
    throw fault(entry.file, 'it is not the file that index.json tells of: truncated or edited');
  }
  return bytes;
}

const fault = (file: string, reason: string): Error =>
  new Error(`public/data/${file}: ${reason}. "npm run data" writes it again.`);
