/** Choosing a cell of a confusion matrix. */
import type { CellIndex, ConfusionGeometry } from '../confusion.ts';
import { drawConfusionCursor } from '../confusion.ts';
import { makeChoice, NONE } from './choice.ts';
import { markCursor, readOut, type FigureParts } from './figure.ts';

const CLASSES = 10;

const cellAt = (index: number): CellIndex | null =>
  index === NONE ? null : { row: Math.floor(index / CLASSES), column: index % CLASSES };

const indexOf = (row: number, column: number): number => CLASSES * row + column;

interface CellOptions {
  /** The cell that the address asks for, as `6.0`. */
  asked: string | undefined;
  /** The variants as they are drawn at the moment. */
  geometries: () => readonly ConfusionGeometry[];
  /** The cell that is described when none is chosen, and chosen by the first arrow key. */
  standard: () => CellIndex;
  describe: (cell: CellIndex) => string;
  onChoice: () => void;
}

export interface CellChoice {
  readonly cell: CellIndex | null;
  /** As it is written in the address. */
  readonly text: string | undefined;
  show: () => void;
}

/** Makes the cells of a matrix choosable, and shows what is chosen. */
export function makeCellChoice(parts: FigureParts, options: CellOptions): CellChoice {
  const { asked = '', geometries, standard, describe, onChoice } = options;
  const match = /^(\d)\.(\d)$/.exec(asked);
  const choice = makeChoice(parts, {
    chosen: match ? indexOf(Number(match[1]), Number(match[2])) : NONE,
    under({ x, y }, variant) {
      const { left, top, size } = geometries()[variant]!;
      const [row, column] = [Math.floor((y - top) / size), Math.floor((x - left) / size)];
      return row >= 0 && row < CLASSES && column >= 0 && column < CLASSES ? indexOf(row, column) : NONE;
    },
    step(key, chosen) {
      const { row, column } = cellAt(chosen) ?? standard();
      const next = {
        ArrowUp: [Math.max(0, row - 1), column],
        ArrowDown: [Math.min(CLASSES - 1, row + 1), column],
        ArrowLeft: [row, Math.max(0, column - 1)],
        ArrowRight: [row, Math.min(CLASSES - 1, column + 1)],
        Home: [row, 0],
        End: [row, CLASSES - 1],
      }[key];
      return next && (chosen === NONE ? indexOf(row, column) : indexOf(next[0]!, next[1]!));
    },
    show(shown) {
      const cell = cellAt(shown);
      markCursor(parts, (i) => (cell ? drawConfusionCursor(geometries()[i]!, cell.row, cell.column) : ''));
      readOut(parts, describe(cell ?? standard()));
    },
    save: onChoice,
    clearable: true,
  });
  return {
    get cell() {
      return cellAt(choice.chosen);
    },
    get text() {
      const cell = cellAt(choice.chosen);
      return cell ? `${cell.row}.${cell.column}` : undefined;
    },
    show: choice.show,
  };
}
