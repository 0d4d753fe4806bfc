/**
 * 3×3 convolutions with stride 1 and a zero padding that keeps the size, and their gradients, by Winograd's tiles
 * (winograd.ts): 36 products of matrices [tiles, channels] take a quarter to a third of the multiplications.
 *
 * A strip is a row of tiles of an image; strips are counted through all images, and a group of them is multiplied at
 * once. Where tiles overhang an image, zeros stand in.
 */
import type { Stored } from './convolution.ts';
import type { Machine } from './machine.ts';
import { PANEL } from './routines.ts';
import { POINTS, TILE } from '../winograd.ts';

type Shape = Stored['shape'];

const PLANES = POINTS * POINTS;
/** Tiles of a group, about: with more of them less of the filter is read for each, but they leave the caches. */
const TILES = 64;
/** With fewer channels on either side the maps take longer than the products that are saved. */
const FEWEST_CHANNELS = 16;
/** Floats between two matrices: without them all 36 would compete for the same lines of the processor's caches. */
const GAP = 16;

/** Whether a convolution is computed by tiles: overhanging ones cost products. */
export function suitsTiles([, height, width]: Shape, filter: Shape): boolean {
  const [down, right, ...channels] = filter;
  const tiles = Math.ceil(height / TILE) * Math.ceil(width / TILE);
  return (
    down === 3 &&
    right === 3 &&
    2 * PLANES * tiles <= 9 * height * width &&
    channels.every((each) => each >= FEWEST_CHANNELS && each % PANEL === 0)
  );
}

/** Floats of a filter that is mapped and packed. */
export const mappedSize = ([, , channels, outputs]: Shape): number => PLANES * channels * outputs;

/** Floats that each part needs to map a filter. */
export const filterScratch = ([, , , outputs]: Shape): number => (3 * POINTS + PLANES) * PANEL * outputs;

export interface FilterMapping {
  /** [3, 3, C, O] */
  readonly filter: Stored;
  /** Turned by 180°, channels exchanged: for the gradient with respect to the input. */
  readonly flipped: boolean;
  /** {@link mappedSize} floats: 36 matrices, each packed in panels. */
  readonly to: number;
  /** {@link filterScratch} floats for each part. */
  readonly scratch: number;
}

/** Maps and packs a filter for {@link correlateTiles}. */
export function mapFilter(machine: Machine, { filter, flipped, to, scratch }: FilterMapping): void {
  const { routines, part } = machine;
  const [, , channels, outputs] = filter.shape;
  const size = channels * outputs;
  const tap = flipped ? -size : size;
  const first = filter.at + (flipped ? 4 * 8 * size : 0);
  /** Floats of the rows that are mapped at a time. */
  const rows = PANEL * outputs;
  const lines = scratch + 4 * part * filterScratch(filter.shape);
  const plain = lines + 4 * 3 * POINTS * rows;
  const [begin, end] = machine.share(channels / PANEL);
  for (let chunk = begin; chunk < end; chunk++) {
    for (let column = 0; column < 3; column++) {
      const from = first + 4 * (column * tap + chunk * rows);
      routines.filter(from, 4 * 3 * tap, lines + 4 * column * rows, 4 * 3 * rows, rows / 4, 1, 0, 0);
    }
    for (let point = 0; point < POINTS; point++) {
      const line = lines + 4 * 3 * point * rows;
      if (flipped) {
        routines.filter(line, 4 * rows, plain + 4 * POINTS * point * rows, 4 * rows, rows / 4, 1, 0, 0);
        continue;
      }
      for (let panel = 0; panel < outputs / PANEL; panel++) {
        const target = to + 4 * (POINTS * point * size + (panel * channels + chunk * PANEL) * PANEL);
        const [rowStep, panelStep] = [4 * outputs, 4 * PANEL];
        routines.filter(
          line + panel * panelStep,
          4 * rows,
          target,
          4 * size,
          PANEL / 4,
          PANEL,
          rowStep,
          panelStep,
        );
      }
    }
    for (let plane = 0; flipped && plane < PLANES; plane++) {
      const target = to + 4 * (plane * size + chunk * rows);
      routines.packTransposed(plain + 4 * plane * rows, target, outputs, 4 * outputs);
    }
  }
}

/** Floats of the regions of scratch memory; the last is there once for each part. */
interface Regions {
  /** [36, tiles, C] and [36, tiles, O], with a gap behind each matrix. */
  readonly x: number;
  readonly y: number;
  readonly own: number;
}

interface Grid {
  /** Tiles of a strip. */
  readonly across: number;
  /** Strips of an image. */
  readonly down: number;
  /** Strips of all images, and those of a group. */
  readonly strips: number;
  readonly group: number;
}

