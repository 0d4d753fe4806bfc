/**
 * Convolutions with stride 1 and a zero padding that keeps the size, and their gradients, as products of matrices. For
 * each position of the filter, what lies there under the outputs of a few rows is gathered, and multiplied while it is
 * in the processor's cache.
 */
import type { WasmMemory } from './memory.ts';
import { PANEL } from './routines.ts';

/** Floats that are gathered at a time, about; 256 KB. */
const BLOCK = 1 << 16;

/** A tensor of rank 4: its address and shape. Images are NHWC; filters [height, width, in, out] of odd height and width. */
export interface Stored {
  readonly at: number;
  readonly shape: readonly [number, number, number, number];
}

/**
 * x convolved with the filter, written from `out` on.
 * @param add whether to add to what is there
 */
export function convolve(memory: WasmMemory, x: Stored, filter: Stored, out: number, add: boolean): void {
  const [height, width, channels, filters] = filter.shape;
  correlate(memory, x, [height, width], filters, out, add, (position, panel, to) => {
    const from = filter.at + 4 * (position * channels * filters + panel * PANEL);
    memory.routines.pack(from, to, channels, 4 * filters);
  });
}

/** The gradient with respect to a convolution's input: dy under the filter turned by 180°, channels exchanged. */
export function inputGradient(memory: WasmMemory, dy: Stored, filter: Stored, out: number): void {
  const [height, width, channels, filters] = filter.shape;
  const last = height * width - 1;
  correlate(memory, dy, [height, width], channels, out, false, (position, panel, to) => {
    const from = filter.at + 4 * ((last - position) * channels + panel * PANEL) * filters;
    memory.routines.packTransposed(from, to, filters, 4 * filters);
  });
}

/** The gradient with respect to a convolution's filter, in the filter's shape, written from `out` on. */
export function filterGradient(
  memory: WasmMemory,
  x: Stored,
  dy: Stored,
  [height, width]: readonly [number, number],
  out: number,
): void {
  const { routines } = memory;
  const [channels, filters] = [x.shape[3], dy.shape[3]];
  const rows = blockRows(x.shape);
  const most = rows * x.shape[2];
  memory.withScratch([most * channels, most * filters], (block, panels) => {
    forBlocks(x.shape, rows, (first, count) => {
      const depth = count * x.shape[2];
      const panelAt = (panel: number): number => panels + 4 * panel * PANEL * depth;
      for (let panel = 0; panel < filters / PANEL; panel++) {
        const from = dy.at + 4 * (first * x.shape[2] * filters + panel * PANEL);
        routines.pack(from, panelAt(panel), depth, 4 * filters);
      }
      for (let position = 0; position < height * width; position++) {
        gather(memory, x, first, count, offset(position, height, width), block);
        for (let panel = 0; panel < filters / PANEL; panel++) {
          const to = out + 4 * (position * channels * filters + panel * PANEL);
          const [aRow, aStep, outRow, add] = [4, 4 * channels, 4 * filters, first > 0 ? 1 : 0];
          routines.multiply(block, panelAt(panel), to, channels, depth, aRow, aStep, outRow, add);
        }
      }
    });
  });
}

/** @param pack packs eight columns of a position of the filter, as the routine `pack` does */
function correlate(
  memory: WasmMemory,
  x: Stored,
  [height, width]: readonly [number, number],
  filters: number,
  out: number,
  add: boolean,
  pack: (position: number, panel: number, to: number) => void,
): void {
  const channels = x.shape[3];
  const rows = blockRows(x.shape);
  const [positions, panels] = [height * width, filters / PANEL];
  const sizes = [rows * x.shape[2] * channels, positions * channels * filters];
  memory.withScratch(sizes, (block, packed) => {
    const panelAt = (position: number, panel: number): number =>
      packed + 4 * (position * panels + panel) * channels * PANEL;
    for (let position = 0; position < positions; position++) {
      for (let panel = 0; panel < panels; panel++) pack(position, panel, panelAt(position, panel));
    }
    forBlocks(x.shape, rows, (first, count) => {
      for (let position = 0; position < positions; position++) {
        gather(memory, x, first, count, offset(position, height, width), block);
        for (let panel = 0; panel < panels; panel++) {
          memory.routines.multiply(
            block,
            panelAt(position, panel),
            out + 4 * (first * x.shape[2] * filters + panel * PANEL),
            count * x.shape[2],
            channels,
            4 * channels,
            4,
            4 * filters,
            add || position > 0 ? 1 : 0,
          );
        }
      }
    });
  });
}

function blockRows([images, height, width, channels]: Stored['shape']): number {
  return Math.min(images * height, Math.max(1, Math.floor(BLOCK / (width * channels))));
}

/** @param use gets the first row of a block, counted through all images, and the number of its rows */
function forBlocks(
  [images, height]: Stored['shape'],
  rows: number,
  use: (first: number, count: number) => void,
): void {
  for (let first = 0; first < images * height; first += rows) {
    use(first, Math.min(rows, images * height - first));
  }
}

/** How far a position of the filter lies from its centre. */
const offset = (position: number, height: number, width: number): [down: number, right: number] => [
  Math.floor(position / width) - (height >> 1),
  (position % width) - (width >> 1),
];

/** Rows of x, counted through all images, shifted by so many rows and columns; 0 outside of their image. */
function gather(
  memory: WasmMemory,
  { at, shape: [, height, width, channels] }: Stored,
  first: number,
  count: number,
  [down, right]: readonly [number, number],
  to: number,
): void {
  const floats = memory.floats();
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
