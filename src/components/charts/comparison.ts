/** The runs page: one curve a run, and the report's best value. Data → geometry → drawing. */
import { extent, line, max, scaleLinear } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { xAxis, yAxis, type Box, type Tick } from './axes.ts';
import { element, group, text, type Drawing } from './svg.ts';

export interface RunCurve {
  id: string;
  points: { epoch: number; accuracy: number }[];
}

export interface ComparisonGeometry {
  width: number;
  height: number;
  box: Box;
  curves: { id: string; path: string; end: { x: number; y: number }; dots: { x: number; y: number }[] }[];
  reference: number;
  xTicks: Tick[];
  yTicks: Tick[];
}

/**
 * Where everything lies, in user units.
 * @param reference the report's best validation accuracy, 0 to 1
 */
export function comparisonGeometry(
  runs: readonly RunCurve[],
  reference: number,
  width: number,
): ComparisonGeometry {
  const narrow = width < 500;
  const box: Box = {
    left: 46,
    top: 34,
    right: width - (narrow ? 64 : 110),
    bottom: 34 + (narrow ? 190 : 240),
  };
  const points = runs.flatMap((run) => run.points);
  const last = Math.max(2, max(points, ({ epoch }) => epoch) ?? 2);
  const [low = 0, high = 1] = extent([...points.map(({ accuracy }) => accuracy), reference]);
  const x = scaleLinear([1, last], [box.left + 6, box.right]);
  const y = scaleLinear([low, high], [box.bottom, box.top]).nice(5);
  const every = Math.ceil(last / (narrow ? 6 : 20));
  return {
    width,
    height: box.bottom + 46,
    box,
    curves: runs
      .filter((run) => run.points.length > 0)
      .map((run) => {
        const dots = run.points.map(({ epoch, accuracy }) => ({ x: x(epoch), y: y(accuracy) }));
        const path = line<{ x: number; y: number }>(
          (dot) => dot.x,
          (dot) => dot.y,
        )(dots);
        return { id: run.id, path: path ?? '', end: dots.at(-1)!, dots };
      }),
    reference: y(reference),
    xTicks: Array.from({ length: last }, (_, i) => i + 1)
      .filter((epoch) => epoch === 1 || epoch % every === 0)
      .map((epoch) => ({ at: x(epoch), label: String(epoch) })),
    yTicks: y.ticks(5).map((value) => ({ at: y(value), label: `${Math.round(value * 1000) / 10}%` })),
  };
}

export function drawComparison(
  { box, curves, reference, xTicks, yTicks, ...size }: ComparisonGeometry,
  lang: Lang,
): Drawing {
  // Names of curves that end together are pushed apart, from the top down.
  const ends = curves.map(({ end }, i) => ({ i, y: end.y })).sort((a, b) => a.y - b.y);
  ends.forEach((each, i) => {
    if (i > 0) each.y = Math.max(each.y, ends[i - 1]!.y + 15);
  });
  const content = [
    text(0, box.top - 15, t(lang, 'validationAccuracy'), { class: 'axis-title' }),
    yAxis(box, yTicks),
    xAxis(box, xTicks, t(lang, 'epochAxis')),
    element('line', { class: 'floor', x1: box.left, x2: box.right, y1: reference, y2: reference }),
    ...curves.map(({ path, dots }, i) =>
      group(
        { class: `curve run-${i % 3} dash-${Math.floor(i / 3) % 3}` },
        element('path', { d: path }),
        ...dots.map(({ x, y }) => element('circle', { cx: x, cy: y, r: 2.5 })),
      ),
    ),
    ...ends.map(({ i, y }) =>
      text(curves[i]!.end.x + 9, y, curves[i]!.id, {
        class: `label run-${i % 3}`,
        'dominant-baseline': 'central',
      }),
    ),
  ];
  return { ...size, content: content.join('') };
}
