/** Choosing a cell of a confusion matrix. */
import { CLASS_COUNT } from '../../../data/dataset.ts';
import { cellOf, type CellIndex } from '../confusion.ts';
import { NONE, type PointableGraphic } from '../svg.ts';
import { makeChartChoice } from './choice.ts';
import type { FigureParts } from './figure.ts';

interface CellOptions {
  /** The cell that the address asks for, as `6.0`. */
  asked: string | undefined;
  charts: () => readonly PointableGraphic[];
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
  const { asked = '', charts, standard, describe, onChoice } = options;
  const match = /^(\d)\.(\d)$/.exec(asked);
  const partOf = (row: number, column: number): number => CLASS_COUNT * row + column;
  const last = CLASS_COUNT - 1;
  const choice = makeChartChoice(parts, {
    chosen: match ? partOf(Number(match[1]), Number(match[2])) : NONE,
    charts,
    step(key, chosen) {
      const { row, column } = chosen === NONE ? standard() : cellOf(chosen);
      const next = {
        ArrowUp: partOf(Math.max(0, row - 1), column),
        ArrowDown: partOf(Math.min(last, row + 1), column),
        ArrowLeft: partOf(row, Math.max(0, column - 1)),
        ArrowRight: partOf(row, Math.min(last, column + 1)),
        Home: partOf(row, 0),
        End: partOf(row, last),
      }[key];
      return next !== undefined && chosen === NONE ? partOf(row, column) : next;
    },
    describe: (part) => describe(part === NONE ? standard() : cellOf(part)),
    save: onChoice,
    clearable: true,
  });
  return {
    get cell() {
      return choice.chosen === NONE ? null : cellOf(choice.chosen);
    },
    get text() {
      return this.cell ? `${this.cell.row}.${this.cell.column}` : undefined;
    },
    show: choice.show,
  };
}
