/** Numbers that the filter gradients of the network read from a GPU's global memory: counted, not timed. */
import * as tf from '@tensorflow/tfjs-core';
import { type Cost, stockCost, tiledCost } from '../../src/engines/webgpu/conv-filter-gradient.ts';
import { outputShapes, reportArchitecture } from '../../src/network/architecture.ts';
import { alignColumns } from '../../src/node/table.ts';

export interface LayerReads {
  readonly name: string;
  /** Of tfjs's own kernel. */
  readonly stock: Cost;
  readonly own: Cost;
}

/** Of each convolution of the report's network, for a batch of so many images. */
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
    return [{ name: layer.name, stock: stockCost(sizes), own: tiledCost(sizes) }];
  });
}

/** The same as a table for the terminal. */
export function readsTable(batch: number): string {
  const number = (value: number) => value.toLocaleString('en');
  const millions = (value: number) => `${number(Math.round(value / 1e4) / 100)} M`;
  const rows = countReads(batch).map(({ name, stock, own }) => [
    name,
    millions(stock.reads),
    number(stock.threads),
    millions(own.reads),
    number(own.threads),
    `${(stock.reads / own.reads).toFixed(1)} ×`,
  ]);
  const head = ['', 'tfjs reads', 'on threads', 'this project', 'on threads', 'fewer'];
  return alignColumns([head, ...rows], '<>>>>>').join('\n');
}
