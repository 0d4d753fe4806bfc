/**
 * What each thread does of 3×3 convolutions by Winograd's minimal filtering (src/engines/wasm/winograd.ts): the maps of
 * tiles are WebAssembly in memory that ONNX Runtime reads; between them it multiplies 36 pairs of matrices at once.
 *
 * A strip is a row of tiles of a chunk of images. As images are innermost in an image buffer, a map of it is plain
 * arithmetic on runs of floats. Where tiles overhang an image, zeros stand in.
 */
import { assemble } from '../wasm/assembler.ts';
import { type WinogradMaps, winogradMaps } from '../wasm/winograd.ts';
import { POINTS, TILE } from '../winograd.ts';
import { MemoryError } from '../../node/memory.ts';
import { compiledGraph, type Graph, tensor } from './compiled-graph.ts';
import type { Chunk, ImageBuffer } from './image-layout.ts';

const PLANES = POINTS * POINTS;
/** Columns of the matrices, about: tiles × images. Wider ones are no faster and need more memory. */
const COLUMNS = 256;
/** Filters whose maps are computed at a time, in floats: they stay in the first cache. */
const FILTERS = 512;
/** With fewer channels on either side the maps take longer than the products that are saved. */
const FEWEST_CHANNELS = 16;

/** The same images in two buffers. */
export interface ChunkPair {
  from: Chunk;
  to: Chunk;
}

/** Whether a chunk is convolved faster so: vectors are of four images, and overhanging tiles cost products. */
export function suitsWinograd(
  [, height, width, channels]: readonly number[],
  outputs: number,
  { images }: Chunk,
): boolean {
  const tiles = Math.ceil(height! / TILE) * Math.ceil(width! / TILE);
  const cheap = 2 * PLANES * tiles <= 9 * height! * width!;
  return (
    cheap &&
    images % 4 === 0 &&
    Math.min(channels!, outputs) >= FEWEST_CHANNELS &&
    (channels! * outputs) % 4 === 0
  );
}

/** The thread's memory, for what is computed and needed within one call. */
let memory: WebAssembly.Memory | undefined;
let maps: WinogradMaps | undefined;

/** Floats of the thread's memory, of arbitrary content, and where each region of so many floats begins. */
function arrange<Name extends string>(
  sizes: Record<Name, number>,
): { floats: Float32Array; at: Record<Name, number> } {
  let end = 0;
  const at = Object.fromEntries(
    Object.entries<number>(sizes).map(([name, size]) => {
      const begin = end;
      end += Math.ceil(size / 16) * 16;
      return [name, begin];
    }),
  ) as Record<Name, number>;
  memory ??= new WebAssembly.Memory({ initial: 0 });
  maps ??= new WebAssembly.Instance(new WebAssembly.Module(assemble(winogradMaps([1, 2]), false)), {
    host: { memory },
  }).exports as unknown as WinogradMaps;
  const missing = 4 * end - memory.buffer.byteLength;
  if (missing > 0) {
    try {
      memory.grow(Math.ceil(missing / 65_536));
    } catch (cause) {
      throw new MemoryError(`a thread's ${(end / 2 ** 28).toFixed(1)} GiB are not available`, { cause });
    }
  }
  return { floats: new Float32Array(memory.buffer), at };
}

/** Where vectors that are to be mapped lie, or where the results go: a float's index, distances in floats. */
interface Vectors {
  at: number;
  stride: number;
  /** From one repetition to the next. */
  step?: number;
}

/** Maps so many neighbouring floats at once, so many times. */
function apply(
  name: keyof WinogradMaps,
  from: Vectors,
  to: Vectors,
  floats: number,
  times = 1,
  ...epilogue: number[]
): void {
  const map = maps![name] as (...args: number[]) => void;
  const steps = [4 * (from.step ?? 0), 4 * (to.step ?? 0)];
  map(4 * from.at, 4 * from.stride, 4 * to.at, 4 * to.stride, floats / 4, times, ...steps, ...epilogue);
}

/** A row of tiles of a chunk: `column` is its first in the matrices. */
interface Strip extends ChunkPair {
  row: number;
  column: number;
}
/** Strips that are multiplied together. */
interface Group {
  strips: Strip[];
  columns: number;
}

function groupsOf(pairs: readonly ChunkPair[], [, height, width]: ImageBuffer['layout']['shape']): Group[] {
  const groups: Group[] = [];
  for (const pair of pairs) {
    const columns = Math.ceil(width / TILE) * pair.from.images;
    for (let row = 0; row < height / TILE; row++) {
      let group = groups.at(-1);
      if (!group || group.columns + columns > COLUMNS) groups.push((group = { strips: [], columns: 0 }));
      group.strips.push({ ...pair, row, column: group.columns });
      group.columns += columns;
    }
  }
  return groups;
}

