/** 2×2 maximum pooling of stride 2 without padding on slab buffers (slab.ts). */
import { operation } from './operation.ts';
import type { Graph, Node } from './proto.ts';
import type { Chunk, SlabBuffer, SlabPool } from './slab.ts';

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

/** The rows of a chunk that are pooled, two by two: [⌊H/2⌋, 2, C, W+1, n]. */
function pairsOf(x: SlabBuffer, chunk: Chunk) {
  const [, h, w, c] = x.layout.shape;
  return x.view(chunk.offset, [Math.floor(h / 2), 2, c, w + 1, chunk.images]);
}

function pooledOf(y: SlabBuffer, chunk: Chunk) {
  const [, h, w, c] = y.layout.shape;
  return y.view(chunk.offset, [h, c, w + 1, chunk.images]);
}

/** @param x [N, H, W, C] with H, W ≥ 2 @returns [N, ⌊H/2⌋, ⌊W/2⌋, C], a buffer of the pool */
export function maxPool(pool: SlabPool, x: SlabBuffer): SlabBuffer {
  const [n, h, w, c] = x.layout.shape;
  const y = pool.take([n, Math.floor(h / 2), Math.floor(w / 2), c]);
  x.layout.chunks.forEach((from, index) => {
    const to = y.layout.chunks[index]!;
    operation(`max-pool-${w}`, () => poolGraph(w)).run({ x: pairsOf(x, from) }, { y: pooledOf(y, to) });
    y.clearPadding(to);
  });
  return y;
}

/** The gradient of `maxPool` with respect to x, a buffer of the pool. */
export function maxPoolGradient(pool: SlabPool, dy: SlabBuffer, x: SlabBuffer, y: SlabBuffer): SlabBuffer {
  const [, h, w] = x.layout.shape;
  const dx = pool.take(x.layout.shape);
  x.layout.chunks.forEach((chunk, index) => {
    const half = y.layout.chunks[index]!;
    operation(`max-pool-gradient-${w}`, () => gradientGraph(w)).run(
      { x: pairsOf(x, chunk), y: pooledOf(y, half), dy: pooledOf(dy, half) },
      { dx: pairsOf(dx, chunk) },
    );
    dx.clearPadding(chunk);
    // A last odd row was never pooled.
    if (h % 2) dx.data.fill(0, chunk.offset + (h - 1) * chunk.slab, chunk.offset + h * chunk.slab);
  });
  return dx;
}