function gridOf([images, height, width]: Shape): Grid {
  const [across, down] = [Math.ceil(width / TILE), Math.ceil(height / TILE)];
  const strips = images * down;
  const groups = Math.ceil((strips * across) / TILES);
  return { across, down, strips, group: Math.ceil(strips / groups) };
}

/** Floats from one of 36 matrices to the next. */
const planeOf = ({ group, across }: Grid, channels: number): number => group * across * channels + GAP;

function regionsOf(x: Shape, outputs: number): Regions {
  const grid = gridOf(x);
  const [, , width, channels] = x;
  const most = Math.max(channels, outputs);
  const rows = POINTS * width * most;
  const lines = POINTS * (TILE * grid.across + 2) * most;
  const packed = grid.group * grid.across * PANEL;
  return {
    x: PLANES * planeOf(grid, channels),
    y: PLANES * planeOf(grid, outputs),
    own: Math.max(rows + lines, packed),
  };
}

/** Where the matrices and a part's own region lie in scratch memory, and how far apart the matrices are. */
function placesIn(machine: Machine, x: Shape, outputs: number, scratch: number) {
  const [grid, regions] = [gridOf(x), regionsOf(x, outputs)];
  const y = scratch + 4 * regions.x;
  return {
    grid,
    planeX: planeOf(grid, x[3]),
    planeY: planeOf(grid, outputs),
    y,
    own: y + 4 * (regions.y + machine.part * regions.own),
  };
}

/** Floats of scratch memory for so many parts. */
export function tilesScratch(x: Shape, outputs: number, parts: number): number {
  const regions = regionsOf(x, outputs);
  return regions.x + regions.y + parts * regions.own;
}

/** Where a group begins and how many strips it has. */
interface Group {
  readonly first: number;
  readonly count: number;
}

function forGroups({ strips, group }: Grid, use: (group: Group) => void): void {
  for (let first = 0; first < strips; first += group) use({ first, count: Math.min(group, strips - first) });
}

/** Maps a part of a group's tiles to 36 matrices, which begin at `to`. */
function mapTiles(
  machine: Machine,
  name: 'data' | 'outputGradient',
  { at, shape: [, height, width, channels] }: Stored,
  { across, down }: Grid,
  { first, count }: Group,
  to: number,
  plane: number,
  own: number,
): void {
  const { routines } = machine;
  const floats = machine.floats();
  const row = width * channels;
  /** Pixels around a tile. */
  const halo = name === 'data' ? 1 : 0;
  const [sides, stride] = [TILE + 2 * halo, (TILE * across + 2 * halo) * channels];
  const lines = own + 4 * POINTS * row;
  // What lies beside the image stays 0 from strip to strip.
  floats.fill(0, lines / 4, lines / 4 + POINTS * stride);
  const [begin, end] = machine.share(count);
  for (let strip = begin; strip < end; strip++) {
    const top = TILE * ((first + strip) % down) - halo;
    let from = at + 4 * (Math.floor((first + strip) / down) * height + top) * row;
    if (top < 0 || top + sides > height) {
      for (let side = 0; side < sides; side++) {
        const [target, source] = [own / 4 + side * row, from / 4 + side * row];
        if (top + side < 0 || top + side >= height) floats.fill(0, target, target + row);
        else floats.copyWithin(target, source, source + row);
      }
      from = own;
    }
    routines[name](from, 4 * row, lines + 4 * halo * channels, 4 * stride, row / 4, 1, 0, 0);
    for (let point = 0; point < POINTS; point++) {
      const target = to + 4 * (POINTS * point * plane + strip * across * channels);
      const [step, vectors] = [4 * channels, channels / 4];
      routines[name](lines + 4 * point * stride, step, target, 4 * plane, vectors, across, TILE * step, step);
    }
  }
}

export interface TileCorrelation {
  /** [N, H, W, C] */
  readonly x: Stored;
  /** A filter as {@link mapFilter} leaves it. */
  readonly weights: number;
  /** O */
  readonly outputs: number;
  /** [N, H, W, O] */
  readonly out: number;
  /** [O]; null for none. Then there is no ReLU either. */
  readonly biases: number | null;
  readonly relu: boolean;
  /** {@link tilesScratch} floats. */
  readonly scratch: number;
}

