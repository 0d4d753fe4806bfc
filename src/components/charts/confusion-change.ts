/** Two confusion matrices, drawn as one: how many more or fewer the second has in each cell than the first. */
import { greatest, max, sum } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import { number, signed } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { confusionStyles, type CellIndex, type CellStyle } from './confusion.ts';
import { pluralName } from '../../i18n/site.ts';

export interface MatrixPair {
  ids: readonly [string, string];
  /** Rows are true classes, columns predicted ones. */
  matrices: readonly [number[][], number[][]];
}

/** What is shown: the change, or one of the two as it is. */
export const MATRIX_VIEWS = ['change', 'first', 'second'] as const;
export type MatrixView = (typeof MATRIX_VIEWS)[number];

/** How the cells look, row by row. A change is good on the diagonal where it grows, off it where it shrinks. */
export function changeStyles(
  { matrices: [first, second] }: MatrixPair,
  view: MatrixView,
  lang: Lang,
): CellStyle[] {
  if (view !== 'change') return confusionStyles({ matrix: view === 'first' ? first : second }, 'count', lang);
  const changes = first.flatMap((counts, row) =>
    counts.map((count, column) => ({ isRight: row === column, by: second[row]![column]! - count })),
  );
  const most = max(changes, ({ by }) => Math.abs(by)) || 1;
  return changes.map(({ isRight, by }) => ({
    tone: isRight === by > 0 ? 'right' : 'wrong',
    strength: 0.55 * Math.sqrt(Math.abs(by) / most),
    label: by === 0 ? '' : signed(lang, by, 0),
  }));
}

/** The cell, off the diagonal, whose number changed most; where none did, the first pair of classes. */
export function greatestChange({ matrices: [first, second] }: MatrixPair): CellIndex {
  const cells = first.flatMap((counts, row) =>
    counts.map((count, column) => ({ row, column, by: Math.abs(second[row]![column]! - count) })),
  );
  return greatest(
    cells.filter(({ row, column }) => row !== column),
    ({ by }) => by,
  )!;
}

/** A cell of both in words: "Of the 1,000 shirts, a classified 96 as T-shirts and b 75 (−21).". */
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
    change: first === second ? '±0' : signed(lang, second - first, 0),
  });
}
