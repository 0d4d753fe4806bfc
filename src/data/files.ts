/** Side of an image in pixels; images are square and have one channel. */
import { sizeOf } from '../math/arrays.ts';

export const IMAGE_SIZE = 28;

/** Pixels, and bytes, of one image. */
export const IMAGE_PIXELS = IMAGE_SIZE * IMAGE_SIZE;

/** One file of the dataset. Mirrors gzip it differently, so the hash is that of the unpacked file. */
export interface DataFile {
  readonly name: string;
  readonly shape: readonly number[];
  /** SHA-256 of the unpacked file, in hexadecimal. */
  readonly sha256: string;
}

/** The four files of Fashion-MNIST. */
export const FILES = {
  trainImages: {
    name: 'train-images-idx3-ubyte',
    shape: [60_000, IMAGE_SIZE, IMAGE_SIZE],
    sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte',
    shape: [60_000],
    sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  },
  testImages: {
    name: 't10k-images-idx3-ubyte',
    shape: [10_000, IMAGE_SIZE, IMAGE_SIZE],
    sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte',
    shape: [10_000],
    sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
} as const satisfies Record<string, DataFile>;

/** Bytes of a file, unpacked: header and elements. */
export const unpackedSize = ({ shape }: DataFile): number => 4 + 4 * shape.length + sizeOf(shape);
