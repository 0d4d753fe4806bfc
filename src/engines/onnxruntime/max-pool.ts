/** What each thread does of 2×2 maximum pooling of stride 2 without padding, on image buffers (image-layout.ts). */
import { compiledGraph, type Graph, type Node, node, type OrtTensor } from './compiled-graph.ts';
import type { Chunk, ImageBuffer } from './image-layout.ts';
import { itemsOf, type Part } from './thread-pool.ts';

const pairs = (name: string) => ({ name, shape: ['height', 2, 'channels', 'width', 'images'] });
const pooled = (name: string) => ({ name, shape: ['height', 'channels', 'half', 'images'] });

/** Maximum over pairs of rows, then over pairs of columns; an odd padding column is pooled with nothing. */
const poolGraph = (width: number): Graph => ({
  inputs: [pairs('x')],
  outputs: [pooled('y')],
  constants: [{ name: 'axes', shape: [1], data: new BigInt64Array([1n]) }],
  nodes: [
    node('Split', ['x'], ['upper', 'lower'], { axis: 1 }),
    node('Max', ['upper', 'lower'], ['pairs']),
    node('Squeeze', ['pairs', 'axes'], ['rows']),
    node('MaxPool', ['rows'], ['y'], {
      kernel_shape: [2, 1],
      strides: [2, 1],
      pads: [0, 0, 1 - (width % 2), 0],
    }),
  ],
});

/**
 * Gives dy to the first of the four pixels, row by row, that is the maximum: what is left after each goes on to the
 * next, and the fourth takes the rest.
 */
function gradientGraph(width: number): Graph {
  const even = width % 2 === 0;
  const half = Math.floor(width / 2) + 1;
  const index = (name: string, ...values: number[]) => ({
    name,
    shape: [values.length],
    data: BigInt64Array.from(values, BigInt),
  });
  const nodes: Node[] = [];
  for (const pixel of ['00', '01', '10']) {
    nodes.push(
      node('Slice', ['x', `from${pixel}`, `to${pixel[0]}`, 'axes', 'steps'], [`slice${pixel}`]),
      node('Squeeze', [`slice${pixel}`, 'rowAxis'], [`x${pixel}`]),
    );
  }
  // The width of a column slice: with an even width the last, padding column has no partner.
  const odd = even ? 'x01padded' : 'x01';
  if (even) nodes.push(node('Pad', ['x01', 'pad'], [odd]));
  const steps: [string, string, string][] = [
    ['x00', 'dy', 'left1'],
    [odd, 'left1', 'left2'],
    ['x10', 'left2', 'left3'],
  ];
  steps.forEach(([x, left, rest], step) => {
    nodes.push(
      node('Equal', [x, 'y'], [`hit${step}`]),
      node('Where', [`hit${step}`, left, 'nothing'], [`given${step}`]),
      node('Sub', [left, `given${step}`], [rest]),
    );
  });
  const interleave = (left: string, right: string, row: number) => {
    nodes.push(
      node('Unsqueeze', [left, 'columnAxis'], [`${left}c`]),
      node('Unsqueeze', [right, 'columnAxis'], [`${right}c`]),
      node('Concat', [`${left}c`, `${right}c`], [`both${row}`], { axis: 3 }),
      node('Reshape', [`both${row}`, 'rowShape'], [`wide${row}`]),
    );
    if (even) nodes.push(node('Slice', [`wide${row}`, 'zero', 'width', 'columnAxis'], [`row${row}`]));
    return even ? `row${row}` : `wide${row}`;
  };
  const upper = interleave('given0', 'given1', 0);
  const lower = interleave('given2', 'left3', 1);
  nodes.push(
    node('Concat', [upper, lower], ['stacked'], { axis: 1 }),
    node('Reshape', ['stacked', 'pairShape'], ['dx']),
  );
  return {
    inputs: [pairs('x'), pooled('y'), pooled('dy')],
    outputs: [pairs('dx')],
    constants: [
      { name: 'nothing', shape: [], data: new Float32Array(1) },
      index('axes', 1, 3),
      index('steps', 1, 2),
      index('rowAxis', 1),
      index('columnAxis', 3),
      index('zero', 0),
      index('width', width + 1),
      index('from00', 0, 0),
      index('from01', 0, 1),
      index('from10', 1, 0),
      index('to0', 1, width + 1),
      index('to1', 2, width + 1),
      index('pad', 0, 0, 0, 0, 0, 0, 1, 0),
      index('rowShape', 0, 1, -1, 2 * half, 0),
      index('pairShape', 0, 2, -1, width + 1, 0),
    ],
    nodes,
  };
}

/** Row `row` of the pooled image and the two rows of the image that it is made of, for one chunk. */
interface Line {
  from: Chunk;
  to: Chunk;
  row: number;
}

function linesOf(x: ImageBuffer, y: ImageBuffer, part: Part): Line[] {
  const lines = x.layout.chunks.flatMap((from, index) =>
    Array.from({ length: y.layout.shape[1] }, (_, row) => ({ from, to: y.layout.chunks[index]!, row })),
  );
  return itemsOf(lines, part);
}

function pairOf(x: ImageBuffer, { from, row }: Line): OrtTensor {
  const [, , w, c] = x.layout.shape;
  return x.view(from.offset + 2 * row * from.rowSize, [1, 2, c, w + 1, from.images]);
}

function pooledOf(y: ImageBuffer, { to, row }: Line): OrtTensor {
  const [, , w, c] = y.layout.shape;
  return y.view(to.offset + row * to.rowSize, [1, c, w + 1, to.images]);
}

export function maxPool({ x, y }: { x: ImageBuffer; y: ImageBuffer }, part: Part): void {
  const width = x.layout.shape[2];
  const graph = compiledGraph(`max-pool-${width}`, () => poolGraph(width));
  for (const line of linesOf(x, y, part)) {
    graph({ x: pairOf(x, line) }, { y: pooledOf(y, line) });
    y.clearPadding({ chunk: line.to, firstRow: line.row, rows: 1 });
  }
}

interface MaxPoolGradientArguments {
  dy: ImageBuffer;
  x: ImageBuffer;
  y: ImageBuffer;
  dx: ImageBuffer;
}

export function maxPoolGradient({ dy, x, y, dx }: MaxPoolGradientArguments, part: Part): void {
  const [, height, width] = x.layout.shape;
  const graph = compiledGraph(`max-pool-gradient-${width}`, () => gradientGraph(width));
  for (const line of linesOf(x, y, part)) {
    graph({ x: pairOf(x, line), y: pooledOf(y, line), dy: pooledOf(dy, line) }, { dx: pairOf(dx, line) });
    dx.clearPadding({ chunk: line.from, firstRow: 2 * line.row, rows: 2 });
  }
  if (height % 2 === 0) return;
  // A last odd row was never pooled.
  for (const { offset, rowSize } of itemsOf(x.layout.chunks, part)) {
    dx.data.fill(0, offset + (height - 1) * rowSize, offset + height * rowSize);
  }
}
