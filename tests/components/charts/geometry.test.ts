/** Geometry of the charts: places are checked, colours and words are not. */
import { describe, expect, it } from 'vitest';
import { improvementsChart, type ImprovementRow } from '../../../src/components/charts/improvements.ts';
import { butterflyChart, butterflyPicks } from '../../../src/components/charts/butterfly.ts';
import { calibrate } from '../../../src/evaluation/calibration.ts';
import { confusionsOf } from '../../../src/evaluation/metrics.ts';
import { calibrationChart, describeBin } from '../../../src/components/charts/calibration.ts';
import { comparisonChart } from '../../../src/components/charts/comparison.ts';
import {
  cellsOf,
  confusionStyles,
  describeCell,
  matrixChart,
  worstConfusion,
} from '../../../src/components/charts/confusion.ts';
import {
  curvesChart,
  curvesTable,
  DEFAULT_CURVES_VIEW,
  describeEpoch,
  LOSS_FLOOR,
  type CurvesData,
  type CurvesView,
} from '../../../src/components/charts/curves.ts';
import { describeClass, distributionChart } from '../../../src/components/charts/distribution.ts';
import { anchorOf, type FigureName } from '../../../src/components/charts/figures.ts';
import { describeStage, layersChart, stagesOf } from '../../../src/components/charts/layers.ts';
import {
  describeSchedule,
  formatRate,
  scheduleChart,
  scheduleTable,
} from '../../../src/components/charts/schedule.ts';
import { batchesChart } from '../../../src/components/charts/training-log.ts';
import { escape, NONE, WIDTHS, type Graphic } from '../../../src/components/charts/svg.ts';
import { countParameters, reportArchitecture } from '../../../src/network/architecture.ts';
import { reportRecipe } from '../../../src/training/recipe.ts';
import { syntheticConfusion, syntheticHistory } from '../../fixtures/synthetic-run.ts';

const history = syntheticHistory({ id: 'synthetic', epochs: 20, fullRecipe: true });
const curves: CurvesData = {
  epochs: history.epochs,
  reported: [{ epoch: 19, measure: 'validationAccuracy', value: 0.9381, about: false }],
  pytorch: history.epochs,
};
const widths = Object.entries(WIDTHS);
const count = (text: string, part: string) => text.split(part).length - 1;

/** The attributes of all elements that have a class. */
const elementsOf = (content: string, name: string, className: string) =>
  [...content.matchAll(new RegExp(`<${name} ([^>]*class="${className}"[^>]*)>`, 'g'))].map((element) =>
    Object.fromEntries(
      [...element[1]!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, Number(value)]),
    ),
  );

it('anchors, which links from elsewhere hold, stay as they are', () => {
  expect(
    ['log', 'curves', 'predictions', 'confusion', 'distribution', 'gallery', 'architecture', 'schedule'].map(
      (name) => anchorOf(name as FigureName),
    ),
  ).toEqual(['fig-1', 'fig-2', 'fig-3', 'fig-4', 'fig-s1', 'fig-s2', 'fig-s3', 'fig-s4']);
  expect((['calibration', 'shirt', 'improvements', 'runs'] as const).map(anchorOf)).toEqual([
    ...['fig-s5', 'fig-s6', 'fig-s7', 'fig-runs'],
  ]);
});

