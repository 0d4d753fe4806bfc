/** What a reader points at and chooses in a drawing: with the pointer, the keys, or the figure's slider. */
import { NONE, type Point, type PointableGraphic } from '../svg.ts';
import { markCursor, readOut, type FigureParts } from './figure.ts';

interface ChoiceOptions {
  /** The part that is chosen at first; {@link NONE} for none. */
  chosen: number;
  /** Where a key leads from what is chosen; undefined where the key means nothing. */
  step?: (key: string, chosen: number) => number | undefined;
  /** Keeps a choice that the reader has made. */
  save: (chosen: number) => void;
  /** Whether Escape, and a click where nothing is, undo the choice. */
  clearable?: boolean;
}

interface PointingOptions extends ChoiceOptions {
  /** What a variant has at a point, in user units; {@link NONE} for nothing. */
  partAt: (point: Point, variant: number, event: PointerEvent) => number;
  /** Marks and describes what is pointed at or, when nothing is, what is chosen. */
  show: (part: number) => void;
}

export interface Choice {
  readonly chosen: number;
  /** Shows the choice again, in a drawing that was made anew. */
  show: () => void;
}

/** Makes the parts of a figure's drawings choosable, and shows what is chosen. */
export function makeChoice({ figure, variants }: FigureParts, options: PointingOptions): Choice {
  const { partAt, step, show, save, clearable = false } = options;
  const slider = figure.querySelector<HTMLInputElement>('.slider input');
  let { chosen } = options;

  function choose(part: number): void {
    chosen = part;
    if (slider) slider.value = String(chosen);
    show(chosen);
    save(chosen);
  }

  variants.forEach(({ svg }, i) => {
    const pointed = (event: PointerEvent): number => partAt(pointIn(svg, event), i, event);
    svg.addEventListener('pointermove', (event) => {
      const part = pointed(event);
      show(part === NONE ? chosen : part);
    });
    svg.addEventListener('pointerleave', () => show(chosen));
    svg.addEventListener('click', (event) => {
      const part = pointed(event as PointerEvent);
      if (part !== NONE || clearable) choose(part);
    });
  });
  slider?.addEventListener('input', () => {
    chosen = Number(slider.value);
    show(chosen);
  });
  slider?.addEventListener('change', () => save(chosen));
  figure.querySelector<HTMLElement>('.plot')?.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const part = clearable && event.key === 'Escape' ? NONE : step?.(event.key, chosen);
    if (part === undefined) return;
    choose(part);
    event.preventDefault();
  });
  if (slider && chosen !== NONE) slider.value = String(chosen);
  show(chosen);
  return {
    get chosen() {
      return chosen;
    },
    show: () => show(chosen),
  };
}

interface ChartOptions extends ChoiceOptions {
  /** The variants as they are drawn at the moment. */
  charts: () => readonly PointableGraphic[];
  describe: (part: number) => string;
}

/** {@link makeChoice} for charts that know their parts: the part is marked in the drawings and described below them. */
export const makeChartChoice = (parts: FigureParts, { charts, describe, ...options }: ChartOptions): Choice =>
  makeChoice(parts, {
    ...options,
    partAt: (point, variant) => charts()[variant]!.partAt(point),
    show(part) {
      markCursor(parts, (variant) => charts()[variant]!.cursor(part));
      readOut(parts, describe(part));
    },
  });

/** Where arrow keys, Home and End lead among `count` parts, so many side by side; undefined for other keys. */
export const arrowKey = (key: string, from: number, count: number, columns = 1): number | undefined =>
  ({
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from + columns,
    ArrowUp: from - columns,
    Home: 0,
    End: count - 1,
  })[key];

/** For {@link makeChoice}: the arrow keys lead from one part to the next, and beyond the ends nowhere. */
export const arrowStep =
  (count: number, columns = 1) =>
  (key: string, from: number): number | undefined => {
    const part = arrowKey(key, from, count, columns);
    return part === undefined || (part >= 0 && part < count) ? part : from;
  };

/** Where a pointer is in a drawing, in user units. */
function pointIn(svg: SVGSVGElement, event: PointerEvent): Point {
  const matrix = svg.getScreenCTM();
  return matrix
    ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse())
    : { x: NaN, y: NaN };
}
