/** Section 3.1: a layer's output for an image, as pixels, which client/maps.ts puts on a canvas. */
import { extent } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';

export interface Activation {
  name: string;
  /** [height, width, channels] or [units]; the values row-major. */
  shape: readonly number[];
  values: ArrayLike<number>;
}

export interface Mosaic {
  width: number;
  height: number;
  /** RGBA, row by row. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** Maps side by side: as many as make a broad picture, half as many on a phone. */
const columnsFor = (maps: number, narrow: boolean): number =>
  Math.min(maps, (maps >= 128 ? 32 : 16) / (narrow ? 2 : 1));

/** [height, width, channels] of a map; a unit of a dense layer is a map of one pixel. */
const sizeOf = ({ shape }: Activation): [number, number, number] =>
  shape.length === 3 ? [shape[0]!, shape[1]!, shape[2]!] : [1, 1, shape[0]!];

/** All maps of a layer side by side, a transparent pixel between them, from the layer's least value to its greatest. */
export function mosaic(activation: Activation, narrow = false): Mosaic {
  const { values } = activation;
  const [rows, columns, maps] = sizeOf(activation);
  const perRow = columnsFor(maps, narrow);
  const width = perRow * (columns + 1) - 1;
  const height = Math.ceil(maps / perRow) * (rows + 1) - 1;
  const [low = 0, high = 0] = extent(Array.from(values));
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let map = 0; map < maps; map++) {
    const left = (map % perRow) * (columns + 1);
    const top = Math.floor(map / perRow) * (rows + 1);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const value = values[(y * columns + x) * maps + map]!;
        const grey = high > low ? (255 * (value - low)) / (high - low) : 0;
        pixels.set([grey, grey, grey, 255], 4 * ((top + y) * width + left + x));
      }
    }
  }
  return { width, height, pixels };
}

/** How many maps are nothing but zeros. */
export function silentMaps(activation: Activation): number {
  const { values } = activation;
  const [, , maps] = sizeOf(activation);
  const loud = new Set<number>();
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) loud.add(i % maps);
  return maps - loud.size;
}

export function describeMaps(activation: Activation, lang: Lang): string {
  const [rows, columns, maps] = sizeOf(activation);
  const values = { name: activation.name, maps, size: `${rows}×${columns}`, silent: silentMaps(activation) };
  return t(lang, activation.shape.length === 3 ? 'mapsSentence' : 'unitsSentence', values);
}
