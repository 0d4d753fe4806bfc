/**
 * Products of matrices. tfjs's takes an order longer where it is asked to transpose, and where the second matrix is
 * large and new, as a layer's kernel is in every step of training.
 */
import type { WasmMemory } from './memory.ts';
import { PANEL } from './routines.ts';

/** Rows of b that are packed at a time: with them a panel fits into the processor's first cache. */
const DEPTH = 256;

/** A matrix: address, rows, columns; if transposed, it is stored as columns × rows. */
export interface StoredMatrix {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly transposed: boolean;
}

/**
 * a · b, written row by row from `out` on.
 * @param b its columns are a multiple of {@link PANEL}
 * @param add whether to add to what is there
 */
export function multiply(
  memory: WasmMemory,
  a: StoredMatrix,
  b: StoredMatrix,
  out: number,
  add: boolean,
): void {
  const { routines } = memory;
  const [aRow, aStep] = a.transposed ? [4, 4 * a.rows] : [4 * a.columns, 4];
  const pack = b.transposed ? routines.packTransposed : routines.pack;
  // Bytes from one of its rows to the next, and from one column to the next; the longer of the two is the stride.
  const [bRow, bColumn] = b.transposed ? [4, 4 * b.rows] : [4 * b.columns, 4];
  memory.withScratch([DEPTH * PANEL], (panel) => {
    for (let k = 0; k < b.rows; k += DEPTH) {
      const depth = Math.min(DEPTH, b.rows - k);
      for (let j = 0; j < b.columns; j += PANEL) {
        pack(b.at + k * bRow + j * bColumn, panel, depth, Math.max(bRow, bColumn));
        const [from, to] = [a.at + k * aStep, out + 4 * j];
        routines.multiply(from, panel, to, a.rows, depth, aRow, aStep, 4 * b.columns, add || k > 0 ? 1 : 0);
      }
    }
  });
}

/** Writes a row, which begins at an address, so many times from another address on. */
export function fillRows(memory: WasmMemory, row: number, columns: number, to: number, rows: number): void {
  const floats = memory.floats();
  const [from, end] = [to / 4, to / 4 + rows * columns];
  floats.copyWithin(from, row / 4, row / 4 + columns);
  for (let done = columns; done < rows * columns; done *= 2) {
    floats.copyWithin(from + done, from, Math.min(from + done, end - done));
  }
}