/** x ⋆ filter + biases. */
export function correlateTiles(machine: Machine, task: TileCorrelation): void {
  const { routines } = machine;
  const { x, weights, outputs, scratch } = task;
  const channels = x.shape[3];
  const { grid, planeX, planeY, y, own } = placesIn(machine, x.shape, outputs, scratch);
  forGroups(grid, (group) => {
    mapTiles(machine, 'data', x, grid, group, scratch, planeX, own);
    machine.barrier();
    const [begin, end] = machine.share(PLANES);
    const tiles = group.count * grid.across;
    for (let plane = begin; plane < end; plane++) {
      for (let column = 0; column < outputs; column += PANEL) {
        routines.multiply(
          scratch + 4 * plane * planeX,
          weights + 4 * channels * (plane * outputs + column),
          y + 4 * (plane * planeY + column),
          tiles,
          channels,
          4 * channels,
          4,
          4 * outputs,
          0,
        );
      }
    }
    machine.barrier();
    mapOutputs(machine, task, grid, group, y, planeY, own);
  });
}

/** A part of the outputs of a group from 36 matrices, which begin at `from`. */
function mapOutputs(
  machine: Machine,
  { x, outputs, out, biases, relu }: TileCorrelation,
  { across, down }: Grid,
  { first, count }: Group,
  from: number,
  plane: number,
  own: number,
): void {
  const { routines } = machine;
  const [, height, width] = x.shape;
  const [row, stride] = [width * outputs, TILE * across * outputs];
  const [step, vectors] = [4 * outputs, outputs / 4];
  const lines = own + 4 * POINTS * row;
  const [begin, end] = machine.share(count);
  for (let strip = begin; strip < end; strip++) {
    for (let point = 0; point < POINTS; point++) {
      const source = from + 4 * (POINTS * point * plane + strip * across * outputs);
      routines.output(
        source,
        4 * plane,
        lines + 4 * point * stride,
        step,
        vectors,
        across,
        step,
        TILE * step,
      );
    }
    const top = TILE * ((first + strip) % down);
    const rows = Math.min(TILE, height - top);
    const place = out + 4 * (Math.floor((first + strip) / down) * height + top) * row;
    const target = rows < TILE ? own : place;
    if (biases === null) {
      routines.output(lines, 4 * stride, target, 4 * row, row / 4, 1, 0, 0);
    } else {
      const floor = relu ? 0 : -Infinity;
      routines.biasesOutput(lines, 4 * stride, target, 4 * row, vectors, width, step, step, biases, floor);
    }
    if (rows < TILE) machine.floats().copyWithin(place / 4, own / 4, own / 4 + rows * row);
  }
}

export interface TileGradient {
  /** [N, H, W, C] and [N, H, W, O] */
  readonly x: Stored;
  readonly dy: Stored;
  /** [3, 3, C, O] */
  readonly out: number;
  /** [36, C, O] */
  readonly sums: number;
  /** {@link tilesScratch} floats. */
  readonly scratch: number;
}

/** The gradient with respect to the filter. */
export function tilesFilterGradient(machine: Machine, { x, dy, out, sums, scratch }: TileGradient): void {
  const { routines } = machine;
  const [channels, outputs] = [x.shape[3], dy.shape[3]];
  const size = channels * outputs;
  const { grid, planeX, planeY, y, own } = placesIn(machine, x.shape, outputs, scratch);
  forGroups(grid, (group) => {
    mapTiles(machine, 'data', x, grid, group, scratch, planeX, own);
    mapTiles(machine, 'outputGradient', dy, grid, group, y, planeY, own);
    machine.barrier();
    const [begin, end] = machine.share(PLANES);
    const tiles = group.count * grid.across;
    for (let plane = begin; plane < end; plane++) {
      for (let column = 0; column < outputs; column += PANEL) {
        routines.pack(y + 4 * (plane * planeY + column), own, tiles, 4 * outputs);
        routines.multiply(
          scratch + 4 * plane * planeX,
          own,
          sums + 4 * (plane * size + column),
          channels,
          tiles,
          4,
          4 * channels,
          4 * outputs,
          group.first > 0 ? 1 : 0,
        );
      }
    }
    machine.barrier();
  });
  // The tiles are done with; their place is that of the lines.
  const [begin, end] = machine.share(channels);
  const [offset, vectors] = [4 * begin * outputs, ((end - begin) * outputs) / 4];
  const line = 4 * size;
  for (let point = 0; point < POINTS; point++) {
    const from = sums + POINTS * point * line + offset;
    routines.filterGradient(from, line, sums + POINTS * point * line + offset, line, vectors, 1, 0, 0);
  }
  for (let column = 0; column < 3; column++) {
    const from = sums + column * line + offset;
    routines.filterGradient(from, POINTS * line, out + column * line + offset, 3 * line, vectors, 1, 0, 0);
  }
}
