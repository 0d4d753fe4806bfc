import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf, UserError } from '../../node/errors.ts';
import { type DataFile, unpackedSize } from '../idx.ts';
import type { LoadReporter } from './progress.ts';
import type { Progress, Source } from './dataset-sources.ts';

export interface CollectOptions {
  /** Where to look, in this order. */
  sources: readonly Source[];
  /** The folder downloads are kept in. */
  cache: string;
  reporter: LoadReporter;
}

const unzip = promisify(gunzip);

/** Unpacks a file if it is gzipped and checks it; returns the unpacked bytes or says what is wrong. */
async function unpack(file: DataFile, bytes: Uint8Array): Promise<Uint8Array | string> {
  let plain = bytes;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      plain = await unzip(bytes, { maxOutputLength: unpackedSize(file) });
    } catch (error) {
      return `is a broken gzip file (${messageOf(error)})`;
    }
  }
  const hash = createHash('sha256').update(plain).digest('hex');
  return hash === file.sha256 ? plain : `has the wrong SHA-256 ${hash}, expected ${file.sha256}`;
}

/** Writes a file aside and renames it, so that a folder never holds half of one. */
async function keep(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const aside = join(folder, `.${name}.${randomUUID()}.part`);
  try {
    await writeFile(aside, bytes);
    await rename(aside, join(folder, name));
  } finally {
    await rm(aside, { force: true });
  }
}

/**
 * Each of the files from the first source that has it right, unpacked and checked against its SHA-256. A wrong one is
 * named and the next source asked. What came over the network is kept in the cache folder.
 *
 * @throws UserError when a file is not to be had
 */
export async function collectFiles(
  files: readonly DataFile[],
  { sources, cache, reporter }: CollectOptions,
): Promise<Map<DataFile, Uint8Array>> {
  const found = new Map<DataFile, Uint8Array>();
  const tried: string[] = [];
  const missing = (): DataFile[] => files.filter((file) => !found.has(file));

  for (const source of sources) {
    if (missing().length === 0) break;
    const asked = missing();
    const absent = new Set(asked);
    const problems: string[] = [];
    const refuse = (problem: string): void => {
      problems.push(problem);
      reporter.problem(source.name, problem);
    };
    const onProgress = (progress: Progress): void => reporter.progress(source.name, progress);
    try {
      for await (const delivery of source.deliver(asked, onProgress)) {
        const { file } = delivery;
        absent.delete(file);
        if (found.has(file)) continue;
        if ('problem' in delivery) {
          refuse(`${file.name} ${delivery.problem}`);
          continue;
        }
        const plain = await unpack(file, delivery.bytes);
        if (typeof plain === 'string') {
          refuse(`${file.name} ${plain}`);
          continue;
        }
        found.set(file, plain);
        if (source.remote) {
          const name = plain === delivery.bytes ? file.name : `${file.name}.gz`;
          await keep(cache, name, delivery.bytes).catch((error: Error) =>
            reporter.problem(cache, `${name} cannot be kept for the next time: ${error.message}`),
          );
        }
      }
      if (absent.size > 0) {
        const names = Array.from(absent, (file) => file.name);
        const problem = absent.size === files.length ? 'has none of the files' : `has no ${names.join(', ')}`;
        if (source.remote || source.named) refuse(problem);
        else problems.push(problem);
      }
    } catch (error) {
      refuse(messageOf(error));
    }
    if (problems.length > 0) tried.push(`  - ${source.name}: ${problems.join('; ')}`);
  }

  if (missing().length > 0) {
    const names = missing().map((file) => file.name);
    throw new UserError(
      `Fashion-MNIST could not be loaded (missing: ${names.join(', ')}). Download its four files from ` +
        `https://github.com/zalandoresearch/fashion-mnist into a folder and set FASHION_MNIST_DIR to that folder. ` +
        `Tried:\n${tried.join('\n')}`,
      1,
    );
  }
  return found;
}
