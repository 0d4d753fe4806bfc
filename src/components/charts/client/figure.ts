/** The parts of a figure on the page, and what the scripts of several figures do with them. */
import { writeView, type View } from '../../../client/url-state.ts';
import { languageOf, type Lang } from '../../../i18n/languages.ts';
import { anchorOf, type FigureName } from '../figures.ts';
import { tableRows, type ChartTable, type Graphic } from '../svg.ts';

/** What the script of a figure gets to work with. */
export interface FigureParts {
  figure: HTMLElement;
  lang: Lang;
  /** The drawings, each with the width in user units for which it was made. */
  variants: { svg: SVGSVGElement; width: number }[];
  /** The data that the build put beside the drawing. The build and the script agree on its type. */
  data: unknown;
}

export type FigureMount = (parts: FigureParts) => void;

export function partsOf(figure: HTMLElement): FigureParts {
  const json = figure.querySelector(':scope > script[type="application/json"]')?.textContent;
  return {
    figure,
    lang: languageOf(figure.dataset['lang']),
    variants: [...figure.querySelectorAll<HTMLElement>('.plot > .variant')].flatMap((variant) => {
      const svg = variant.querySelector('svg');
      return svg ? [{ svg, width: Number(variant.dataset['width']) }] : [];
    }),
    data: json ? (JSON.parse(json) as unknown) : undefined,
  };
}

/** Draws every variant of a figure anew. @returns what was drawn, in the order of the variants */
export const redraw = <G extends Graphic>(
  { variants }: FigureParts,
  draw: (width: number) => G,
  alt?: string,
): G[] =>
  variants.map(({ svg, width }) => {
    const graphic = draw(width);
    svg.innerHTML = graphic.content;
    if (alt !== undefined) svg.setAttribute('aria-label', alt);
    return graphic;
  });

/** Fills the layer of each variant that marks what is pointed at. */
export function markCursor({ variants }: FigureParts, draw: (variant: number) => string): void {
  variants.forEach(({ svg }, i) => {
    const cursor = svg.querySelector('.cursor');
    if (cursor) cursor.innerHTML = draw(i);
  });
}

/** Changes a text only where it differs: a live region reads every change aloud. */
export function setText(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Puts a sentence into a figure's live region. */
export const readOut = ({ figure }: FigureParts, sentence: string): void =>
  setText(figure.querySelector('.readout'), sentence);

/** Writes a figure's table anew; it is downloaded from there as well. */
export function fillTable({ figure }: FigureParts, table: ChartTable): void {
  figure.querySelector('.tools table')!.innerHTML = tableRows(table);
}

/** Asks another figure for a view: in the address where its script is not loaded yet, as an event where it is. */
export function requestView(figure: FigureName, view: View): void {
  const anchor = anchorOf(figure);
  writeView(anchor, view);
  document.querySelector(`#${anchor}`)?.dispatchEvent(new CustomEvent('explore', { detail: view }));
}

/**
 * Buttons of which one is pressed: `data-choice="name" data-value="…"`.
 * @returns marks one as pressed
 */
export function choiceButtons<T extends string>(
  { figure }: FigureParts,
  name: string,
  values: readonly T[],
  onChoice: (value: T) => void,
): (value: T) => void {
  const buttons = [...figure.querySelectorAll<HTMLButtonElement>(`button[data-choice="${name}"]`)];
  for (const button of buttons) {
    const value = values.find((each) => each === button.dataset['value']);
    if (value !== undefined) button.addEventListener('click', () => onChoice(value));
  }
  return (value) => {
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset['value'] === value));
  };
}
