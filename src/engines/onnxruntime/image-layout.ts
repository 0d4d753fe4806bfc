/**
 * The memory layout in which a 3×3 convolution is a matrix product without any copying.
 *
 * A tensor of shape [N, H, W, C] is cut into chunks of at most 64 images. In a chunk of n images the order is
 * h, c, w, n: row h takes C × (W+1)·n floats, and the rows follow each other without gaps. So rows h−1, h, h+1 together
 * are a matrix [3C, (W+1)·n]; and the same matrix begun n floats earlier or later is the one shifted by one pixel. A
 * convolution is then three products, one per column of the filter, each [O, 3C] × [3C, (W+1)·n], of the data in place.
 *
 * What makes the shifts right at the border is zeros: one padding column after the W pixels of each channel (which is
 * also the left border of the next channel), a zero row above and below, a margin at both ends. Every kernel that writes
 * an image buffer leaves these zeros as they are.
 */
import { sharedArray } from '../../node/memory.ts';
import { type OrtTensor, tensor } from './compiled-graph.ts';
import { sizeOf } from '../../math/arrays.ts';

/** Most images per chunk: a row and the matrices made of it then stay in the second-level cache. */
const CHUNK_IMAGES = 64;
/** Fewest: below, the matrices are too narrow to be multiplied at speed. */
const FEWEST_CHUNK_IMAGES = 16;
/**
 * Floats that an element-wise operation takes at once: its intermediate results then stay in the cache, and are small
 * enough for the allocator to keep them instead of asking the system for fresh pages at every call.
 */
const BLOCK_FLOATS = 1 << 17;
/** Chunks begin on a cache line. */
const ALIGNMENT = 16;

export interface Chunk {
  /** Index of its first image. */
  readonly first: number;
  /** Number of images, n. */
  readonly images: number;
  /** Where row 0 begins, in floats. */
  readonly offset: number;
  /** (W+1)·n: the floats of one row of one channel. */
  readonly columns: number;
  /** C·(W+1)·n: the floats of one row. */
  readonly rowSize: number;
}

/** Some neighbouring rows of a chunk. */
export interface Block {
  readonly chunk: Chunk;
  readonly firstRow: number;
  readonly rows: number;
}

export class ImageLayout {
  readonly shape: readonly [n: number, h: number, w: number, c: number];
  readonly chunks: readonly Chunk[];
  /** The chunks cut further, for operations that take any rows alike. */
  readonly blocks: readonly Block[];
  /** Floats in all. */
  readonly size: number;

  /** @param shape [N, H, W, C] @param threads among which the chunks are divided */
  constructor(shape: readonly number[], threads: number) {
    this.shape = shape as [number, number, number, number];
    const [n, h, w, c] = this.shape;
    // Fours are what tiles are mapped by (winograd.ts).
    const share = 4 * Math.ceil(n / threads / 4);
    const chunkImages = Math.min(CHUNK_IMAGES, Math.max(FEWEST_CHUNK_IMAGES, share));
    const chunks: Chunk[] = [];
    let start = 0;
    for (let first = 0; first < n; first += chunkImages) {
      const images = Math.min(chunkImages, n - first);
      const margin = Math.ceil(images / ALIGNMENT) * ALIGNMENT;
      const columns = (w + 1) * images;
      const rowSize = c * columns;
      chunks.push({ first, images, offset: start + margin + rowSize, columns, rowSize });
      start += 2 * margin + Math.ceil(((h + 2) * rowSize) / ALIGNMENT) * ALIGNMENT;
    }
    this.chunks = chunks;
    this.blocks = chunks.flatMap((chunk) => {
      const rows = Math.max(1, Math.floor(BLOCK_FLOATS / chunk.rowSize));
      return Array.from({ length: Math.ceil(h / rows) }, (_, block) => ({
        chunk,
        firstRow: block * rows,
        rows: Math.min(rows, h - block * rows),
      }));
    });
    this.size = start;
  }

  /**
   * Visits the runs of floats that hold one pixel of one channel for all images of a chunk.
   * @param visit where the run begins; the row-major NHWC index of its first float and the distance to the next one's;
   *   its length
   */
  forEachRun(
    visit: (from: number, index: number, stride: number, images: number) => void,
    chunks: readonly Chunk[] = this.chunks,
  ): void {
    const [, h, w, c] = this.shape;
    const stride = h * w * c;
    for (const { first, images, offset, columns } of chunks) {
      for (let y = 0; y < h; y++) {
        for (let channel = 0; channel < c; channel++) {
          const row = offset + (y * c + channel) * columns;
          let index = first * stride + y * w * c + channel;
          for (let x = 0; x < w; x++, index += c) visit(row + x * images, index, stride, images);
        }
      }
    }
  }

