/**
 * The memory layout in which a 3×3 convolution is a matrix product without any copying.
 *
 * A tensor of shape [N, H, W, C] is cut into chunks of at most 64 images. In a chunk of n images the order is
 * h, c, w, n: row h is a "slab" of C × (W+1)·n floats. Between the slabs of three neighbouring rows nothing lies, so
 * rows h−1, h, h+1 together are a matrix [3C, (W+1)·n]; and the same matrix begun n floats earlier or later is the one
 * shifted by one pixel. A convolution is then three products, one a column of the filter, each
 * [O, 3C] × [3C, (W+1)·n], over the data as they lie.
 *
 * What makes the shifts right at the border is zeros: one padding column after the W pixels of each channel (which is
 * also the left border of the next channel), a zero slab above and below, a margin at both ends. Every kernel that
 * writes a slab buffer leaves these zeros as they are.
 */
import { type OrtTensor, tensor } from './operation.ts';

/** Images a chunk: a slab and the matrices made of it then stay in the second-level cache. */
export const CHUNK_IMAGES = 64;
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
  readonly slab: number;
}

export class SlabLayout {
  readonly shape: readonly [n: number, h: number, w: number, c: number];
  readonly chunks: readonly Chunk[];
  /** Floats in all. */
  readonly size: number;

  constructor(shape: readonly [number, number, number, number]) {
    this.shape = shape;
    const [n, h, w, c] = shape;
    const chunks: Chunk[] = [];
    let start = 0;
    for (let first = 0; first < n; first += CHUNK_IMAGES) {
      const images = Math.min(CHUNK_IMAGES, n - first);
      const margin = Math.ceil(images / ALIGNMENT) * ALIGNMENT;
      const columns = (w + 1) * images;
      const slab = c * columns;
      chunks.push({ first, images, offset: start + margin + slab, columns, slab });
      start += 2 * margin + Math.ceil(((h + 2) * slab) / ALIGNMENT) * ALIGNMENT;
    }
    this.chunks = chunks;
    this.size = start;
  }

  equals(shape: readonly number[]): boolean {
    return shape.length === 4 && this.shape.every((size, axis) => size === shape[axis]);
  }
}

/** Floats in a slab layout, with the views that operations take of them. */
export class SlabBuffer {
  readonly layout: SlabLayout;
  readonly data: Float32Array;
  readonly #views = new Map<string, OrtTensor>();

  constructor(layout: SlabLayout) {
    this.layout = layout;
    this.data = new Float32Array(layout.size);
  }

  /** A view of the buffer as a tensor; made once, since the same views are taken at every step. */
  view(offset: number, shape: readonly number[]): OrtTensor {
    const key = `${offset}:${shape.join()}`;
    let found = this.#views.get(key);
    if (!found) {
      const length = shape.reduce((product, size) => product * size, 1);
      found = tensor(this.data.subarray(offset, offset + length), shape);
      this.#views.set(key, found);
    }
    return found;
  }

  /** All rows of a chunk, as [H, C, (W+1)·n]. */
  rows(chunk: Chunk): OrtTensor {
    const [, h, , c] = this.layout.shape;
    return this.view(chunk.offset, [h, c, chunk.columns]);
  }

  /** Puts the zeros of the padding column back after an operation has written whole rows. */
  clearPadding(chunk: Chunk, firstRow = 0, lastRow = this.layout.shape[1]): void {
    const { data } = this;
    const { images, columns, slab, offset } = chunk;
    const end = offset + lastRow * slab;
    for (let row = offset + firstRow * slab + columns; row <= end; row += columns)
      data.fill(0, row - images, row);
  }

  /** From row-major NHWC. */
  pack(values: ArrayLike<number>): this {
    this.#copy((slabIndex, index) => {
      this.data[slabIndex] = values[index]!;
    });
    return this;
  }

  /** To row-major NHWC. */
  unpack(): Float32Array {
    const [n, h, w, c] = this.layout.shape;
    const values = new Float32Array(n * h * w * c);
    this.#copy((slabIndex, index) => {
      values[index] = this.data[slabIndex]!;
    });
    return values;
  }

  #copy(move: (slabIndex: number, index: number) => void): void {
    const [, h, w, c] = this.layout.shape;
    for (const { first, images, offset, columns } of this.layout.chunks) {
      for (let y = 0; y < h; y++) {
        for (let channel = 0; channel < c; channel++) {
          const row = offset + (y * c + channel) * columns;
          for (let x = 0; x < w; x++) {
            let index = ((first * h + y) * w + x) * c + channel;
            for (let image = 0; image < images; image++, index += h * w * c)
              move(row + x * images + image, index);
          }
        }
      }
    }
  }
}

/** Buffers that wait to be used again: large arrays are neither allocated nor collected in a training step. */
export class SlabPool {
  readonly #layouts = new Map<string, SlabLayout>();
  readonly #free = new Map<SlabLayout, SlabBuffer[]>();

  /** A buffer for this shape, its padding zero, its content arbitrary. */
  take(shape: readonly number[]): SlabBuffer {
    const key = shape.join();
    let layout = this.#layouts.get(key);
    if (!layout) {
      layout = new SlabLayout(shape as [number, number, number, number]);
      this.#layouts.set(key, layout);
    }
    return this.#free.get(layout)?.pop() ?? new SlabBuffer(layout);
  }

  give(buffer: SlabBuffer): void {
    const free = this.#free.get(buffer.layout);
    if (free) free.push(buffer);
    else this.#free.set(buffer.layout, [buffer]);
  }
}
