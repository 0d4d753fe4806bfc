/** How many numbers the network's filter gradients read from a GPU's global memory: counted, not timed. */
import * as tf from '@tensorflow/tfjs-core';
import { type Cost, stockCost, tiledCost } from '../../src/engines/webgpu/conv-filter-gradient.ts';
import { outputShapes, reportArchitecture } from '../../src/network/architecture.ts';
import { alignColumns } from '../../src/node/terminal.ts';

export interface LayerReads {
  readonly name: string;
  /** Of tfjs's kernel. */
  readonly stock: Cost;
  /** Of this project's. */
  readonly tiled: Cost;
}

/** For each convolution of the report's network. @param batch images per step */
export function countReads(batch: number): LayerReads[] {
  const { layers, inputShape } = reportArchitecture;
  const shapes = outputShapes(reportArchitecture);
  return layers.flatMap((layer, i) => {
    if (layer.type !== 'conv') return [];
    const [height, width, channels] = (shapes[i - 1] ?? inputShape) as [number, number, number];
    const sizes = tf.backend_util.computeConv2DInfo(
      [batch, height, width, channels],
      [3, 3, channels, layer.filters],
      1,
      1,
      'same',
    );
    return [{ name: layer.name, stock: stockCost(sizes), tiled: tiledCost(sizes) }];
  });
}

/** The same as a table for the terminal. */
export function readsTable(batch: number): string {
  const number = (value: number) => value.toLocaleString('en');
  const millions = (value: number) => `${number(Math.round(value / 1e4) / 100)} M`;
  const rows = countReads(batch).map(({ name, stock, tiled }) => [
    name,
    ...[stock, tiled].flatMap(({ reads, threads }) => [millions(reads), number(threads)]),
    `${(stock.reads / tiled.reads).toFixed(1)} ×`,
  ]);
  const head = ['', 'tfjs reads', 'on threads', 'this project', 'on threads', 'fewer'];
  return alignColumns([head, ...rows], '<>>>>>').join('\n');
}
