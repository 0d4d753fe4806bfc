import { languageOf, type Lang } from '../../../i18n/languages.ts';
import type { ChartTable } from '../svg.ts';
import { writeView, type View } from '../../../client/url-state.ts';
import { installDownloads } from './downloads.ts';

/** What a chart's module gets to work with. */
export interface FigureParts {
  figure: HTMLElement;
  lang: Lang;
  /** The drawings, each with the width in user units for which it was made. */
  variants: { svg: SVGSVGElement; width: number }[];
  readout: HTMLElement | null;
  /** The data that the build put beside the drawing. The build and this module agree on its type. */
  data: unknown;
}

export type FigureMount = (parts: FigureParts) => void;

/** Finds the parts of a figure and makes its downloads work. */
export function prepare(figure: HTMLElement): FigureParts {
  installDownloads(figure);
  const json = figure.querySelector(':scope > script[type="application/json"]')?.textContent;
  return {
    figure,
    lang: languageOf(figure.dataset['lang']),
    variants: variantsOf(figure),
    readout: figure.querySelector('.readout'),
    data: json ? (JSON.parse(json) as unknown) : undefined,
  };
}

/** The drawings of a figure, with their widths. */
export const variantsOf = (figure: HTMLElement): FigureParts['variants'] =>
  [...figure.querySelectorAll<HTMLElement>('.plot > .variant')].flatMap((variant) => {
    const svg = variant.querySelector('svg');
    return svg ? [{ svg, width: Number(variant.dataset['width']) }] : [];
  });

/** Puts other rows into a figure's table, from which it is downloaded as well. */
export function fillTable(figure: HTMLElement, { rows }: ChartTable): void {
  figure.querySelector('.tools tbody')?.replaceChildren(
    ...rows.map((row) => {
      const line = document.createElement('tr');
      row.forEach((value, i) => {
        const cell = document.createElement(i === 0 ? 'th' : 'td');
        if (i === 0) cell.setAttribute('scope', 'row');
        cell.textContent = String(value);
        line.append(cell);
      });
      return line;
    }),
  );
}

/** Asks another figure for a view: in the address for one that is not awake yet, as an event for one that is. */
export function ask(figure: string, view: View): void {
  writeView(figure, view);
  document.querySelector(`#${figure}`)?.dispatchEvent(new CustomEvent('explore', { detail: view }));
}

/**
 * Makes a plot's parts reachable by keyboard.
 * @param next which part each key leads to from the one that is chosen
 */
export function chooseByKey(
  plot: Element | null,
  next: () => Record<string, number>,
  choose: (index: number) => void,
): void {
  plot?.addEventListener('keydown', (event) => {
    const { key, altKey, ctrlKey, metaKey } = event as KeyboardEvent;
    if (altKey || ctrlKey || metaKey) return;
    const index = next()[key];
    if (index === undefined) return;
    choose(index);
    event.preventDefault();
  });
}

/** A pointer's place in the drawing's own units. */
export function placeIn(svg: SVGSVGElement, event: PointerEvent): { x: number; y: number } {
  const matrix = svg.getScreenCTM();
  if (!matrix) return { x: 0, y: 0 };
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  return { x, y };
}

/** Buttons that switch something on and off: `data-toggle="name"`. */
export const toggles = (figure: HTMLElement): HTMLButtonElement[] => [
  ...figure.querySelectorAll<HTMLButtonElement>('button[data-toggle]'),
];

/** Buttons of which one is chosen: `data-choice="name" data-value="…"`. */
export const choices = (figure: HTMLElement, name: string): HTMLButtonElement[] => [
  ...figure.querySelectorAll<HTMLButtonElement>(`button[data-choice="${name}"]`),
];

/** Marks the chosen one of a group of buttons. */
export function markChoice(figure: HTMLElement, name: string, value: string): void {
  for (const button of choices(figure, name)) {
    button.setAttribute('aria-pressed', String(button.dataset['value'] === value));
  }
}