/** What the passes have in common: the floats of each region. */
function sizesOf(x: ImageBuffer, y: ImageBuffer, pairs: readonly ChunkPair[], groups: readonly Group[]) {
  const [, , width, channels] = x.layout.shape;
  const outputs = y.layout.shape[3];
  const most = <Item>(items: readonly Item[], sizeOf: (item: Item) => number): number =>
    Math.max(...items.map(sizeOf));
  const columns = most(groups, (group) => group.columns);
  return {
    /** Rows of images under a strip, or of outputs. */
    rows: POINTS * most(pairs, ({ from, to }) => Math.max(from.rowSize, to.rowSize)),
    /** A channel of a strip that is mapped along one axis. */
    lines: POINTS * (width + TILE + 2) * most(pairs, ({ from }) => from.images),
    /** Filters that are mapped along one axis. */
    filters: 3 * POINTS * FILTERS,
    /** [36, C, columns] and [36, O, columns] */
    x: PLANES * channels * columns,
    y: PLANES * outputs * columns,
    /** [36, C · O] */
    weights: PLANES * channels * outputs,
  };
}

interface Place {
  floats: Float32Array;
  at: { rows: number; lines: number; filters: number };
}

/** Maps the tiles of a strip to its columns of 36 matrices [C, columns], which begin at `to`. */
function mapTiles(
  { floats, at }: Place,
  name: 'data' | 'outputGradient',
  { layout, data }: ImageBuffer,
  { images, offset, rowSize, columns: lineSize }: Chunk,
  { row, column }: Strip,
  to: number,
  columns: number,
): void {
  const [, height, width, channels] = layout.shape;
  /** Pixels around a tile. */
  const halo = name === 'data' ? 1 : 0;
  for (let line = 0; line < TILE + 2 * halo; line++) {
    const [h, target] = [TILE * row - halo + line, at.rows + line * rowSize];
    if (h < 0 || h >= height) floats.fill(0, target, target + rowSize);
    else floats.set(data.subarray(offset + h * rowSize, offset + (h + 1) * rowSize), target);
  }
  const tiles = Math.ceil(width / TILE);
  const stride = (TILE * tiles + 2 * halo) * images;
  const plane = layout.shape[3] * columns;
  floats.fill(0, at.lines, at.lines + POINTS * stride);
  for (let channel = 0; channel < channels; channel++) {
    const from = { at: at.rows + channel * lineSize, stride: rowSize };
    apply(name, from, { at: at.lines + halo * images, stride }, width * images);
    for (let point = 0; point < POINTS; point++) {
      const line = { at: at.lines + point * stride, stride: images, step: TILE * images };
      const begin = to + point * POINTS * plane + channel * columns + column;
      apply(name, line, { at: begin, stride: plane, step: images }, images, tiles);
    }
  }
}

/** The outputs of a strip from its columns of 36 matrices [O, columns], which begin at `from`. */
function mapOutputs(
  { floats, at }: Place,
  from: number,
  columns: number,
  y: ImageBuffer,
  { to: chunk, row, column }: Strip,
  { bias, relu }: { bias: Float32Array; relu: boolean },
): void {
  const [, height, width, outputs] = y.layout.shape;
  const { images, offset, rowSize } = chunk;
  const tiles = Math.ceil(width / TILE);
  const stride = TILE * tiles * images;
  const plane = outputs * columns;
  for (let output = 0; output < outputs; output++) {
    for (let point = 0; point < POINTS; point++) {
      const begin = from + point * POINTS * plane + output * columns + column;
      const line = { at: at.lines + point * stride, stride: images, step: TILE * images };
      apply('output', { at: begin, stride: plane, step: images }, line, images, tiles);
    }
    const to = { at: at.rows + output * chunk.columns, stride: rowSize };
    const floor = relu ? 0 : -Infinity;
    apply('biasedOutput', { at: at.lines, stride }, to, width * images, 1, bias[output]!, floor);
  }
  const [firstRow, rows] = [TILE * row, Math.min(TILE, height - TILE * row)];
  y.data.set(floats.subarray(at.rows, at.rows + rows * rowSize), offset + firstRow * rowSize);
  y.clearPadding({ chunk, firstRow, rows });
}

/** Filters of so many floats each, [3, 3, size] from `from` on, turned by 180° if flipped, to [36, size]. */
function mapFilters({ at }: Place, from: number, size: number, flipped: boolean, to: number): void {
  const tap = flipped ? -size : size;
  const first = flipped ? from + 8 * size : from;
  forFilters(size, (begin, count) => {
    for (let column = 0; column < 3; column++) {
      const taps = { at: first + column * tap + begin, stride: 3 * tap };
      apply('filter', taps, { at: at.filters + column * FILTERS, stride: 3 * FILTERS }, count);
    }
    for (let point = 0; point < POINTS; point++) {
      const line = { at: at.filters + point * 3 * FILTERS, stride: FILTERS };
      apply('filter', line, { at: to + point * POINTS * size + begin, stride: size }, count);
    }
  });
}

