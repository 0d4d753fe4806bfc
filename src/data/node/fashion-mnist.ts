/** Fashion-MNIST in Node: from the first source that has it, checked, and kept for the next time. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf, UserError } from '../../node/errors.ts';
import { cacheFolder, writeAtomically } from '../../node/files.ts';
import { ProgressLine, type TerminalStream } from '../../node/terminal.ts';
import { type DataFile, FILES, parseIdx, unpackedSize } from '../idx.ts';
import { defaultSources, type Progress, type Source } from './dataset-sources.ts';

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
  /** Where to look, in this order. */
  sources: readonly Source[];
  /** The folder in which downloads are kept. */
  cache: string;
  reporter: LoadReporter;
}

/** Shows how a load proceeds. */
export interface LoadReporter {
  /** More of a file has arrived. */
  progress(source: string, progress: Progress): void;
  /** Something did not work; the load continues with the next source. */
  problem(source: string, message: string): void;
}

/** Small files first, so that they reveal a bad source. */
const ORDER: readonly DataFile[] = [FILES.testLabels, FILES.trainLabels, FILES.testImages, FILES.trainImages];

/**
 * Fashion-MNIST from the first source that has it: `FASHION_MNIST_DIR`, the cache folder, the system's copy, the
 * dataset's address, its mirror, Debian's package. Progress and problems are written to stderr unless the options say
 * otherwise.
 *
 * @throws UserError when no source has all of it; the message lists what was tried and says what to do
 */
export async function loadFashionMnist(options: Partial<LoadOptions> = {}): Promise<FashionMnist> {
  const found = await collectFiles(ORDER, {
    sources: defaultSources(),
    cache: cacheFolder(),
    reporter: terminalReporter(process.stderr),
    ...options,
  });
  const part = (imageFile: DataFile, labelFile: DataFile): LabelledImages => {
    const [images, labels] = [imageFile, labelFile].map((file) =>
      parseIdx(found.get(file)!, file.shape, file.name),
    ) as [Uint8Array, Uint8Array];
    return { images, labels, count: labels.length };
  };
  return {
    train: part(FILES.trainImages, FILES.trainLabels),
    test: part(FILES.testImages, FILES.testLabels),
  };
}

/**
 * Each of the files from the first source that has it right, unpacked and checked against its SHA-256. A wrong one is
 * named, and the next source is tried. What came over the network is kept in the cache folder.
 *
 * @throws UserError when no source has one of them
 */
export async function collectFiles(
  files: readonly DataFile[],
  { sources, cache, reporter }: LoadOptions,
): Promise<Map<DataFile, Uint8Array>> {
  const found = new Map<DataFile, Uint8Array>();
  const tried: string[] = [];
  let missing = files;
  for (const source of sources) {
    const absent = new Set(missing);
    const problems: string[] = [];
    const report = (problem: string): void => {
      problems.push(problem);
      reporter.problem(source.name, problem);
    };
    try {
      const deliveries = source.deliver(missing, (progress) => reporter.progress(source.name, progress));
      for await (const { file, ...delivery } of deliveries) {
        absent.delete(file);
        if (found.has(file)) continue;
        const plain = 'problem' in delivery ? delivery.problem : await unpack(file, delivery.bytes);
        if (typeof plain === 'string') {
          report(`${file.name} ${plain}`);
          continue;
        }
        found.set(file, plain);
        if (source.remote && 'bytes' in delivery) {
          const name = plain === delivery.bytes ? file.name : `${file.name}.gz`;
          try {
            mkdirSync(cache, { recursive: true });
            writeAtomically(join(cache, name), delivery.bytes);
          } catch (error) {
            reporter.problem(cache, `${name} cannot be kept for the next time: ${messageOf(error)}`);
          }
        }
      }
      if (absent.size > 0) {
        const names = Array.from(absent, ({ name }) => name).join(', ');
        const problem = absent.size === files.length ? 'has none of the files' : `has no ${names}`;
        if (source.remote || source.named) report(problem);
        else problems.push(problem);
      }
    } catch (error) {
      report(messageOf(error));
    }
    missing = files.filter((file) => !found.has(file));
    if (missing.length === 0) return found;
    if (problems.length > 0) tried.push(`  - ${source.name}: ${problems.join('; ')}`);
  }
  throw new UserError(
    `Fashion-MNIST could not be loaded (missing: ${missing.map(({ name }) => name).join(', ')}). Download its four files from ` +
      `https://github.com/zalandoresearch/fashion-mnist into a folder and set FASHION_MNIST_DIR to that folder. ` +
      `Tried:\n${tried.join('\n')}`,
    1,
  );
}

/** The file unpacked, if it is gzipped, and checked; or what is wrong with it. */
async function unpack(file: DataFile, bytes: Uint8Array): Promise<Uint8Array | string> {
  let plain = bytes;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      plain = await promisify(gunzip)(bytes, { maxOutputLength: unpackedSize(file) });
    } catch (error) {
      return `is a broken gzip file (${messageOf(error)})`;
    }
  }
  const hash = createHash('sha256').update(plain).digest('hex');
  return hash === file.sha256 ? plain : `has the wrong SHA-256 ${hash}, expected ${file.sha256}`;
}

/** Writes a line when a file begins and for each problem; on a terminal also a bar that fills as the file arrives. */
export function terminalReporter(stream: TerminalStream): LoadReporter {
  const line = new ProgressLine(stream);
  let current = '';
  return {
    progress(source, { file, share, bytes }) {
      const beginning = `Fetching ${file} from ${source}`;
      if (beginning !== current) line.print(beginning);
      current = beginning;
      line.show(share, bytes !== undefined && `${(bytes / 1e6).toFixed(1)} MB`);
      if (share === 1) line.clear();
    },
    problem(source, message) {
      line.print(`${source}: ${message}`);
    },
  };
}
