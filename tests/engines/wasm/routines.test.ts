import { expect, test } from 'vitest';
import { assemble, f32, i32, routine } from '../../../src/engines/wasm/assembler.ts';
import { PANEL, type Routines, routines } from '../../../src/engines/wasm/routines.ts';
import { Random } from '../../../src/math/random.ts';

/** The routines on a memory of their own. */
function start(fused: boolean, memory: WebAssembly.Memory, shared = false): Routines {
  const module = new WebAssembly.Module(assemble(routines(fused), shared));
  return new WebAssembly.Instance(module, { host: { memory } }).exports as unknown as Routines;
}

const [A, B, PACKED, OUT] = [1 << 10, 1 << 14, 1 << 16, 1 << 17] as const;

test.each([
  { fused: true, rows: 4, depth: 1 },
  { fused: true, rows: 7, depth: 33 },
  { fused: false, rows: 1, depth: 5 },
  { fused: false, rows: 9, depth: 20 },
  { fused: false, rows: 0, depth: 3 },
])('a panel of a product, whichever way the matrices lie: %o', ({ fused, rows, depth }) => {
  for (const aTransposed of [false, true]) {
    for (const bTransposed of [false, true]) {
      for (const add of [0, 1]) {
        const memory = new WebAssembly.Memory({ initial: 4 });
        const machine = start(fused, memory);
        const floats = new Float32Array(memory.buffer);
        const random = new Random(rows + depth);
        for (let i = 0; i < floats.length; i++) floats[i] = random.uniform() - 0.5;
        const before = floats.slice();
        const at = (address: number, row: number, columns: number, column: number): number =>
          before[address / 4 + row * columns + column]!;

        if (bTransposed) machine.packTransposed(B, PACKED, depth, 4 * depth);
        else machine.pack(B, PACKED, depth, 4 * PANEL);
        const [aRow, aStep] = aTransposed ? [4, 4 * rows] : [4 * depth, 4];
        machine.multiply(A, PACKED, OUT, rows, depth, aRow, aStep, 4 * PANEL, add);

        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < PANEL; column++) {
            let sum = add ? at(OUT, row, PANEL, column) : 0;
            for (let k = 0; k < depth; k++) {
              const a = aTransposed ? at(A, k, rows, row) : at(A, row, depth, k);
              const b = bTransposed ? at(B, column, depth, k) : at(B, k, PANEL, column);
              sum += a * b;
            }
            expect(floats[OUT / 4 + row * PANEL + column]).toBeCloseTo(sum, 5);
          }
        }
        const end = OUT / 4 + rows * PANEL;
        expect(floats.subarray(end)).toEqual(before.subarray(end));
      }
    }
  }
});

test('ReLU of so many floats and no more', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const floats = new Float32Array(memory.buffer);
  floats.set([-1, 2, -3, 4, NaN, -0, 7, -8, -9]);
  start(false, memory).rectify(0, 2);
  expect([...floats.subarray(0, 9)]).toEqual([0, 2, 0, 4, NaN, 0, 7, 0, -9]);
});

test('works in a memory that threads share', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  const floats = new Float32Array(memory.buffer);
  floats.fill(-1);
  start(true, memory, true).rectify(16, 1);
  expect([...floats.subarray(2, 10)]).toEqual([-1, -1, 0, 0, 0, 0, -1, -1]);
});

test('whole numbers of one byte and of more are encoded as WebAssembly has them', () => {
  const memory = new WebAssembly.Memory({ initial: 100 });
  const floats = new Float32Array(memory.buffer);
  /** Copies the float at 4 to at + offset. */
  const copy = (at: number, offset: number): void => {
    const from = i32.add(i32.constant(at), i32.constant(4 - at));
    const body = f32.store(i32.constant(at), f32.load(from), offset);
    const module = new WebAssembly.Module(assemble({ copy: routine([], () => [body]) }, false));
    (new WebAssembly.Instance(module, { host: { memory } }).exports as { copy: () => void }).copy();
  };
  for (const number of [60, 64, 68, 124, 128, 8188, 8192, 8196, 16384, 1 << 20, 1 << 22]) {
    for (const [at, offset] of [
      [number, 0],
      [0, number],
    ] as const) {
      floats.fill(0);
      floats[1] = 5;
      copy(at, offset);
      expect(floats[number / 4]).toBe(5);
      floats.fill(0, number / 4, number / 4 + 1);
      expect(floats.lastIndexOf(5)).toBe(1);
    }
  }
});
