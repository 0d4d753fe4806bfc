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
  /** Opens what the chosen cell leads to. */
  onEnter?: (cell: CellIndex) => void;
}

export interface CellChoice {
  readonly cell: CellIndex | null;
  /** As it is written in the address. */
  readonly text: string | undefined;
  show: () => void;
}

/**
 * Makes a drawing whose cells can be chosen a grid to screen readers: a cell is named by its sentence, and the chosen one
 * of the drawing that is shown is the active one. Where the drawing has the focus, the sentence is not read twice.
 */
function markGrid(
  { figure, variants }: FigureParts,
  chosen: number,
  describe: (part: number) => string,
): void {
  const plot = figure.querySelector<HTMLElement>('.plot')!;
  plot.setAttribute('role', 'grid');
  plot.removeAttribute('aria-activedescendant');
  for (const { svg } of variants) {
    svg.setAttribute('role', 'presentation');
    svg.removeAttribute('aria-label');
    for (const aside of svg.querySelectorAll(':scope > text, .axis'))
      aside.setAttribute('aria-hidden', 'true');
    for (const row of svg.querySelectorAll('.row')) row.setAttribute('role', 'row');
    svg.querySelectorAll('.cell').forEach((cell, part) => {
      cell.setAttribute('role', 'gridcell');
      // What is written on a cell comes first where its sentence has it in another form.
      const written = cell.textContent;
      cell.setAttribute('aria-label', (/^[+−]/.test(written) ? `${written}. ` : '') + describe(part));
      cell.setAttribute('aria-selected', String(part === chosen));
      cell.removeAttribute('id');
      if (part !== chosen || svg.getBoundingClientRect().width === 0) return;
      cell.id = `${figure.id}-cell`;
      plot.setAttribute('aria-activedescendant', cell.id);
    });
  }
}

/** Makes the cells of a matrix choosable, and shows what is chosen. */
export function makeCellChoice(parts: FigureParts, options: CellOptions): CellChoice {
  const { asked = '', charts, standard, describe, onChoice, onEnter } = options;
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
    save() {
      mark();
      onChoice();
    },
    clearable: true,
  });
  const mark = () => markGrid(parts, choice.chosen, (part) => describe(cellOf(part)));
  mark();
  const plot = parts.figure.querySelector<HTMLElement>('.plot')!;
  const readout = parts.figure.querySelector('.readout');
  plot.addEventListener('focus', () => readout?.setAttribute('aria-live', 'off'));
  plot.addEventListener('blur', () => readout?.setAttribute('aria-live', 'polite'));
  plot.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && choice.chosen !== NONE) onEnter?.(cellOf(choice.chosen));
  });
  return {
    get cell() {
      return choice.chosen === NONE ? null : cellOf(choice.chosen);
    },
    get text() {
      return this.cell ? `${this.cell.row}.${this.cell.column}` : undefined;
    },
    show() {
      choice.show();
      mark();
    },
  };
}
