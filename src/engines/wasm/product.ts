/**
 * Products of matrices. tfjs's takes an order longer where it is asked to transpose, and where the second matrix is
 * large and new, as a layer's kernel is in every step of training.
 */
import type { Machine } from './machine.ts';
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

interface Product {
  readonly a: StoredMatrix;
  /** Its columns are a multiple of {@link PANEL}. */
  readonly b: StoredMatrix;
  /** Where the product is written, row by row. */
  readonly out: number;
  /** Whether to add to what is there. */
  readonly add: boolean;
}

/** a · b */
export function multiply(memory: WasmMemory, product: Product): void {
  const { a, b } = product;
  memory.withScratch([memory.parts * DEPTH * PANEL], (scratch) =>
    memory.run(multiplyPanels, { ...product, scratch }, a.rows * b.rows * b.columns),
  );
}

/** @param scratch a packed panel for each part */
export function multiplyPanels(
  machine: Machine,
  { a, b, out, add, scratch }: Product & { readonly scratch: number },
): void {
  const { routines, part } = machine;
  const [aRow, aStep] = a.transposed ? [4, 4 * a.rows] : [4 * a.columns, 4];
  const pack = b.transposed ? routines.packTransposed : routines.pack;
  // Bytes from one of its rows to the next, and from one column to the next; the longer of the two is the stride.
  const [bRow, bColumn] = b.transposed ? [4, 4 * b.rows] : [4 * b.columns, 4];
  const panel = scratch + 4 * part * DEPTH * PANEL;
  const [begin, end] = machine.share(b.columns / PANEL);
  for (let k = 0; k < b.rows; k += DEPTH) {
    const depth = Math.min(DEPTH, b.rows - k);
    for (let j = begin * PANEL; j < end * PANEL; j += PANEL) {
      pack(b.at + k * bRow + j * bColumn, panel, depth, Math.max(bRow, bColumn));
      const [from, to] = [a.at + k * aStep, out + 4 * j];
      routines.multiply(from, panel, to, a.rows, depth, aRow, aStep, 4 * b.columns, add || k > 0 ? 1 : 0);
    }
  }
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
