import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type DataFile, FILES, unpackedSize } from '../files.ts';
import { parseIdx } from '../idx.ts';
import { type LoadReporter, terminalReporter } from './progress.ts';
import { ALL_FILES, cacheFolder, defaultSources, type Source } from './sources.ts';

/** Images and their labels. */
export interface LabelledImages {
  /** [count, 28, 28] row by row, 0 black (background) to 255 white. */
  images: Uint8Array;
  /** [count], 0 to 9. */
  labels: Uint8Array;
  count: number;
}

/** The dataset: 60,000 training and 10,000 test images in the order they are published in; ids count from 0. */
export interface FashionMnist {
  train: LabelledImages;
  test: LabelledImages;
}

export interface LoadOptions {
  /** Where to look, in this order; by default `defaultSources()`. */
  sources?: readonly Source[];
  /** Where downloads are kept; by default the platform's cache folder. */
  cache?: string;
  /** Told about progress and problems; by default they are written to stderr. */
  reporter?: LoadReporter;
}

/** No source has the dataset; the message lists what was tried and says what to do. */
export class DatasetError extends Error {
  override name = 'DatasetError';
}

const unzip = promisify(gunzip);

/** Unpacks a file if it is gzipped and checks it; returns the unpacked bytes or says what is wrong. */
async function unpack(file: DataFile, bytes: Uint8Array): Promise<Uint8Array | string> {
  let plain = bytes;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      plain = await unzip(bytes, { maxOutputLength: unpackedSize(file) });
    } catch (error) {
      return `is a broken gzip file (${error instanceof Error ? error.message : String(error)})`;
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
 * Fashion-MNIST from the first source that has it: `FASHION_MNIST_DIR`, the cache folder, the system's copy, the
 * dataset's address, its mirror, Debian's package. Every file is checked against its SHA-256 wherever it comes from; a
 * wrong one is named and the next source asked. What came over the network is kept in the cache folder.
 *
 * @throws {DatasetError} when no source has all of it
 */
export async function loadFashionMnist(options: LoadOptions = {}): Promise<FashionMnist> {
  const {
    sources = defaultSources(),
    cache = cacheFolder(),
    reporter = terminalReporter(process.stderr),
  } = options;
  const found = new Map<DataFile, Uint8Array>();
  const tried: string[] = [];

  for (const source of sources) {
    const missing = ALL_FILES.filter((file) => !found.has(file));
    if (missing.length === 0) break;
    const problems: string[] = [];
    const refuse = (problem: string, quiet = false): void => {
      problems.push(problem);
      if (!quiet) reporter.problem(source.name, problem);
    };
    try {
      for await (const delivery of source.deliver(missing, (...args) =>
        reporter.progress(source.name, ...args),
      )) {
        const { file } = delivery;
        if ('problem' in delivery) {
          refuse(`${file.name} ${delivery.problem}`, delivery.quiet);
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
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
    }
    if (problems.length > 0) tried.push(`  - ${source.name}: ${problems.join('; ')}`);
  }

  const missing = ALL_FILES.filter((file) => !found.has(file)).map((file) => file.name);
  if (missing.length > 0) {
    throw new DatasetError(
      `Fashion-MNIST could not be loaded (missing: ${missing.join(', ')}). Download the four files from ` +
        `https://github.com/zalandoresearch/fashion-mnist into a folder and set FASHION_MNIST_DIR to it. Tried:\n` +
        tried.join('\n'),
    );
  }

  const elements = (file: DataFile): Uint8Array =>
    parseIdx(found.get(file) ?? new Uint8Array(), file.shape, file.name);
  const part = (images: DataFile, labels: DataFile): LabelledImages => {
    const bytes = elements(labels);
    return { images: elements(images), labels: bytes, count: bytes.length };
  };
  return {
    train: part(FILES.trainImages, FILES.trainLabels),
    test: part(FILES.testImages, FILES.testLabels),
  };
}
