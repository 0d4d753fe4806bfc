/**
 * Convolutions with stride 1 and a zero padding that keeps the size, and their gradients, as products of matrices. For
 * each position of the filter, what lies there under the outputs of a few rows is gathered, and multiplied while it is
 * in the processor's cache.
 */
import { sizeOf } from '../../math/arrays.ts';
import type { Machine } from './machine.ts';
import type { WasmMemory } from './memory.ts';
import { PANEL } from './routines.ts';

/** Floats that are gathered at a time, about; 256 KB. */
const BLOCK = 1 << 16;

/** A tensor of rank 4: its address and shape. Images are NHWC; filters [height, width, in, out] of odd height and width. */
export interface Stored {
  readonly at: number;
  readonly shape: readonly [number, number, number, number];
}

/** Of a convolution. */
const products = ([images, height, width]: Stored['shape'], filter: Stored['shape']): number =>
  images * height * width * sizeOf(filter);

interface Correlation {
  /** Images. */
  readonly x: Stored;
  readonly filter: Stored;
  /** The filter is turned by 180° and its channels are exchanged: for the gradient with respect to the input. */
  readonly flipped: boolean;
  /** Where the result is written. */
  readonly out: number;
  /** Whether to add to what is there. */
  readonly add: boolean;
}

/** x under the filter. */
export function convolve(memory: WasmMemory, correlation: Correlation): void {
  const { x, filter } = correlation;
  const size = blockRows(x.shape) * x.shape[2] * x.shape[3];
  const sizes = [memory.parts * size, sizeOf(filter.shape)];
  memory.withScratch(sizes, (blocks, packed) =>
    memory.run(correlate, { ...correlation, blocks, packed }, products(x.shape, filter.shape)),
  );
}

interface FilterGradient {
  readonly x: Stored;
  readonly dy: Stored;
  /** Height and width of the filter. */
  readonly size: readonly [number, number];
  /** Where the gradient is written, in the filter's shape. */
  readonly out: number;
}

/** The gradient with respect to a convolution's filter. */
export function filterGradient(memory: WasmMemory, task: FilterGradient): void {
  const { x, dy } = task;
  const most = blockRows(x.shape) * x.shape[2];
  memory.withScratch([memory.parts * most * x.shape[3], most * dy.shape[3]], (blocks, panels) =>
    memory.run(
      correlateGradient,
      { ...task, blocks, panels },
      products(dy.shape, [...task.size, x.shape[3], dy.shape[3]]),
    ),
  );
}

/**
 * @param blocks what is gathered, for each part
 * @param panels a block of dy, packed
 */
export function correlateGradient(
  machine: Machine,
  { x, dy, size, out, blocks, panels }: FilterGradient & { readonly blocks: number; readonly panels: number },
): void {
  const { routines } = machine;
  const [height, width] = size;
  const [channels, filters] = [x.shape[3], dy.shape[3]];
  const rows = blockRows(x.shape);
  const block = blocks + 4 * machine.part * rows * x.shape[2] * channels;
  const [begin, end] = machine.share(filters / PANEL);
  if (begin === end) return;
  forBlocks([0, x.shape[0] * x.shape[1]], rows, (first, count) => {
    const depth = count * x.shape[2];
    const panelAt = (panel: number): number => panels + 4 * panel * PANEL * depth;
    for (let panel = begin; panel < end; panel++) {
      const from = dy.at + 4 * (first * x.shape[2] * filters + panel * PANEL);
      routines.pack(from, panelAt(panel), depth, 4 * filters);
    }
    for (let position = 0; position < height * width; position++) {
      gather(machine, x, first, count, offset(position, height, width), block);
      for (let panel = begin; panel < end; panel++) {
        const to = out + 4 * (position * channels * filters + panel * PANEL);
        const [aRow, aStep, outRow, add] = [4, 4 * channels, 4 * filters, first > 0 ? 1 : 0];
        routines.multiply(block, panelAt(panel), to, channels, depth, aRow, aStep, outRow, add);
      }
    }
  });
}

/**
 * @param blocks what is gathered, for each part
 * @param packed the filter, packed in panels
 */
export function correlate(
  machine: Machine,
  {
    x,
    filter,
    flipped,
    out,
    add,
    blocks,
    packed,
  }: Correlation & { readonly blocks: number; readonly packed: number },
): void {
  const { routines } = machine;
  const [height, width, ...channels] = filter.shape;
  const [inputs, outputs] = flipped ? [channels[1], channels[0]] : channels;
  const rows = blockRows(x.shape);
  const [positions, panels] = [height * width, outputs / PANEL];
  const panelAt = (at: number): number => packed + 4 * at * inputs * PANEL;
  const [begin, end] = machine.share(positions * panels);
  for (let at = begin; at < end; at++) {
    const [position, column] = [Math.floor(at / panels), (at % panels) * PANEL];
    if (flipped) {
      const from = filter.at + 4 * ((positions - 1 - position) * outputs + column) * inputs;
      routines.packTransposed(from, panelAt(at), inputs, 4 * inputs);
    } else {
      const from = filter.at + 4 * (position * inputs * outputs + column);
      routines.pack(from, panelAt(at), inputs, 4 * outputs);
    }
  }
  machine.barrier();
  const block = blocks + 4 * machine.part * rows * x.shape[2] * inputs;
  forBlocks(machine.share(x.shape[0] * x.shape[1]), rows, (first, count) => {
    for (let position = 0; position < positions; position++) {
      gather(machine, x, first, count, offset(position, height, width), block);
      for (let panel = 0; panel < panels; panel++) {
        routines.multiply(
          block,
          panelAt(position * panels + panel),
          out + 4 * (first * x.shape[2] * outputs + panel * PANEL),
          count * x.shape[2],
          inputs,
          4 * inputs,
          4,
          4 * outputs,
          add || position > 0 ? 1 : 0,
        );
      }
    }
  });
}

function blockRows([images, height, width, channels]: Stored['shape']): number {
  return Math.min(images * height, Math.max(1, Math.floor(BLOCK / (width * channels))));
}

/** @param use gets the first row of a block, counted through all images, and the number of its rows */
function forBlocks(
  [begin, end]: readonly [number, number],
  rows: number,
  use: (first: number, count: number) => void,
): void {
  for (let first = begin; first < end; first += rows) use(first, Math.min(rows, end - first));
}

/** How far a position of the filter lies from its centre. */
const offset = (position: number, height: number, width: number): [down: number, right: number] => [
  Math.floor(position / width) - (height >> 1),
  (position % width) - (width >> 1),
];

/** Rows of x, counted through all images, shifted by so many rows and columns; 0 outside of their image. */
function gather(
  machine: Machine,
  { at, shape: [, height, width, channels] }: Stored,
  first: number,
  count: number,
  [down, right]: readonly [number, number],
  to: number,
): void {
  const floats = machine.floats();
  const [source, length] = [at / 4, width * channels];
  const [left, end] = [Math.max(0, -right) * channels, (width - Math.max(0, right)) * channels];
  for (let i = 0; i < count; i++) {
    const target = to / 4 + i * length;
    const row = ((first + i) % height) + down;
    if (row < 0 || row >= height || left >= end) {
      floats.fill(0, target, target + length);
      continue;
    }
    const from = source + (first + i + down) * length + right * channels;
    floats.fill(0, target, target + left);
    floats.copyWithin(target + left, from + left, from + end);
    floats.fill(0, target + end, target + length);
  }
}