describe.each(widths)('curves, %s', (_, width) => {
  const chart = curvesChart(curves, DEFAULT_CURVES_VIEW, width, 'zh');

  it('have a point for every epoch, within their panel', () => {
    for (const { box, lines } of chart.panels) {
      for (const { points } of lines) {
        expect(points).toHaveLength(20);
        for (const { x, y } of points) {
          expect(x).toBeGreaterThanOrEqual(box.left);
          expect(x).toBeLessThanOrEqual(box.right);
          expect(y).toBeGreaterThanOrEqual(box.top - 0.01);
          expect(y).toBeLessThanOrEqual(box.bottom + 0.01);
        }
      }
    }
    expect(count(chart.content, '<circle')).toBe(5 * 20 + 1);
  });

  it('go down where losses fall and up where accuracies rise', () => {
    const [loss, accuracy] = chart.panels;
    const ends = (points: { y: number }[]) => points.at(-1)!.y - points[0]!.y;
    expect(ends(loss!.lines[0]!.points)).toBeGreaterThan(0);
    expect(ends(accuracy!.lines[0]!.points)).toBeLessThan(0);
  });

  it('find the epoch under a pointer, also beside the drawing', () => {
    for (let epoch = 1; epoch <= 20; epoch++) expect(chart.partAt({ x: chart.x(epoch), y: 0 })).toBe(epoch);
    expect(chart.partAt({ x: -50, y: 0 })).toBe(1);
    expect(chart.partAt({ x: width + 50, y: 0 })).toBe(20);
  });
});

describe('curves', () => {
  it('leave out what is switched off', () => {
    const show = { train: false, validation: true, reported: false, pytorch: true };
    const { panels, content } = curvesChart(curves, { show, range: 'all' }, 700, 'en');
    expect(panels.map(({ lines }) => lines.map(({ series }) => series))).toEqual([
      ['validation'],
      ['validation'],
      ['rate'],
    ]);
    expect(count(content, 'class="reported"')).toBe(0);
    expect(count(content, 'class="pytorch"')).toBe(20 + 20);
    expect(content).not.toContain('class="gap"');
  });

  it('stand even with every series off', () => {
    const show = { train: false, validation: false, reported: false, pytorch: true };
    expect(curvesChart(curves, { show, range: 'late' }, 700, 'en').content).not.toContain('NaN');
  });

  it('zoom to the second half', () => {
    const { panels } = curvesChart(curves, { ...DEFAULT_CURVES_VIEW, range: 'late' }, 700, 'en');
    expect(panels[0]!.lines[0]!.points.map(({ at }) => at)).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    ]);
  });

  it('draw a run of one epoch, and one without validation', () => {
    const epochs = [{ ...history.epochs[0]!, validationLoss: null, validationAccuracy: null }];
    const chart = curvesChart({ ...curves, epochs, pytorch: [] }, DEFAULT_CURVES_VIEW, 700, 'en');
    expect(chart.content).not.toMatch(/NaN|undefined/);
    expect(chart.panels[0]!.lines[1]!.points).toEqual([]);
    expect(describeEpoch({ epochs, reported: [], pytorch: [] }, 1, 'en')).not.toContain('validation');
  });

  it('have a cursor in view only', () => {
    const chart = curvesChart(curves, { ...DEFAULT_CURVES_VIEW, range: 'late' }, 700, 'en');
    expect(chart.cursor(3)).toBe('');
    expect(count(chart.cursor(12), '<circle')).toBe(5);
  });

  it('say an epoch in words', () => {
    const point = history.epochs[11]!;
    expect(describeEpoch(curves, 12, 'en')).toContain(`validation loss ${point.validationLoss!.toFixed(4)}`);
    expect(describeEpoch(curves, 21, 'en')).toBe('');
  });

  it('say what the report gives, where it gives anything', () => {
    const about = { epoch: 1, measure: 'trainLoss', value: 1.3, about: true } as const;
    const data = { ...curves, reported: [about, ...curves.reported] };
    expect(describeEpoch(data, 19, 'en')).toMatch(/ The report: Validation accuracy 93\.81%\.$/);
    expect(describeEpoch(data, 1, 'zh')).toMatch(/报告：训练损失 ≈1\.3。$/);
    expect(describeEpoch(data, 12, 'en')).not.toContain('The report');
    const { columns, rows } = curvesTable({ ...data, pytorch: [] }, 'en');
    expect(columns.slice(-2)).toEqual(['Training loss (report)', 'Validation accuracy (report)']);
    expect(rows).toHaveLength(20);
    expect(rows.map((row) => row.length)).toEqual(Array(20).fill(columns.length));
    expect(rows[0]!.slice(-2)).toEqual(['≈1.3', '']);
    expect(rows[18]!.slice(-2)).toEqual(['', '93.81%']);
  });

  it('have the course in PyTorch beside them, drawn when asked for', () => {
    expect(curvesChart(curves, DEFAULT_CURVES_VIEW, 700, 'en').content).not.toContain('class="pytorch"');
    const view: CurvesView = { show: { ...DEFAULT_CURVES_VIEW.show, pytorch: true }, range: 'late' };
    const { panels, content } = curvesChart(curves, view, 700, 'en');
    const crosses = [...content.matchAll(/class="pytorch" d="M([\d.]+),([\d.]+)l/g)];
    expect(crosses).toHaveLength(2 * 11 + 2 * 11);
    expect(Number(crosses[2 * 11]![2]) + 3).toBeCloseTo(panels[1]!.lines[0]!.points[0]!.y);
    const { columns, rows } = curvesTable(curves, 'en');
    expect(columns.at(-1)).toBe('Validation accuracy (PyTorch)');
    expect(rows[4]!.at(-1)).toBe(rows[4]![4]);
  });

  it('know the least loss that label smoothing allows', () => {
    expect(LOSS_FLOOR).toBeCloseTo(0.5003, 4);
  });
});

