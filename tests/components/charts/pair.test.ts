/** Two runs drawn together: their curves, and what one matrix has more or less of than the other. */
import { describe, expect, it } from 'vitest';
import {
  changeStyles,
  describeChange,
  greatestChange,
  type MatrixPair,
} from '../../../src/components/charts/confusion-change.ts';
import { cellOf, matrixChart } from '../../../src/components/charts/confusion.ts';
import { epochPoints } from '../../../src/components/charts/curves.ts';
import {
  describePair,
  lastEpoch,
  pairChart,
  type PairCurves,
} from '../../../src/components/charts/pair-curves.ts';
import { WIDTHS } from '../../../src/components/charts/svg.ts';
import {
  curvesTable,
  matrixTable,
  type Pair,
  summaryText,
} from '../../../src/components/published/run-pair.ts';
import { comparePredictions } from '../../../src/evaluation/mcnemar.ts';
import { syntheticConfusion, syntheticHistory } from '../../fixtures/synthetic-run.ts';

const epochs = (count: number) =>
  epochPoints(syntheticHistory({ id: 'x', epochs: count, fullRecipe: false }));
const long = { id: 'long', epochs: epochs(20) };
const short = { id: 'short', epochs: epochs(6) };
const ensemble = { id: 'ensemble', epochs: epochPoints(null) };
const count = (text: string, part: string) => text.split(part).length - 1;

describe.each(Object.entries(WIDTHS))('two runs’ curves, %s', (_, width) => {
  it('share their axes, as long as the longer one', () => {
    const pair: PairCurves = [long, short];
    const chart = pairChart(pair, width, 'en');
    expect(lastEpoch(pair)).toBe(20);
    for (const { box, lines } of chart.panels) {
      for (const { points, series } of lines) {
        expect(points).toHaveLength(series.startsWith('run-0') ? 20 : 6);
        for (const { x, y } of points) {
          expect(x).toBeGreaterThanOrEqual(box.left);
          expect(x).toBeLessThanOrEqual(box.right);
          expect(y).toBeGreaterThanOrEqual(box.top - 0.01);
          expect(y).toBeLessThanOrEqual(box.bottom + 0.01);
        }
      }
    }
    for (let epoch = 1; epoch <= 20; epoch++) expect(chart.partAt({ x: chart.x(epoch), y: 0 })).toBe(epoch);
    expect(chart.cursor(3)).toContain(`x1="${Math.round(chart.x(3) * 100) / 100}"`);
  });

  it('stand where one has none, or neither, and without validation', () => {
    const seriesOf = (pair: PairCurves, panel: number) =>
      pairChart(pair, width, 'en').panels[panel]!.lines.map(({ series }) => series);
    expect(seriesOf([long, ensemble], 0)).toEqual(['run-0 train', 'run-0 validation']);
    const empty = pairChart([ensemble, ensemble], width, 'en');
    expect(empty.content).not.toMatch(/NaN|undefined/);
    expect(empty.partAt({ x: 100, y: 0 })).toBe(1);
    const whole = {
      id: 'whole',
      epochs: long.epochs.map((point) => ({ ...point, validationLoss: null, validationAccuracy: null })),
    };
    expect(seriesOf([long, whole], 1)).toEqual(['run-0 train', 'run-0 validation', 'run-1 train']);
    if (width === WIDTHS.wide) {
      expect(count(pairChart([long, whole], width, 'en').content, '>whole<')).toBe(2);
    }
  });
});

describe('two runs in words and tables', () => {
  it('say of an epoch what each had, and who has none', () => {
    expect(describePair([long, short], 7, 'en')).toMatch(
      /^Epoch 7: long has a validation loss of [\d.]+ and a validation accuracy of [\d.]+%; short has finished\.$/,
    );
    expect(describePair([ensemble, short], 1, 'zh')).toMatch(
      /^第 1 轮：ensemble 没有训练过程；short 验证损失/,
    );
  });

  it('have a row for each epoch, with dashes where a run has ended', () => {
    const { columns, rows } = curvesTable([short, long], 'en');
    expect(columns).toHaveLength(11);
    expect(rows).toHaveLength(20);
    expect(rows[5]!.includes('–')).toBe(false);
    expect(rows[6]!.slice(1, 6)).toEqual(['–', '–', '–', '–', '–']);
  });

  it('say who tells more images right, and whether chance would', () => {
    const comparison = comparePredictions([0, 0, 0, 1], [0, 1, 1, 0], [0, 0, 0, 0], 2);
    const pair: Pair = [
      { ...long, matrix: [] },
      { ...short, matrix: [] },
    ];
    expect(summaryText(pair, comparison, 'en')).toMatch(
      /^Test accuracy: long 25\.00% .*, short 75\.00% .*\. 0 images are classified correctly by long alone, 2 by short alone; McNemar’s test gives p = 0\.5\.$/,
    );
  });
});

describe('two matrices', () => {
  const pair: MatrixPair = {
    ids: ['a', 'b'],
    matrices: [syntheticConfusion().matrix, syntheticConfusion({ mended: 0.3, spoilt: 2 }).matrix],
  };
  const [first, second] = pair.matrices;

  it('show what changed, painted by whether it is for the better', () => {
    changeStyles(pair, 'change', 'en').forEach(({ label, tone, strength }, i) => {
      const { row, column } = cellOf(i);
      const by = second[row]![column]! - first[row]![column]!;
      expect(label).toBe(by === 0 ? '' : by > 0 ? `+${by}` : `−${-by}`);
      if (by !== 0) expect(tone).toBe((row === column) === by > 0 ? 'right' : 'wrong');
      expect(strength).toBeLessThanOrEqual(0.55);
    });
    expect(
      count(matrixChart(changeStyles(pair, 'change', 'zh'), WIDTHS.wide, 'zh').content, 'class="cell '),
    ).toBe(100);
  });

  it('show one of the two as it is', () => {
    const shirts = (view: 'first' | 'second') => changeStyles(pair, view, 'en')[66]!.label;
    expect(shirts('first')).toBe(String(first[6]![6]));
    expect(shirts('second')).toBe(String(second[6]![6]));
  });

  it('name the mistake that changed most, in words', () => {
    const { row, column } = greatestChange(pair);
    expect([row, column]).toEqual([6, 0]);
    expect(describeChange(pair, row, column, 'en')).toBe(
      `Of the 1,000 shirts, a classified ${first[6]![0]} as T-shirts and b ${second[6]![0]} (−${first[6]![0]! - second[6]![0]!}).`,
    );
    expect(describeChange(pair, 1, 0, 'zh')).toContain('（±0）');
  });

  it('have a row for each cell that is not empty in both', () => {
    const { rows } = matrixTable(pair, 'en');
    const filled = first.flatMap((counts, row) =>
      counts.filter((n, column) => n > 0 || second[row]![column]! > 0),
    );
    expect(rows).toHaveLength(filled.length);
    for (const [, , one, other, change] of rows) expect(change).toBe(Number(other) - Number(one));
  });
});
