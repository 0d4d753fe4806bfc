/**
 * Line charts: panels one below the other over a shared horizontal axis. A chart says in the data's units what is drawn;
 * {@link lineChart} makes scales of it, places it and writes it as SVG, when the site is built and in the browser alike.
 */
import { area, extent, least, line as pathOf, scaleLinear, type ScaleLinear } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { ticksOf, xAxis, yAxis, type Box } from './axes.ts';
import { CURSOR, element, group, text, type Point, type PointableGraphic } from './svg.ts';

interface Frame {
  box: Box;
  x: (value: number) => number;
  y: (value: number) => number;
}

export interface Mark {
  /** Values for which the vertical axis makes room. */
  values?: readonly number[];
  /** A line that the crosshair finds. */
  line?: { series: string; points: readonly Point[] };
  draw: (frame: Frame) => string;
}

export interface Panel {
  /** Class of its group. */
  name: string;
  title: string;
  height: number;
  /** The values from the bottom to the top; by default those of the marks, and `include`. */
  domain?: readonly [number, number];
  include?: readonly number[];
  /** Widens the domain to round values, about as many as this. */
  nice?: number;
  /** The values that are marked, or about how many. */
  ticks: number | readonly number[];
  /** Whether its values are shares of one. */
  unit?: 'percent';
  marks: readonly (Mark | false)[];
}

export interface LineChartSpec {
  lang: Lang;
  /** All lengths are user units. */
  width: number;
  /** Space to the right of the panels, for names at the ends of lines. */
  right?: number;
  x: {
    domain: readonly [number, number];
    /** Space between the left edge and the first value. */
    inset?: number;
    ticks: readonly { value: number; label: string }[];
    title: string;
  };
  panels: readonly Panel[];
  /** Whether what is pointed at is marked below the lines, not on them. */
  cursorBelow?: boolean;
}

/** Space to the left of the panels, above the first, between two of them, and below the last. */
const SPACE = { left: 52, top: 34, between: 46, below: 46 };

/** A chart that is placed and drawn. Its parts are the values of the horizontal axis at which lines have points. */
export interface LineChart extends PointableGraphic {
  x: ScaleLinear<number, number>;
  /** Boxes and points are placed; `at` is a point's value on the horizontal axis. */
  panels: { box: Box; lines: { series: string; points: (Point & { at: number })[] }[] }[];
}

export function lineChart(spec: LineChartSpec): LineChart {
  const { lang, width, right = 12, x: axis, panels, cursorBelow } = spec;
  const { left, top, between, below } = SPACE;
  const x = scaleLinear(axis.domain, [left + (axis.inset ?? 0), width - right]);
  const xTicks = axis.ticks.map(({ value, label }) => ({ at: x(value), label }));
  let bottom = top - between;
  const placed = panels.map((panel, i) => {
    const box: Box = {
      left,
      right: width - right,
      top: bottom + between,
      bottom: bottom + between + panel.height,
    };
    bottom = box.bottom;
    const marks = panel.marks.filter((mark) => mark !== false);
    const y = scaleLinear(panel.domain ?? domainOf(marks, panel.include), [box.bottom, box.top]);
    if (panel.nice) y.nice(panel.nice);
    const isLast = i === panels.length - 1;
    const content = [
      text(0, box.top - 15, panel.title, { class: 'axis-title' }),
      yAxis(box, ticksOf(y, panel.ticks, lang, panel.unit)),
      isLast ? xAxis(box, xTicks, axis.title) : xAxis(box, []),
      ...marks.map((mark) => mark.draw({ box, x, y })),
    ];
    return {
      box,
      lines: marks.flatMap(({ line }) =>
        line
          ? [{ ...line, points: line.points.map((point) => ({ at: point.x, x: x(point.x), y: y(point.y) })) }]
          : [],
      ),
      content: group({ class: `panel ${panel.name}` }, ...content),
    };
  });
  const content = placed.map((panel) => panel.content).join('');
  const points = placed.flatMap(({ lines }) =>
    lines.flatMap(({ series, points }) => points.map((point) => ({ ...point, series }))),
  );
  return {
    width,
    height: bottom + below,
    x,
    panels: placed,
    content: cursorBelow ? CURSOR + content : content + CURSOR,
    partAt: (at) => least(points, ({ x }) => Math.abs(x - at.x))?.at ?? axis.domain[0],
    cursor(value) {
      const found = points.filter(({ at }) => at === value);
      if (!found[0]) return '';
      const { x } = found[0];
      return [
        element('line', { x1: x, x2: x, y1: placed[0]!.box.top, y2: bottom }),
        ...found.map(({ series, y }) => element('circle', { class: series, cx: x, cy: y, r: 4.5 })),
      ].join('');
    },
  };
}