describe('confusion matrix', () => {
  const data = { matrix: syntheticConfusion().matrix };

  it.each(widths)('is a square of 100 cells that fits its width, %s', (_, width) => {
    const chart = matrixChart(confusionStyles(data, 'count', 'zh'), width, 'zh');
    expect(count(chart.content, '<rect')).toBe(100);
    for (let cell = 0; cell < 100; cell++) {
      const [frame] = elementsOf(chart.cursor(cell), 'rect', 'frame');
      expect(frame!.x! + frame!.width!).toBeLessThanOrEqual(width);
      expect(frame!.y! + frame!.height!).toBeLessThanOrEqual(chart.height);
      expect(chart.partAt({ x: frame!.x! + 1, y: frame!.y! + 1 })).toBe(cell);
    }
    expect(chart.partAt({ x: 0, y: 0 })).toBe(NONE);
    expect(chart.cursor(NONE)).toBe('');
    for (const { strength } of confusionStyles(data, 'count', 'en')) {
      expect(strength).toBeGreaterThanOrEqual(0);
      expect(strength).toBeLessThanOrEqual(0.55);
    }
  });

  it('labels cells by count or by share, and empty ones not at all', () => {
    const label = (unit: 'count' | 'share', row: number, column: number) =>
      confusionStyles(data, unit, 'en')[10 * row + column]!.label;
    expect(label('count', 6, 0)).toBe('96');
    expect(label('share', 6, 0)).toBe('9.6');
    expect(label('share', 0, 1)).toBe('');
  });

  it('says a cell in words', () => {
    expect(worstConfusion(data)).toMatchObject({ row: 6, column: 0, count: 96 });
    expect(describeCell(data, 6, 0, 'en')).toBe('96 of the 1,000 shirts were classified as T-shirts (9.6%).');
    expect(describeCell(data, 6, 0, 'zh')).toBe(
      '1,000 张衬衫（Shirt）中有 96 张被判为T恤（T-shirt）（9.6%）。',
    );
    expect(describeCell(data, 1, 1, 'en')).toBe(
      '995 of the 1,000 trousers were classified correctly (99.5%).',
    );
    expect(describeCell(data, 0, 1, 'en')).toBe('None of the T-shirts were classified as trousers.');
  });

  it('does not divide by an empty class', () => {
    const empty = { matrix: data.matrix.map((row, i) => (i === 3 ? row.map(() => 0) : row)) };
    expect(cellsOf(empty).every(({ share }) => Number.isFinite(share))).toBe(true);
  });
});

