/**
 * Products of matrices whose workgroups read both factors into memory that their threads share. GPUs are made for that;
 * one in software runs the threads one after another, and lets them wait at every barrier. Which way is faster is timed.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { each, type Program, type WebGpuBackend } from './program.ts';

/** Rows and columns of the product that a workgroup makes, and how many terms of them it reads at once. */
const [TILE, SLAB] = [64, 16];
/** Threads along either side of a tile, and rows and columns that each sums. */
const [SIDE, OWN] = [16, 4];
const WORKGROUP = SIDE * SIDE;

/** Whether a product is large enough to fill tiles. */
export const fillsTiles = (rows: number, columns: number): boolean => rows >= TILE && columns >= TILE / 2;

/**
 * The same product as the program that it takes the place of, which has its uniforms and inputs.
 * @param matrices how many products there are, parts of one counted each
 * @param end WGSL of what a sum becomes in a column
 */
export function sharedProduct(
  program: Omit<Program, 'outputs'>,
  rows: number,
  columns: number,
  matrices: number,
  end: (sum: string, column: string) => string,
): Omit<Program, 'outputs'> {
  const own = (line: (i: number, j: number) => string): string =>
    each(OWN, (i) => each(OWN, (j) => line(i, j)));
  const tiles = matrices * Math.ceil(rows / TILE) * Math.ceil(columns / TILE);
  return {
    ...program,
    key: `shared_${program.key}`,
    threads: tiles * WORKGROUP,
    workgroup: WORKGROUP,
    together: true,
    declarations: () => /* wgsl */ `
      var<workgroup> aTile : array<f32, ${TILE * SLAB}>;
      var<workgroup> bTile : array<f32, ${TILE * SLAB}>;
    `,
    // Neighbouring threads read neighbouring numbers, whichever way a matrix lies. What lies outside counts as 0.
    body: () => /* wgsl */ `
      let tile = i32(group.y * groups.x + group.x);
      let across = (uniforms.columns + ${TILE - 1}) / ${TILE};
      let down = (uniforms.rows + ${TILE - 1}) / ${TILE};
      if (tile >= uniforms.threads / ${WORKGROUP}) { return; }
      let left = tile % across * ${TILE};
      let top = tile / across % down * ${TILE};
      let matrix = tile / (across * down);
      let first = matrix / uniforms.batch * uniforms.perPart;
      let end = min(first + uniforms.perPart, uniforms.terms);
      let which = matrix % uniforms.batch;
      let at = i32(thread);
      let row = at / ${SIDE} * ${OWN};
      let column = at % ${SIDE} * ${OWN};
      let aAlong = uniforms.aStrides.z == 1;
      let bAlong = uniforms.bStrides.z == 1;
      ${own((i, j) => `var sum${i}_${j} = 0.0;`)}
      for (var slab = first; slab < end; slab += ${SLAB}) {
        for (var read = at; read < ${TILE * SLAB}; read += ${WORKGROUP}) {
          let aTerm = select(read / ${TILE}, read % ${SLAB}, aAlong);
          let aRow = select(read % ${TILE}, read / ${SLAB}, aAlong);
          let aFrom = which * uniforms.aStrides.x + (top + aRow) * uniforms.aStrides.y + (slab + aTerm) * uniforms.aStrides.z;
          aTile[aTerm * ${TILE} + aRow] = select(0.0, a[aFrom], top + aRow < uniforms.rows && slab + aTerm < end);
          let bTerm = select(read % ${SLAB}, read / ${TILE}, bAlong);
          let bColumn = select(read / ${SLAB}, read % ${TILE}, bAlong);
          let bFrom = which * uniforms.bStrides.x + (slab + bTerm) * uniforms.bStrides.y + (left + bColumn) * uniforms.bStrides.z;
          bTile[bTerm * ${TILE} + bColumn] = select(0.0, b[bFrom], left + bColumn < uniforms.columns && slab + bTerm < end);
        }
        workgroupBarrier();
        for (var term = 0; term < ${SLAB}; term++) {
          ${each(OWN, (i) => `let a${i} = aTile[term * ${TILE} + row + ${i}];`)}
          ${each(OWN, (j) => `let b${j} = bTile[term * ${TILE} + column + ${j}];`)}
          ${own((i, j) => `sum${i}_${j} += a${i} * b${j};`)}
        }
        workgroupBarrier();
      }
      let to = (matrix * uniforms.rows + top + row) * uniforms.columns + left + column;
      ${own(
        (i, j) => /* wgsl */ `
        if (top + row + ${i} < uniforms.rows && left + column + ${j} < uniforms.columns) {
          result[to + ${i} * uniforms.columns + ${j}] = ${end(`sum${i}_${j}`, `left + column + ${j}`)};
        }`,
      )}
    `,
  };
}

/** The devices on which workgroups share memory. */
const sharing = new WeakSet<WebGpuBackend>();
export const shares = (gpu: WebGpuBackend): boolean => sharing.has(gpu);
export const share = (gpu: WebGpuBackend, wanted: boolean): unknown =>
  wanted ? sharing.add(gpu) : sharing.delete(gpu);

/** Each way is timed for at least this long. */
const ENOUGH_MILLISECONDS = 3;

/**
 * Times both ways and keeps the faster: a few milliseconds, and the compilation of both.
 * @param multiply makes a large product
 */
export async function chooseProduct(gpu: WebGpuBackend, multiply: () => tf.Tensor): Promise<void> {
  const time = async (shared: boolean, times: number): Promise<number> => {
    share(gpu, shared);
    const started = performance.now();
    for (let i = 0; i < times; i++) multiply().dispose();
    gpu.ensureCommandEncoderReady();
    gpu.endComputePassEncoder();
    gpu.submitQueue();
    await gpu.device.queue.onSubmittedWorkDone();
    return performance.now() - started;
  };
  for (const shared of [true, false]) await time(shared, 1);
  let times = 1;
  while ((await time(false, times)) < ENOUGH_MILLISECONDS) times *= 2;
  // In turn, so that a clock that is still rising favours neither.
  let [shared, alone] = [Infinity, Infinity];
  for (let round = 0; round < 3; round++) {
    shared = Math.min(shared, await time(true, times));
    alone = Math.min(alone, await time(false, times));
  }
  share(gpu, shared < alone);
}