function domainOf(marks: readonly Mark[], include: readonly number[] = []): [number, number] {
  const [low = 0, high = 1] = extent(marks.flatMap(({ values = [] }) => values));
  return [Math.min(low, ...include), Math.max(high, ...include)];
}

const place = (points: readonly Point[], { x, y }: Frame): Point[] =>
  points.map((point) => ({ x: x(point.x), y: y(point.y) }));

const valuesOf = (points: readonly Point[]): number[] => points.map(({ y }) => y);

/** A line, with dots at its points unless their radius is 0. @param series its class, on which its look depends */
export const line = (series: string, points: readonly Point[], radius = 0): Mark => ({
  values: valuesOf(points),
  line: { series, points },
  draw(frame) {
    const placed = place(points, frame);
    const path = pathOf<Point>(
      ({ x }) => x,
      ({ y }) => y,
    )(placed);
    return group(
      { class: `curve ${series}` },
      element('path', { d: path ?? '' }),
      ...(radius === 0 ? [] : placed).map(({ x, y }) => element('circle', { cx: x, cy: y, r: radius })),
    );
  },
});

/** The same at every point. */
const atEach = (points: readonly Point[], draw: (place: Point) => string): Mark => ({
  values: valuesOf(points),
  draw: (frame) => place(points, frame).map(draw).join(''),
});

export const dots = (series: string, points: readonly Point[], radius: number): Mark =>
  atEach(points, ({ x, y }) => element('circle', { class: series, cx: x, cy: y, r: radius }));

export const crosses = (series: string, points: readonly Point[]): Mark =>
  atEach(points, ({ x, y }) => element('path', { class: series, d: `M${x - 3},${y - 3}l6,6m0,-6l-6,6` }));

/** The band between two lines that have the same horizontal values. */
export const band = (upper: readonly Point[], lower: readonly Point[]): Mark => ({
  draw(frame) {
    const [one, other] = [place(upper, frame), place(lower, frame)];
    const path = area<Point>(
      ({ x }) => x,
      ({ y }) => y,
      (_, i) => other[i]!.y,
    );
    return one.length > 0 && one.length === other.length
      ? element('path', { class: 'gap', d: path(one) ?? '' })
      : '';
  },
});

/** A horizontal line at a value; for its value the axis makes room only where the panel includes it. */
export const rule = (value: number, note?: string): Mark => ({
  draw({ box, y }) {
    const at = y(value);
    const drawn = element('line', { class: 'floor', x1: box.left, x2: box.right, y1: at, y2: at });
    return note === undefined ? drawn : group({}, drawn, text(box.left + 6, at - 6, note, { class: 'note' }));
  },
});

/** How far apart names are. */
const LABEL = 15;

/** Names beside the ends of lines; those that would overlap are pushed apart. */
export const endLabels = (
  lines: readonly { series: string; label: string; points: readonly Point[] }[],
): Mark => ({
  draw(frame) {
    const ends = lines
      .flatMap(({ points, ...line }) => place(points.slice(-1), frame).map((end) => ({ ...line, ...end })))
      .sort((a, b) => a.y - b.y);
    // Each below the one before it; then from the bottom up where they have left the panel.
    ends.forEach((end, i) => (end.y = Math.max(end.y, (ends[i - 1]?.y ?? -Infinity) + LABEL)));
    ends.reduceRight((below, end) => (end.y = Math.min(end.y, below - LABEL)), frame.box.bottom + LABEL);
    return ends
      .map(({ series, label, x, y }) => text(x + 9, y, label, { class: `label ${series}`, centred: true }))
      .join('');
  },
});

/** A horizontal axis of epochs, which are whole. */
export const epochAxis = (first: number, last: number, narrow: boolean, lang: Lang): LineChartSpec['x'] => ({
  domain: [first, Math.max(last, first + 1)],
  inset: 6,
  ticks: epochTicks(first, last, narrow ? 6 : 20),
  title: t(lang, 'epochAxis'),
});

/** Ticks for epochs: each of them, or the first and the multiples of a number. @param most about how many fit */
export function epochTicks(first: number, last: number, most: number): { value: number; label: string }[] {
  const every = Math.max(1, Math.ceil((last - first + 1) / most));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .filter((epoch) => epoch === first || epoch % every === 0)
    .map((value) => ({ value, label: String(value) }));
}
