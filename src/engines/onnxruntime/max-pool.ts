/** 2×2 maximum pooling of stride 2 without padding on slab buffers (slab.ts). */
import { operation, type OrtTensor } from './operation.ts';
import type { Graph, Node } from '../../artifacts/onnx-encoder.ts';
import { type Share, shareOf } from './partition.ts';
import type { Chunk, SlabBuffer } from './image-layout.ts';
import type { Workshop } from './workshop.ts';

const pairs = (name: string) => ({ name, shape: ['height', 2, 'channels', 'width', 'images'] });
const pooled = (name: string) => ({ name, shape: ['height', 'channels', 'half', 'images'] });

/** Maximum over pairs of rows, then over pairs of columns; an odd padding column is pooled with nothing. */
const poolGraph = (width: number): Graph => ({
  inputs: [pairs('x')],
  outputs: [pooled('y')],
  constants: [{ name: 'axes', shape: [1], data: new BigInt64Array([1n]) }],
  nodes: [
    { op: 'Split', inputs: ['x'], outputs: ['upper', 'lower'], attributes: { axis: 1 } },
    { op: 'Max', inputs: ['upper', 'lower'], outputs: ['pairs'] },
    { op: 'Squeeze', inputs: ['pairs', 'axes'], outputs: ['rows'] },
    {
      op: 'MaxPool',
      inputs: ['rows'],
      outputs: ['y'],
      attributes: { kernel_shape: [2, 1], strides: [2, 1], pads: [0, 0, 1 - (width % 2), 0] },
    },
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
  for (const row of [0, 1]) {
    for (const column of [0, 1]) {
      if (row + column === 2) continue;
      nodes.push(
        {
          op: 'Slice',
          inputs: ['x', `from${row}${column}`, `to${row}`, 'axes', 'steps'],
          outputs: [`slice${row}${column}`],
        },
        { op: 'Squeeze', inputs: [`slice${row}${column}`, 'rowAxis'], outputs: [`x${row}${column}`] },
      );
    }
  }
  // The width of a column slice: with an even width the last, padding column has no partner.
  const odd = even ? 'x01padded' : 'x01';
  if (even) nodes.push({ op: 'Pad', inputs: ['x01', 'pad'], outputs: [odd] });
  const steps: [string, string, string][] = [
    ['x00', 'dy', 'left1'],
    [odd, 'left1', 'left2'],
    ['x10', 'left2', 'left3'],
  ];
  steps.forEach(([x, left, rest], step) => {
    nodes.push(
      { op: 'Equal', inputs: [x, 'y'], outputs: [`hit${step}`] },
      { op: 'Where', inputs: [`hit${step}`, left, 'nothing'], outputs: [`given${step}`] },
      { op: 'Sub', inputs: [left, `given${step}`], outputs: [rest] },
    );
  });
  const interleave = (left: string, right: string, row: number) => {
    nodes.push(
      { op: 'Unsqueeze', inputs: [left, 'columnAxis'], outputs: [`${left}c`] },
      { op: 'Unsqueeze', inputs: [right, 'columnAxis'], outputs: [`${right}c`] },
      { op: 'Concat', inputs: [`${left}c`, `${right}c`], outputs: [`both${row}`], attributes: { axis: 3 } },
      { op: 'Reshape', inputs: [`both${row}`, 'rowShape'], outputs: [`wide${row}`] },
    );
    if (even) {
      nodes.push({
        op: 'Slice',
        inputs: [`wide${row}`, 'zero', 'width', 'columnAxisOfRow'],
        outputs: [`row${row}`],
      });
    }
    return even ? `row${row}` : `wide${row}`;
  };
  const upper = interleave('given0', 'given1', 0);
  const lower = interleave('given2', 'left3', 1);
  nodes.push(
    { op: 'Concat', inputs: [upper, lower], outputs: ['stacked'], attributes: { axis: 1 } },
    { op: 'Reshape', inputs: ['stacked', 'pairShape'], outputs: ['dx'] },
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
      index('columnAxisOfRow', 3),
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

function linesOf(x: SlabBuffer, y: SlabBuffer, share: Share): Line[] {
  const lines = x.layout.chunks.flatMap((from, index) =>
    Array.from({ length: y.layout.shape[1] }, (_, row) => ({ from, to: y.layout.chunks[index]!, row })),
  );
  return shareOf(lines, share);
}

function pairOf(x: SlabBuffer, { from, row }: Line): OrtTensor {
  const [, , w, c] = x.layout.shape;
  return x.view(from.offset + 2 * row * from.slab, [1, 2, c, w + 1, from.images]);
}

function pooledOf(y: SlabBuffer, { to, row }: Line): OrtTensor {
  const [, , w, c] = y.layout.shape;
  return y.view(to.offset + row * to.slab, [1, c, w + 1, to.images]);
}

export function maxPoolTask({ x, y }: { x: SlabBuffer; y: SlabBuffer }, share: Share): void {
  const width = x.layout.shape[2];
  const graph = operation(`max-pool-${width}`, () => poolGraph(width));
  for (const line of linesOf(x, y, share)) {
    graph.run({ x: pairOf(x, line) }, { y: pooledOf(y, line) });
    y.clearPadding({ chunk: line.to, firstRow: line.row, rows: 1 });
  }
}

export interface MaxPoolGradientArguments {
  dy: SlabBuffer;
  x: SlabBuffer;
  y: SlabBuffer;
  dx: SlabBuffer;
}

export function maxPoolGradientTask({ dy, x, y, dx }: MaxPoolGradientArguments, share: Share): void {
  const [, height, width] = x.layout.shape;
  const graph = operation(`max-pool-gradient-${width}`, () => gradientGraph(width));
  for (const line of linesOf(x, y, share)) {
    graph.run({ x: pairOf(x, line), y: pooledOf(y, line), dy: pooledOf(dy, line) }, { dx: pairOf(dx, line) });
    dx.clearPadding({ chunk: line.from, firstRow: 2 * line.row, rows: 2 });
  }
  if (height % 2 === 0) return;
  // A last odd row was never pooled.
  for (const { offset, slab } of shareOf(x.layout.chunks, share)) {
    dx.data.fill(0, offset + (height - 1) * slab, offset + height * slab);
  }
}

/** @param x [N, H, W, C] with H, W ≥ 2 @returns [N, ⌊H/2⌋, ⌊W/2⌋, C], a buffer of the pool */
export function maxPool({ slabs, team }: Workshop, x: SlabBuffer): SlabBuffer {
  const [n, h, w, c] = x.layout.shape;
  const y = slabs.take([n, Math.floor(h / 2), Math.floor(w / 2), c]);
  team.run('maxPool', { x, y });
  return y;
}

/** The gradient of `maxPool` with respect to x, a buffer of the pool. */
export function maxPoolGradient(
  { slabs, team }: Workshop,
  dy: SlabBuffer,
  x: SlabBuffer,
  y: SlabBuffer,
): SlabBuffer {
  const dx = slabs.take(x.layout.shape);
  team.run('maxPoolGradient', { dy, x, y, dx });
  return dx;
}
