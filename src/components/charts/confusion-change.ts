/** Two confusion matrices: what the second has more or less of than the first. Data → geometry; drawn as one matrix. */
import { max, sum } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { confusionGeometry, type ConfusionGeometry } from './confusion.ts';
import { pluralName } from '../../i18n/classes.ts';
import { number } from '../../i18n/format.ts';

export interface MatrixPair {
  /** Ids of the runs. */
  ids: readonly [string, string];
  /** Rows are true classes, columns predicted ones. */
  matrices: readonly [number[][], number[][]];
}

/** What is shown: the change, or one of the two as it is. */
export const MATRIX_VIEWS = ['change', 'first', 'second'] as const;
export type MatrixView = (typeof MATRIX_VIEWS)[number];

const signed = (value: number): string => (value > 0 ? `+${value}` : `−${-value}`);

/** Where everything lies, in user units. A change is good on the diagonal where it grows, off it where it shrinks. */
export function matrixPairGeometry(
  { matrices: [first, second] }: MatrixPair,
  view: MatrixView,
  width: number,
): ConfusionGeometry {
  const shown = view === 'first' ? first : second;
  const geometry = confusionGeometry({ matrix: shown }, { unit: 'count' }, width);
  if (view !== 'change') return geometry;
  const change = (row: number, column: number): number => second[row]![column]! - first[row]![column]!;
  const most = max(geometry.cells, ({ row, column }) => Math.abs(change(row, column))) || 1;
  return {
    ...geometry,
    cells: geometry.cells.map((cell) => {
      const by = change(cell.row, cell.column);
      const good = (cell.row === cell.column) === by > 0;
      return {
        ...cell,
        tone: good ? 'right' : 'wrong',
        strength: 0.55 * Math.sqrt(Math.abs(by) / most),
        label: by === 0 ? '' : signed(by),
      };
    }),
  };
}

/** The cell, off the diagonal, whose number changed most; where none did, the first pair of classes. */
export function greatestChange({ matrices: [first, second] }: MatrixPair): { row: number; column: number } {
  let best = { row: 0, column: 1, by: -1 };
  first.forEach((counts, row) =>
    counts.forEach((count, column) => {
      const by = Math.abs(second[row]![column]! - count);
      if (row !== column && by > best.by) best = { row, column, by };
    }),
  );
  return best;
}

/** A cell of both in words: "Shirts called T-shirts: 96 by baseline, 75 by augment (−21), of 1,000". */
export function describeChange(
  { ids, matrices }: MatrixPair,
  row: number,
  column: number,
  lang: Lang,
): string {
  const [first, second] = matrices.map((matrix) => matrix[row]![column]!) as [number, number];
  return t(lang, row === column ? 'changeRight' : 'changeWrong', {
    true: pluralName(row, lang),
    predicted: pluralName(column, lang),
    total: number(lang, sum(matrices[0][row]!)),
    firstId: ids[0],
    secondId: ids[1],
    first,
    second,
    change: first === second ? '±0' : signed(second - first),
  });
}