  equals(shape: readonly number[]): boolean {
    return shape.length === 4 && this.shape.every((size, axis) => size === shape[axis]);
  }
}

/** Floats in an image layout, shared between threads, with the views that operations take of them. */
export class ImageBuffer {
  readonly id: number;
  readonly layout: ImageLayout;
  readonly data: Float32Array<SharedArrayBuffer>;
  readonly #views = new Map<string, OrtTensor>();
  /** Sums of the content over all but the channel, where the kernel that wrote it had them at hand. */
  sums: Float32Array | undefined;

  /** @param id the same for the same memory in every thread */
  constructor(id: number, layout: ImageLayout, memory = sharedArray(layout.size).buffer) {
    this.id = id;
    this.layout = layout;
    this.data = new Float32Array(memory);
  }

  /** A view of the buffer as a tensor; made once, since the same views are taken at every step. */
  view(offset: number, shape: readonly number[]): OrtTensor {
    return this.#views.getOrInsertComputed(`${offset}:${shape.join()}`, () =>
      tensor(this.data.subarray(offset, offset + sizeOf(shape)), shape),
    );
  }

  /** The rows of a block, as [rows, C, (W+1)·n]. */
  rows({ chunk, firstRow, rows }: Block): OrtTensor {
    return this.view(chunk.offset + firstRow * chunk.rowSize, [rows, this.layout.shape[3], chunk.columns]);
  }

  /** The same as one row of numbers. */
  flatRows({ chunk, firstRow, rows }: Block): OrtTensor {
    return this.view(chunk.offset + firstRow * chunk.rowSize, [rows * chunk.rowSize]);
  }

  /** Puts the zeros of the padding column back after an operation has written whole rows. */
  clearPadding({ chunk, firstRow, rows }: Block): void {
    const { data } = this;
    const { images, columns, rowSize, offset } = chunk;
    const begin = offset + firstRow * rowSize;
    const end = begin + rows * rowSize;
    for (let row = begin + columns; row <= end; row += columns) data.fill(0, row - images, row);
  }

  /** From row-major NHWC. */
  pack(values: ArrayLike<number>): this {
    const { data, layout } = this;
    layout.forEachRun((from, index, stride, images) => {
      for (let image = 0; image < images; image++) data[from + image] = values[index + image * stride]!;
    });
    return this;
  }

  /** To row-major NHWC. */
  unpack(): Float32Array {
    const { data, layout } = this;
    const values = new Float32Array(sizeOf(layout.shape));
    layout.forEachRun((from, index, stride, images) => {
      for (let image = 0; image < images; image++) values[index + image * stride] = data[from + image]!;
    });
    return values;
  }
}

/** Memory that waits to be used again: large arrays are neither allocated nor collected in a training step. */
class FreeLists<Kind, Item> {
  readonly #free = new Map<Kind, Item[]>();

  take(kind: Kind): Item | undefined {
    return this.#free.get(kind)?.pop();
  }

  give(kind: Kind, item: Item): void {
    this.#free.getOrInsertComputed(kind, () => []).push(item);
  }
}

/** The pool of image buffers. */
export class ImagePool {
  readonly #threads: number;
  readonly #layouts = new Map<string, ImageLayout>();
  readonly #free = new FreeLists<ImageLayout, ImageBuffer>();
  #made = 0;

  /** @param threads among which the chunks are divided */
  constructor(threads: number) {
    this.#threads = threads;
  }

  /** A buffer for this shape, its padding zero, its content arbitrary. */
  take(shape: readonly number[]): ImageBuffer {
    const layout = this.#layouts.getOrInsertComputed(
      shape.join(),
      () => new ImageLayout(shape, this.#threads),
    );
    const buffer = this.#free.take(layout) ?? new ImageBuffer(this.#made++, layout);
    buffer.sums = undefined;
    return buffer;
  }

  give(buffer: ImageBuffer): void {
    this.#free.give(buffer.layout, buffer);
  }
}

/** The pool of float32 arrays, shared between threads. */
export class ArrayPool {
  readonly #free = new FreeLists<number, Float32Array<SharedArrayBuffer>>();

  /** An array of arbitrary content. */
  take(length: number): Float32Array<SharedArrayBuffer> {
    return this.#free.take(length) ?? sharedArray(length);
  }

  give(array: Float32Array<SharedArrayBuffer>): void {
    this.#free.give(array.length, array);
  }
}
