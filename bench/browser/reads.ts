/** How many numbers the network's filter gradients read from a GPU's global memory: counted, not timed. */
import * as tf from '@tensorflow/tfjs-core';
import { type Cost, productCost } from '../../src/engines/webgpu/product.ts';
import { filterGradientCost } from '../../src/engines/webgpu/winograd.ts';
import { outputShapes, reportArchitecture } from '../../src/network/architecture.ts';
import { alignColumns } from '../../src/node/terminal.ts';

export interface LayerReads {
  readonly name: string;
  /** Of tfjs's kernel. */
  readonly stock: Cost;
  /** Of this project's. */
  readonly own: Cost;
}

/** Along one side: pairs of an output pixel and a kernel position that fall inside the image. */
function meetings(out: number, filter: number, size: number, stride: number, before: number): number {
  let count = 0;
  for (let place = 0; place < filter; place++) {
    for (let o = 0; o < out; o++) {
      const at = o * stride + place - before;
      if (at >= 0 && at < size) count++;
    }
  }
  return count;
}

/** For tfjs's own kernel: one thread per weight, which reads x and dy wherever they meet. */
export function stockCost(sizes: tf.backend_util.Conv2DInfo): Cost {
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth, padInfo } = sizes;
  const vertical = meetings(sizes.outHeight, filterHeight, sizes.inHeight, sizes.strideHeight, padInfo.top);
  const horizontal = meetings(sizes.outWidth, filterWidth, sizes.inWidth, sizes.strideWidth, padInfo.left);
  return {
    reads: 2 * outChannels * batchSize * inChannels * vertical * horizontal,
    threads: filterHeight * filterWidth * inChannels * outChannels,
  };
}

/** For each convolution of the report's network. @param batch images per step */
export function countReads(batch: number): LayerReads[] {
  const { layers, inputShape } = reportArchitecture;
  const shapes = outputShapes(reportArchitecture);
  return layers.flatMap((layer, i) => {
    if (layer.type !== 'conv') return [];
    const [height, width, channels] = (shapes[i - 1] ?? inputShape) as [number, number, number];
    const x: [number, number, number, number] = [batch, height, width, channels];
    const stock = stockCost(
      tf.backend_util.computeConv2DInfo(x, [3, 3, channels, layer.filters], 1, 1, 'same'),
    );
    if (channels > 1) return [{ name: layer.name, stock, own: filterGradientCost(x, layer.filters) }];
    // The first layer's is a product with what lies under the filter, which is read from the images once.
    const [terms, rows] = [batch * height * width, 9 * channels];
    const { reads, threads } = productCost({ batch: 1, rows, terms, columns: layer.filters });
    return [{ name: layer.name, stock, own: { reads: reads + rows * terms, threads } }];
  });
}

export function readsTable(batch: number): string {
  const number = (value: number) => value.toLocaleString('en');
  const millions = (value: number) => `${number(Math.round(value / 1e4) / 100)} M`;
  const rows = countReads(batch).map(({ name, stock, own }) => [
    name,
    ...[stock, own].flatMap(({ reads, threads }) => [millions(reads), number(threads)]),
    `${(stock.reads / own.reads).toFixed(1)} ×`,
  ]);
  const head = ['', 'tfjs reads', 'on threads', 'this project', 'on threads', 'fewer'];
  return alignColumns([head, ...rows], '<>>>>>').join('\n');
}