/** The gradient with respect to filters, [3, 3, size], from that with respect to what they are mapped to. */
function mapFilterGradients({ at }: Place, from: number, size: number, to: number): void {
  forFilters(size, (begin, count) => {
    for (let point = 0; point < POINTS; point++) {
      const planes = { at: from + point * POINTS * size + begin, stride: size };
      apply('filterGradient', planes, { at: at.filters + point * FILTERS, stride: POINTS * FILTERS }, count);
    }
    for (let column = 0; column < 3; column++) {
      const line = { at: at.filters + column * POINTS * FILTERS, stride: FILTERS };
      apply('filterGradient', line, { at: to + column * size + begin, stride: 3 * size }, count);
    }
  });
}

function forFilters(size: number, use: (begin: number, count: number) => void): void {
  for (let begin = 0; begin < size; begin += FILTERS) use(begin, Math.min(FILTERS, size - begin));
}

/** 36 products at once, of matrices that may be transposed. */
const productGraph = (transA: number, transB: number): Graph => ({
  inputs: [
    { name: 'a', shape: [PLANES, 'a1', 'a2'] },
    { name: 'b', shape: [PLANES, 'b1', 'b2'] },
  ],
  outputs: [{ name: 'c', shape: [PLANES, 'c1', 'c2'] }],
  nodes: [
    {
      op: 'FusedMatMul',
      domain: 'com.microsoft',
      inputs: ['a', 'b'],
      outputs: ['c'],
      attributes: { transA, transB },
    },
  ],
});

/** 36 matrices that begin at a float. */
const matricesIn = (floats: Float32Array) => (begin: number, rows: number, columns: number) =>
  tensor(floats.subarray(begin, begin + PLANES * rows * columns), [PLANES, rows, columns]);

export interface CorrelateArguments {
  /** [N, H, W, C] */
  x: ImageBuffer;
  /** [N, H, W, O] */
  y: ImageBuffer;
  /** [3, 3, C, O], or for the gradient of the input [3, 3, O, C] to be turned by 180° */
  filter: Float32Array;
  flipped: boolean;
  /** [O] */
  bias: Float32Array;
  relu: boolean;
}

/** y = x ⋆ filter + bias of some chunks, as `correlate` of convolution.ts. */
export function correlateTiles(
  { x, y, filter, flipped, ...epilogue }: CorrelateArguments,
  pairs: readonly ChunkPair[],
): void {
  const [channels, outputs] = [x.layout.shape[3], y.layout.shape[3]];
  const groups = groupsOf(pairs, x.layout.shape);
  const place = arrange({ filter: filter.length, ...sizesOf(x, y, pairs, groups) });
  const { floats, at } = place;
  const matrices = matricesIn(floats);
  floats.set(filter, at.filter);
  mapFilters(place, at.filter, channels * outputs, flipped, at.weights);
  const product = compiledGraph(`winograd-${flipped}`, () => productGraph(flipped ? 0 : 1, 0));
  const weights = flipped ? matrices(at.weights, outputs, channels) : matrices(at.weights, channels, outputs);
  for (const { strips, columns } of groups) {
    for (const strip of strips) mapTiles(place, 'data', x, strip.from, strip, at.x, columns);
    product({ a: weights, b: matrices(at.x, channels, columns) }, { c: matrices(at.y, outputs, columns) });
    for (const strip of strips) mapOutputs(place, at.y, columns, y, strip, epilogue);
  }
}

/** What some chunks add to the gradient of the filter, [3, 3, C, O]; to be read before the thread's next convolution. */
export function tilesFilterGradient(
  x: ImageBuffer,
  dy: ImageBuffer,
  pairs: readonly ChunkPair[],
): Float32Array {
  const [channels, outputs] = [x.layout.shape[3], dy.layout.shape[3]];
  const size = channels * outputs;
  const groups = groupsOf(pairs, x.layout.shape);
  const more = groups.length > 1 ? PLANES * size : 0;
  const place = arrange({ ...sizesOf(x, dy, pairs, groups), more, gradient: 9 * size });
  const { floats, at } = place;
  const matrices = matricesIn(floats);
  const product = compiledGraph('winograd-gradient', () => productGraph(0, 1));
  groups.forEach(({ strips, columns }, index) => {
    for (const strip of strips) {
      mapTiles(place, 'data', x, strip.from, strip, at.x, columns);
      mapTiles(place, 'outputGradient', dy, strip.to, strip, at.y, columns);
    }
    const to = index ? at.more : at.weights;
    product(
      { a: matrices(at.x, channels, columns), b: matrices(at.y, outputs, columns) },
      { c: matrices(to, channels, outputs) },
    );
    if (index)
      apply('sum', { at: at.weights, stride: to - at.weights }, { at: at.weights, stride: 0 }, PLANES * size);
  });
  mapFilterGradients(place, at.weights, size, at.gradient);
  return floats.subarray(at.gradient, at.gradient + 9 * size);
}
