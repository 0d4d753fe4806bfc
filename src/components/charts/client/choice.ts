/** What a reader points at and chooses in a drawing: with the pointer, the keys, or the figure's slider. */
import type { FigureParts } from './figure.ts';

/** The number of no choice. */
export const NONE = -1;

interface ChoiceOptions {
  /** What is chosen at first. What can be chosen is numbered; {@link NONE} is nothing. */
  chosen: number;
  /** What is at a point of a variant, in user units; {@link NONE} where nothing is. */
  under: (point: { x: number; y: number }, variant: number, event: PointerEvent) => number;
  /** Where a key leads from what is chosen; undefined where the key means nothing. */
  step?: (key: string, chosen: number) => number | undefined;
  /** Marks and describes what is pointed at or, when nothing is, what is chosen. */
  show: (shown: number) => void;
  /** Keeps a choice that the reader has made. */
  save: (chosen: number) => void;
  /** Whether Escape, and a click where nothing is, undo the choice. */
  clearable?: boolean;
}

export interface Choice {
  readonly chosen: number;
  /** Shows the choice again, in a drawing that was made anew. */
  show: () => void;
}

/** Makes the parts of a figure's drawings choosable, and shows what is chosen. */
export function makeChoice({ figure, variants }: FigureParts, options: ChoiceOptions): Choice {
  const { under, step, show, save, clearable = false } = options;
  const slider = figure.querySelector<HTMLInputElement>('.slider input');
  let { chosen } = options;

  function choose(next: number): void {
    chosen = next;
    if (slider) slider.value = String(chosen);
    show(chosen);
    save(chosen);
  }

  variants.forEach(({ svg }, i) => {
    const at = (event: PointerEvent): number => under(pointIn(svg, event), i, event);
    svg.addEventListener('pointermove', (event) => {
      const pointed = at(event);
      show(pointed === NONE ? chosen : pointed);
    });
    svg.addEventListener('pointerleave', () => show(chosen));
    svg.addEventListener('click', (event) => {
      const pointed = at(event as PointerEvent);
      if (pointed !== NONE || clearable) choose(pointed);
    });
  });
  slider?.addEventListener('input', () => {
    chosen = Number(slider.value);
    show(chosen);
  });
  slider?.addEventListener('change', () => save(chosen));
  figure.querySelector<HTMLElement>('.plot')?.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = clearable && event.key === 'Escape' ? NONE : step?.(event.key, chosen);
    if (next === undefined) return;
    choose(next);
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

/** Where arrow keys, Home and End lead among `count` things, so many side by side; undefined for other keys. */
export const arrowKey = (key: string, from: number, count: number, columns = 1): number | undefined =>
  ({
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from + columns,
    ArrowUp: from - columns,
    Home: 0,
    End: count - 1,
  })[key];

/** For {@link makeChoice}: the arrow keys lead from one to the next, and beyond the ends nowhere. */
export const arrowStep =
  (count: number, columns = 1) =>
  (key: string, from: number): number | undefined => {
    const next = arrowKey(key, from, count, columns);
    return next === undefined || (next >= 0 && next < count) ? next : from;
  };

/** Where a pointer is in a drawing, in user units. */
function pointIn(svg: SVGSVGElement, event: PointerEvent): { x: number; y: number } {
  const matrix = svg.getScreenCTM();
  return matrix
    ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse())
    : { x: NaN, y: NaN };
}
