import { type DataFile, FILES, parseIdx } from '../idx.ts';
import { collectFiles, type CollectOptions } from './collect.ts';
import { terminalReporter } from './progress.ts';
import { cacheFolder, defaultSources } from './dataset-sources.ts';

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

/** Small files first, so that they find out a bad source. */
const ORDER: readonly DataFile[] = [FILES.testLabels, FILES.trainLabels, FILES.testImages, FILES.trainImages];

/**
 * Fashion-MNIST from the first source that has it: `FASHION_MNIST_DIR`, the cache folder, the system's copy, the
 * dataset's address, its mirror, Debian's package. Progress and problems are written to stderr unless the options say
 * otherwise.
 *
 * @throws UserError when no source has all of it; the message lists what was tried and says what to do
 */
export async function loadFashionMnist(options: Partial<CollectOptions> = {}): Promise<FashionMnist> {
  const found = await collectFiles(ORDER, {
    sources: defaultSources(),
    cache: cacheFolder(),
    reporter: terminalReporter(process.stderr),
    ...options,
  });
  const elements = (file: DataFile): Uint8Array =>
    parseIdx(found.get(file) ?? new Uint8Array(), file.shape, file.name);
  const part = (imageFile: DataFile, labelFile: DataFile): LabelledImages => {
    const labels = elements(labelFile);
    return { images: elements(imageFile), labels, count: labels.length };
  };
  return {
    train: part(FILES.trainImages, FILES.trainLabels),
    test: part(FILES.testImages, FILES.testLabels),
  };
}