describe('batch losses', () => {
  const data = { ...history, epochs: 20, reported: [{ epoch: 20, batch: 150, loss: 0.6, accuracy: 0.9 }] };

  it.each(widths)('have a dot for every logged batch, %s', (_, width) => {
    const chart = batchesChart(data, width, 'en');
    expect(chart.panels[0]!.lines[0]!.points).toHaveLength(80);
    expect(count(chart.content, '<circle')).toBe(81);
    expect(chart.partAt({ x: chart.x(6.5), y: 0 })).toBe(7);
    expect([-50, width + 50].map((x) => chart.partAt({ x, y: 0 }))).toEqual([1, 20]);
  });

  it('leave out what the report logged after the last epoch', () => {
    expect(batchesChart({ ...data, epochs: 4 }, 700, 'en').content).not.toContain('class="reported"');
  });
});

describe('layers', () => {
  const stages = stagesOf(reportArchitecture);

  it('sum up to the parameters of the network', () => {
    expect(stages.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(
      countParameters(reportArchitecture),
    );
    expect(stages.map(({ name }) => name)).toEqual([
      'input',
      'conv1',
      'conv2',
      'pool1',
      'conv3',
      'conv4',
      'pool2',
      'conv5',
      'conv6',
      'pool3',
      'dense1',
      'dense2',
      'dense3',
      'dense4',
    ]);
  });

  it('say their arithmetic', () => {
    expect(describeStage(stages[1]!, 'en')).toBe(
      'conv1: 28×28×64. Parameters: 3·3·1·64 + 64 = 640; batch normalisation 2·64 = 128',
    );
    expect(describeStage(stages[3]!, 'en')).toBe('pool1: 14×14×64. It has no parameters.');
  });

  it.each(widths)('lie side by side without overlap, %s', (_, width) => {
    const chart = layersChart(stages, width, 'en');
    const areas = stages.map((_, i) => elementsOf(chart.cursor(i), 'rect', 'strip')[0]!);
    areas.forEach((area, i) => {
      expect(chart.partAt({ x: area.x! + 1, y: area.y! + 1 })).toBe(i);
      const before = areas[i - 1];
      if (!before) return;
      const [right, bottom] = [before.x! + before.width!, before.y! + before.height!];
      expect(area.x! >= right - 0.02 || area.y! >= bottom - 0.02).toBe(true);
    });
    expect(chart.content).not.toMatch(/NaN|undefined/);
  });
});

describe('schedule', () => {
  const { schedule, epochs } = reportRecipe;
  const setting = { peak: 0.01, warmUp: 0.3, epochs, final: 4e-8 };
  const data = {
    schedule,
    stepsPerEpoch: 188,
    reported: [
      { epoch: 18, value: 0.000493 },
      { epoch: 19, value: 0.000124 },
      { epoch: 20, value: 0 },
    ],
    setting,
  };

  it("goes through the report's printed values with the report's setting only", () => {
    expect(describeSchedule(data, setting, 'en')).toContain('goes through the three values');
    expect(describeSchedule(data, { ...setting, peak: 0.011 }, 'en')).toContain('factor of 1.1');
    expect(describeSchedule(data, { ...setting, epochs: 30 }, 'en')).toContain('belong to 20 epochs');
  });

  it('marks only what its epochs reach', () => {
    const marks = (epochs: number) =>
      count(scheduleChart(data, { ...setting, epochs }, 700, 'en').content, 'class="reported"');
    expect([marks(20), marks(10)]).toEqual([3, 0]);
  });

  it('has a row for each epoch of its setting', () => {
    const { rows } = scheduleTable(data, setting, 'en');
    expect(rows).toHaveLength(20);
    expect(rows[17]).toEqual([18, '0.000493', expect.any(String), '0.000493']);
    expect(scheduleTable(data, { ...setting, epochs: 7 }, 'en').rows).toHaveLength(7);
  });

  it('writes rates as one does', () => {
    expect([0.01, 0.0004, 4e-8, 1.25e-5].map(formatRate)).toEqual(['0.01', '0.0004', '4×10⁻⁸', '1.3×10⁻⁵']);
  });
});

describe('calibration', () => {
  it('compares confidence with accuracy, bin by bin', () => {
    const row = (answer: number, sure: number) =>
      Array.from({ length: 10 }, (_, each) => (each === answer ? sure : (1 - sure) / 9));
    const probabilities = [...row(0, 0.95), ...row(1, 0.95), ...row(2, 0.55), ...row(3, 0.55)];
    const result = calibrate(probabilities, [0, 1, 2, 4]);
    expect(result.bins.map(({ images, accuracy }) => [images, accuracy])).toEqual([
      [2, 0.5],
      [2, 1],
    ]);
    expect(result.confidence).toBeCloseTo(0.75);
    expect(result.accuracy).toBe(0.75);
    expect(result.error).toBeCloseTo(0.05);
    const { content } = calibrationChart(result, 350, 'en');
    expect(count(content, 'class="bubble"')).toBe(2);
    expect(content.match(/data-pick="(\d+)"/g)).toEqual(['data-pick="50"', 'data-pick="90"']);
    expect(describeBin(result.bins[0]!, 'en')).toBe(
      'Highest probability from 50% to 60%: 2 images with a mean probability of 55.0%; 50.0% of them are classified correctly, 5.0 points below that probability.',
    );
    expect(describeBin(result.bins[1]!, 'en')).toContain('5.0 points above');
  });
});

describe('other charts', () => {
  it('the butterfly leaves out pairs that never occurred and puts the greatest first', () => {
    const rows = confusionsOf(syntheticConfusion().matrix, 6);
    expect(rows[0]).toEqual({ label: 0, given: 96, taken: 82 });
    expect(rows.map(({ label }) => label)).not.toContain(1);
    const { content } = butterflyChart(rows, 350, 'en');
    for (const side of ['given', 'taken']) {
      const bars = elementsOf(content, 'rect', side);
      expect(bars).toHaveLength(rows.length);
      for (const { width } of bars) expect(width).toBeLessThanOrEqual((350 - 84) / 2);
    }
    expect(butterflyChart([], 350, 'en').content).not.toContain('<rect');
  });

  it('the butterfly has a bar to choose for each direction, and says it', () => {
    const { matrix } = syntheticConfusion();
    const rows = confusionsOf(matrix, 6);
    const picks = butterflyPicks(rows, matrix, 6, 'en');
    expect(picks[0]).toEqual({
      key: 'given0',
      sentence: '96 of the 1,000 shirts were classified as T-shirts (9.6%).',
      view: { label: '6', answer: '0' },
    });
    expect(picks[1]!.view).toEqual({ label: '0', answer: '6' });
    const { content } = butterflyChart(rows, 350, 'en');
    expect(content.match(/(?<=data-pick=")\w+/g)).toEqual(picks.map(({ key }) => key));
  });

  it('bars of equal classes are equally long', () => {
    const data = { train: Array<number>(10).fill(6000), test: Array<number>(10).fill(1000) };
    const { content } = distributionChart(data, 700, 'en');
    const [train, test] = ['train', 'test'].map((part) => elementsOf(content, 'rect', `part ${part}`));
    expect(new Set(test!.map(({ x, width }) => x! + width!)).size).toBe(1);
    // Bars are one unit apart.
    expect((train![0]!.width! + 1) / (test![0]!.width! + 1)).toBeCloseTo(6);
  });

  it('a class can be chosen and is said in words', () => {
    const data = { train: Array<number>(10).fill(6000), test: Array<number>(10).fill(1000) };
    const { content } = distributionChart(data, 350, 'en');
    expect(content.match(/data-pick=/g)).toHaveLength(10);
    expect(describeClass(data, 6, 'en')).toBe(
      'Shirt: 6,000 training images (10.0% of the training set) and 1,000 test images.',
    );
  });

  it('curves of runs are in colour and named where they are chosen, each in its own way, and grey elsewhere', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `run-number-${i}`);
    const runs = ids.map((id, i) => ({
      id,
      points: [1, 2].map((epoch) => ({ epoch, accuracy: 0.9 + epoch / 100 + i / 10_000 })),
    }));
    const curvesOf = ({ content }: Graphic) =>
      [...content.matchAll(/class="curve ([^"]*)"/g)].map(([, series]) => series!);
    for (const width of Object.values(WIDTHS)) {
      const all = comparisonChart(runs, ids, 0.9381, width, 'en');
      expect(new Set(curvesOf(all)).size).toBe(12);
      const some = comparisonChart(runs, ids.slice(3, 5), 0.9381, width, 'en');
      expect(curvesOf(some)).toEqual([...Array<string>(10).fill('other'), ...curvesOf(all).slice(3, 5)]);
      expect(comparisonChart(runs, [], 0.9381, width, 'en').content).not.toContain('class="label');
    }
    const { panels, content } = comparisonChart(runs, ids, 0.9381, WIDTHS.wide, 'en');
    const { top, bottom } = panels[0]!.box;
    const names = [...content.matchAll(/<text x="([\d.]+)" y="([\d.]+)" class="label[^>]*>([^<]*)</g)];
    expect(names.map(([, , , name]) => name).sort()).toEqual([...ids].sort());
    names.forEach(([, x, y, name], i) => {
      // A letter is about 7 units wide.
      expect(Number(x) + 7 * name!.length).toBeLessThanOrEqual(WIDTHS.wide);
      expect(Number(y)).toBeGreaterThanOrEqual(top - 1);
      expect(Number(y)).toBeLessThanOrEqual(bottom + 1);
      if (i > 0) expect(Number(y)).toBeGreaterThanOrEqual(Number(names[i - 1]![2]) + 14.9);
    });
  });

  it('text cannot break out of its element', () => {
    expect(escape('<a href="x">&')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;');
  });
});

describe.each(widths)('improvements, %s', (_, width) => {
  const row = (id: string, accuracy: number, effect: ImprovementRow['effect']): ImprovementRow => ({
    id,
    name: id,
    accuracy,
    interval: [accuracy - 0.005, accuracy + 0.004],
    effect,
    sentence: id,
  });
  const rows = [
    row('baseline', 0.938, 'baseline'),
    row('augment', 0.946, 'better'),
    row('worst', 0.9, 'worse'),
  ];
  const chart = improvementsChart({ rows, reported: 0.9372 }, width, 'en');
  const intervals = elementsOf(chart.content, 'line', 'interval');
  const areas = elementsOf(chart.content, 'rect', 'area');

  it('lie in the order of their accuracy, each within its interval and the box', () => {
    const dots = [...chart.content.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    const [baseline, augment, worst] = dots;
    const [reported] = elementsOf(chart.content, 'circle', 'reported');
    expect(worst).toBeLessThan(reported!.cx!);
    expect(reported!.cx).toBeLessThan(baseline!);
    expect(baseline).toBeLessThan(augment!);
    const [axis] = elementsOf(chart.content, 'line', 'base');
    intervals.forEach(({ x1, x2 }, i) => {
      expect(axis!.x1).toBeLessThanOrEqual(x1!);
      expect(x1).toBeLessThan(dots[i]!);
      expect(dots[i]).toBeLessThan(x2!);
      expect(x2).toBeLessThanOrEqual(axis!.x2!);
    });
    expect(elementsOf(chart.content, 'line', 'floor')[0]!.x1).toBe(baseline);
  });

  it('are found under a pointer, in strips without gaps between them', () => {
    expect(chart.content.match(/(?<=data-pick=")\w+/g)).toEqual(rows.map(({ id }) => id));
    intervals.forEach(({ y1 }, i) => {
      expect(areas[i]!.y).toBeLessThan(y1!);
      expect(areas[i]!.y! + areas[i]!.height!).toBeGreaterThan(y1!);
      if (i > 0) expect(areas[i]!.y).toBeCloseTo(areas[i - 1]!.y! + areas[i - 1]!.height!);
    });
  });

  it('say their effect with more than a colour', () => {
    const { content } = chart;
    expect(count(content, '<circle')).toBe(4);
    expect(content).toContain('94.60% ▲');
    expect(content).toContain('90.00% ▼');
  });
});
