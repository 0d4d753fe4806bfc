/** Figure 4: the confusion matrix, rows true, columns predicted. */
import { greatest, max, range, sum } from 'd3';
import { CLASS_COUNT } from '../../data/dataset.ts';
import { charts as t } from '../../i18n/charts.ts';
import { number, percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { longName, pluralName, shortName } from '../../i18n/site.ts';
import { CURSOR, element, group, NONE, text, type PointableGraphic } from './svg.ts';

export interface ConfusionData {
  /** Rows are true classes, columns predicted ones. */
  matrix: number[][];
}

/** What is written on the cells: images, or their share of the true class. */
export const UNITS = ['count', 'share'] as const;
export type Unit = (typeof UNITS)[number];

/** A cell: its true class and the one that was predicted. */
export interface CellIndex {
  row: number;
  column: number;
}

export interface Cell extends CellIndex {
  count: number;
  /** Of the true class' images. */
  share: number;
}

export interface CellStyle {
  /** Whether it is painted as something good. */
  tone: 'right' | 'wrong';
  /** Strength of the fill, 0 to 1. */
  strength: number;
  /** What is written on it; empty for a cell that is not filled. */
  label: string;
}

/** All cells, row by row. */
export function cellsOf({ matrix }: ConfusionData): Cell[] {
  return matrix.flatMap((counts, row) => {
    const total = sum(counts);
    return counts.map((count, column) => ({ row, column, count, share: total === 0 ? 0 : count / total }));
  });
}

/** The cell off the diagonal that holds the most images. */
export const worstConfusion = (data: ConfusionData): Cell =>
  greatest(
    cellsOf(data).filter(({ row, column }) => row !== column),
    ({ count }) => count,
  )!;

/** How the cells of a confusion matrix look, row by row. */
export function confusionStyles(data: ConfusionData, unit: Unit, lang: Lang): CellStyle[] {
  const cells = cellsOf(data);
  const worst = max(cells, ({ row, column, share }) => (row === column ? 0 : share)) || 1;
  return cells.map((cell) => {
    const isRight = cell.row === cell.column;
    return {
      tone: isRight ? 'right' : 'wrong',
      // The two ramps are apart: hits by their share, errors by the root of theirs, so that few still show. Neither
      // gets so strong that the number on it becomes hard to read, in either theme.
      strength: isRight ? 0.1 + 0.45 * cell.share ** 3 : 0.55 * Math.sqrt(cell.share / worst),
      label:
        cell.count === 0 ? '' : unit === 'count' ? String(cell.count) : number(lang, 100 * cell.share, 1),
    };
  });
}

/** A matrix of the ten classes. Its parts are the cells, row by row. */
export function matrixChart(styles: readonly CellStyle[], width: number, lang: Lang): PointableGraphic {
  const narrow = width < 500;
  const [left, top] = [narrow ? 64 : 128, narrow ? 84 : 66];
  const size = Math.min(narrow ? 40 : 60, (width - left - 2) / CLASS_COUNT);
  const side = CLASS_COUNT * size;
  const classes = range(CLASS_COUNT);
  const x = (column: number) => left + column * size;
  const y = (row: number) => top + row * size;
  const rows = classes.map((label) =>
    text(left - 8, y(label + 0.5), (narrow ? shortName : longName)(label, lang), {
      class: 'tick',
      anchor: 'end',
      centred: true,
    }),
  );
  const columns = classes.map((label) => {
    const [at, above] = [x(label + 0.5), top - 9];
    const style = narrow
      ? { transform: `rotate(-55 ${at.toFixed(1)} ${above.toFixed(1)})` }
      : { anchor: 'middle' as const };
    return text(at, above, shortName(label, lang), { class: 'tick', ...style });
  });
  const title = { class: 'axis-title', anchor: 'middle' } as const;
  const content = [
    text(x(CLASS_COUNT / 2), narrow ? 12 : 18, t(lang, 'predictedClass'), title),
    text(0, 0, t(lang, 'trueClass'), {
      ...title,
      transform: `translate(12 ${y(CLASS_COUNT / 2).toFixed(1)}) rotate(-90)`,
    }),
    group({ class: 'axis' }, ...rows, ...columns),
    group(
      { class: 'cells' },
      ...classes.map((row) =>
        group(
          { class: 'row' },
          ...classes.map((column) => {
            const { tone, strength, label } = styles[CLASS_COUNT * row + column]!;
            const square = { x: x(column) + 1, y: y(row) + 1, width: size - 2, height: size - 2, rx: 2 };
            return group(
              { class: `cell ${tone}` },
              ...(label === ''
                ? [element('rect', { ...square, class: 'empty' })]
                : [
                    element('rect', { ...square, 'fill-opacity': strength }),
                    text(x(column + 0.5), y(row + 0.5), label, { anchor: 'middle', centred: true }),
                  ]),
            );
          }),
        ),
      ),
    ),
    CURSOR,
  ];
  return {
    width,
    height: top + side + 4,
    content: content.join(''),
    partAt(point) {
      const [row, column] = [Math.floor((point.y - top) / size), Math.floor((point.x - left) / size)];
      const isInside = row >= 0 && row < CLASS_COUNT && column >= 0 && column < CLASS_COUNT;
      return isInside ? CLASS_COUNT * row + column : NONE;
    },
    cursor(part) {
      if (part === NONE) return '';
      const { row, column } = cellOf(part);
      const frame = { x: x(column), y: y(row), width: size, height: size, rx: 3 };
      return [
        element('rect', { class: 'lane', ...frame, x: left, width: side }),
        element('rect', { class: 'lane', ...frame, y: top, height: side }),
        element('rect', { class: 'frame', ...frame }),
      ].join('');
    },
  };
}

/** The cell that is a part of {@link matrixChart}. */
export const cellOf = (part: number): CellIndex => ({
  row: Math.floor(part / CLASS_COUNT),
  column: part % CLASS_COUNT,
});

/** A cell in words: "96 of the 1,000 shirts were classified as T-shirts (9.6%)". */
export function describeCell({ matrix }: ConfusionData, row: number, column: number, lang: Lang): string {
  const counts = matrix[row] ?? [];
  const [count, total] = [counts[column] ?? 0, sum(counts)];
  const sentence = row === column ? 'cellRight' : count === 0 ? 'cellNone' : 'cellWrong';
  return t(lang, sentence, {
    n: count,
    count: number(lang, count),
    total: number(lang, total),
    share: percent(lang, total === 0 ? 0 : count / total, 1),
    true: pluralName(row, lang),
    predicted: pluralName(column, lang),
  });
}
