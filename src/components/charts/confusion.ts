/** Figure 4: the confusion matrix, rows true, columns predicted. Data → geometry → drawing. */
import { max, sum } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { longName, pluralName, shortName } from '../../i18n/classes.ts';
import { number, percent } from '../../i18n/format.ts';
import { element, group, text, type Graphic } from './svg.ts';

export interface ConfusionData {
  /** Rows are true classes, columns predicted ones. */
  matrix: number[][];
}

export interface ConfusionView {
  /** Images, or their share of the true class. */
  unit: 'count' | 'share';
}

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

interface PlacedCell extends Cell {
  x: number;
  y: number;
  /** Whether it is painted as something good. */
  tone: 'right' | 'wrong';
  /** Strength of the fill, 0 to 1. */
  strength: number;
  label: string;
}

export interface ConfusionGeometry {
  width: number;
  height: number;
  left: number;
  top: number;
  /** Side of a cell. */
  size: number;
  cells: PlacedCell[];
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
  cellsOf(data)
    .filter(({ row, column }) => row !== column)
    .reduce((worst, cell) => (cell.count > worst.count ? cell : worst));

const share = (value: number): string => {
  const percent = value * 100;
  return percent === 0 ? '0' : percent >= 99.95 ? '100' : percent.toFixed(1);
};

/** Where everything lies, in user units. */
export function confusionGeometry(
  data: ConfusionData,
  view: ConfusionView,
  width: number,
): ConfusionGeometry {
  const narrow = width < 500;
  const left = narrow ? 64 : 128;
  const top = narrow ? 84 : 66;
  const size = Math.min(narrow ? 40 : 60, (width - left - 2) / 10);
  const cells = cellsOf(data);
  const worst = max(cells, ({ row, column, share }) => (row === column ? 0 : share)) || 1;
  return {
    width,
    height: top + 10 * size + 4,
    left,
    top,
    size,
    cells: cells.map((cell) => ({
      ...cell,
      x: left + cell.column * size,
      y: top + cell.row * size,
      tone: cell.row === cell.column ? 'right' : 'wrong',
      // The two ramps are apart: hits by their share, errors by the root of theirs, so that few still show. Neither
      // is ever so strong that the number on it could not be read, in either theme.
      strength:
        cell.row === cell.column ? 0.1 + 0.45 * cell.share ** 3 : 0.55 * Math.sqrt(cell.share / worst),
      label: cell.count === 0 ? '' : view.unit === 'count' ? String(cell.count) : share(cell.share),
    })),
  };
}

export function drawConfusion(geometry: ConfusionGeometry, lang: Lang): Graphic {
  const { left, top, size, cells, width } = geometry;
  const narrow = width < 500;
  const name = narrow ? shortName : longName;
  const classes = Array.from({ length: 10 }, (_, label) => label);
  const middle = (label: number) => (label + 0.5) * size;
  const rows = classes.map((label) =>
    text(left - 8, top + middle(label), name(label, lang), {
      class: 'tick',
      'text-anchor': 'end',
      'dominant-baseline': 'central',
    }),
  );
  const columns = classes.map((label) => {
    const x = left + middle(label);
    const y = top - 9;
    return narrow
      ? text(x, y, shortName(label, lang), {
          class: 'tick',
          transform: `rotate(-55 ${x.toFixed(1)} ${y.toFixed(1)})`,
        })
      : text(x, y, shortName(label, lang), { class: 'tick', 'text-anchor': 'middle' });
  });
  const content = [
    text(left + 5 * size, narrow ? 12 : 18, t(lang, 'predictedClass'), {
      class: 'axis-title',
      'text-anchor': 'middle',
    }),
    text(0, 0, t(lang, 'trueClass'), {
      class: 'axis-title',
      'text-anchor': 'middle',
      transform: `translate(12 ${(top + 5 * size).toFixed(1)}) rotate(-90)`,
    }),
    group({ class: 'axis' }, ...rows, ...columns),
    group(
      { class: 'cells' },
      ...cells.map(({ tone, x, y, strength, label }) =>
        group(
          { class: `cell ${tone}` },
          element('rect', {
            x: x + 1,
            y: y + 1,
            width: size - 2,
            height: size - 2,
            rx: 2,
            class: label === '' ? 'empty' : undefined,
            'fill-opacity': label === '' ? undefined : strength,
          }),
          label === ''
            ? ''
            : text(x + size / 2, y + size / 2, label, {
                'text-anchor': 'middle',
                'dominant-baseline': 'central',
              }),
        ),
      ),
    ),
    '<g class="cursor"></g>',
  ];
  return { ...geometry, content: content.join('') };
}

/** The frame around a chosen cell, with its row and column named. */
export function drawConfusionCursor(
  { left, top, size }: ConfusionGeometry,
  row: number,
  column: number,
): string {
  return (
    element('rect', { class: 'lane', x: left, y: top + row * size, width: 10 * size, height: size, rx: 3 }) +
    element('rect', {
      class: 'lane',
      x: left + column * size,
      y: top,
      width: size,
      height: 10 * size,
      rx: 3,
    }) +
    element('rect', {
      class: 'frame',
      x: left + column * size,
      y: top + row * size,
      width: size,
      height: size,
      rx: 3,
    })
  );
}

/** A cell in words: "96 of the 1,000 shirts were called T-shirts (9.6%)". */
export function describeCell(data: ConfusionData, row: number, column: number, lang: Lang): string {
  const counts = data.matrix[row] ?? [];
  const count = counts[column] ?? 0;
  const total = sum(counts);
  const values = {
    n: count,
    count: number(lang, count),
    total: number(lang, total),
    share: percent(lang, count / total || 0, 1),
    true: pluralName(row, lang),
    predicted: pluralName(column, lang),
  };
  if (row === column) return t(lang, 'cellRight', values);
  if (count === 0) return t(lang, 'cellNone', values);
  return t(lang, 'cellWrong', values);
}
