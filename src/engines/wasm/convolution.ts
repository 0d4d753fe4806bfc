/**
 * Convolutions with stride 1 and a zero padding that keeps the size, and their gradients, as products of matrices. For
 * each place of the filter, what lies there under the outputs of a few rows is gathered, and multiplied while it is in
 * the processor's cache.
 */
import type { Machine } from './memory.ts';
import { PANEL } from './routines.ts';

/** Floats that are gathered at a time, about; 256 KB. */
const BLOCK = 1 << 16;

/** [images, height, width, channels] in the machine's memory. */
export interface Images {
  readonly at: number;
  readonly shape: readonly [number, number, number, number];
}

/** [height, width, in, out] in the machine's memory; height and width are odd. */
export interface Filter {
  readonly at: number;
  readonly shape: readonly [number, number, number, number];
}

/**
 * x convolved with the filter into the memory from `out` on.
 * @param add whether to add to what is there
 */
export function convolve(machine: Machine, x: Images, filter: Filter, out: number, add: boolean): void {
  const [height, width, channels, filters] = filter.shape;
  const place = (row: number, column: number): number =>
    filter.at + 4 * (row * width + column) * channels * filters;
  correlate(machine, x, [height, width], filters, out, add, (row, column, panel, to) =>
    machine.routines.pack(place(row, column) + 4 * panel * PANEL, to, channels, 4 * filters),
  );
}

/** The gradient with respect to a convolution's input: dy under the filter turned by half a turn, channels exchanged. */
export function inputGradient(machine: Machine, dy: Images, filter: Filter, out: number): void {
  const [height, width, channels, filters] = filter.shape;
  const place = (row: number, column: number): number =>
    filter.at + 4 * ((height - 1 - row) * width + (width - 1 - column)) * channels * filters;
  correlate(machine, dy, [height, width], channels, out, false, (row, column, panel, to) =>
    machine.routines.packTransposed(
      place(row, column) + 4 * panel * PANEL * filters,
      to,
      filters,
      4 * filters,
    ),
  );
}

/** The gradient with respect to a convolution's filter, like it, into the memory from `out` on. */
export function filterGradient(
  machine: Machine,
  x: Images,
  dy: Images,
  [height, width]: readonly [number, number],
  out: number,
): void {
  const { routines } = machine;
  const [channels, filters] = [x.shape[3], dy.shape[3]];
  const rows = blockRows(x.shape, channels);
  const most = rows * x.shape[2];
  machine.lend([most * channels, most * filters], (block, panels) => {
    forBlocks(x.shape, rows, (first, count) => {
      const depth = count * x.shape[2];
      for (let panel = 0; panel < filters / PANEL; panel++) {
        const from = dy.at + 4 * (first * x.shape[2] * filters + panel * PANEL);
        routines.pack(from, panels + 4 * panel * PANEL * depth, depth, 4 * filters);
      }
      for (let place = 0; place < height * width; place++) {
        const [row, column] = [Math.floor(place / width), place % width];
        gather(machine, x, first, count, row - (height >> 1), column - (width >> 1), block);
        for (let panel = 0; panel < filters / PANEL; panel++) {
          routines.multiply(
            block,
            panels + 4 * panel * PANEL * depth,
            out + 4 * (place * channels * filters + panel * PANEL),
            channels,
            depth,
            4,
            4 * channels,
            4 * filters,
            first > 0 ? 1 : 0,
          );
        }
      }
    });
  });
}

/** @param pack packs eight columns of a place of the filter, as the machine's `pack` does */
function correlate(
  machine: Machine,
  x: Images,
  [height, width]: readonly [number, number],
  filters: number,
  out: number,
  add: boolean,
  pack: (row: number, column: number, panel: number, to: number) => void,
): void {
  const channels = x.shape[3];
  const rows = blockRows(x.shape, channels);
  const [panels, panelSize] = [filters / PANEL, channels * PANEL];
  machine.lend([rows * x.shape[2] * channels, height * width * channels * filters], (block, packed) => {
    const panelAt = (place: number, panel: number): number =>
      packed + 4 * (place * panels + panel) * panelSize;
    for (let place = 0; place < height * width; place++) {
      for (let panel = 0; panel < panels; panel++) {
        pack(Math.floor(place / width), place % width, panel, panelAt(place, panel));
      }
    }
    forBlocks(x.shape, rows, (first, count) => {
      for (let place = 0; place < height * width; place++) {
        const [row, column] = [Math.floor(place / width), place % width];
        gather(machine, x, first, count, row - (height >> 1), column - (width >> 1), block);
        for (let panel = 0; panel < panels; panel++) {
          machine.routines.multiply(
            block,
            panelAt(place, panel),
            out + 4 * (first * x.shape[2] * filters + panel * PANEL),
            count * x.shape[2],
            channels,
            4 * channels,
            4,
            4 * filters,
            add || place > 0 ? 1 : 0,
          );
        }
      }
    });
  });
}

function blockRows([images, height, width]: Images['shape'], channels: number): number {
  return Math.min(images * height, Math.max(1, Math.floor(BLOCK / (width * channels))));
}

/** @param use is given the first row of a block, counted through all images, and how many it has */
function forBlocks(
  [images, height]: Images['shape'],
  rows: number,
  use: (first: number, count: number) => void,
): void {
  for (let first = 0; first < images * height; first += rows) {
    use(first, Math.min(rows, images * height - first));
  }
}

/** Rows of x, counted through all images, as they are so many rows and columns further on; 0 outside of their image. */
function gather(
  machine: Machine,
  { at, shape: [, height, width, channels] }: Images,
  first: number,
  count: number,
  down: number,
  right: number,
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
