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
  curves: { id: string; path: string; dots: { x: number; y: number }[] }[];
  /** Where each curve's entry in the legend begins. */
  legend: { x: number; y: number }[];
  reference: number;
  xTicks: Tick[];
  yTicks: Tick[];
}

/** Of an entry of the legend. */
const LEGEND = { row: 19, swatch: 22, gap: 7, perLetter: 7.2, between: 16 };

/** Entries side by side, in as many rows as they need. */
function legendPlaces(
  ids: readonly string[],
  { left, top, right }: { left: number; top: number; right: number },
): { x: number; y: number }[] {
  let [x, y] = [left, top];
  return ids.map((id) => {
    const width = LEGEND.swatch + LEGEND.gap + LEGEND.perLetter * id.length;
    if (x > left && x + width > right) [x, y] = [left, y + LEGEND.row];
    const place = { x, y };
    x += width + LEGEND.between;
    return place;
  });
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
  const shown = runs.filter((run) => run.points.length > 0);
  const legend = legendPlaces(
    shown.map(({ id }) => id),
    { left: 2, top: 38, right: width },
  );
  const top = (legend.at(-1)?.y ?? 14) + 22;
  const box: Box = { left: 46, top, right: width - 8, bottom: top + (narrow ? 190 : 240) };
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
    curves: shown.map((run) => {
      const dots = run.points.map(({ epoch, accuracy }) => ({ x: x(epoch), y: y(accuracy) }));
      const path = line<{ x: number; y: number }>(
        (dot) => dot.x,
        (dot) => dot.y,
      )(dots);
      return { id: run.id, path: path ?? '', dots };
    }),
    legend,
    reference: y(reference),
    xTicks: Array.from({ length: last }, (_, i) => i + 1)
      .filter((epoch) => epoch === 1 || epoch % every === 0)
      .map((epoch) => ({ at: x(epoch), label: String(epoch) })),
    yTicks: y.ticks(5).map((value) => ({ at: y(value), label: `${Math.round(value * 1000) / 10}%` })),
  };
}

export function drawComparison(
  { box, curves, legend, reference, xTicks, yTicks, ...size }: ComparisonGeometry,
  lang: Lang,
): Drawing {
  const look = (i: number): string => `run-${i % 3} dash-${Math.floor(i / 3) % 3}`;
  const curve = (i: number, path: string, dots: readonly { x: number; y: number }[]): string =>
    group(
      { class: `curve ${look(i)}` },
      element('path', { d: path }),
      ...dots.map(({ x, y }) => element('circle', { cx: x, cy: y, r: 2.5 })),
    );
  const content = [
    text(0, 19, t(lang, 'validationAccuracy'), { class: 'axis-title' }),
    ...legend.map(({ x, y }, i) => {
      const end = x + LEGEND.swatch;
      return (
        curve(i, `M${x},${y}H${end}`, [{ x: (x + end) / 2, y }]) +
        text(end + LEGEND.gap, y, curves[i]!.id, {
          class: `label run-${i % 3}`,
          'dominant-baseline': 'central',
        })
      );
    }),
    yAxis(box, yTicks),
    xAxis(box, xTicks, t(lang, 'epochAxis')),
    element('line', { class: 'floor', x1: box.left, x2: box.right, y1: reference, y2: reference }),
    ...curves.map(({ path, dots }, i) => curve(i, path, dots)),
  ];
  return { ...size, content: content.join('') };
}
