/**
 * All figures of the site. The frame, the scripts' loader and all references to a figure read its number from here.
 *
 * To add a chart to the report:
 * 1. `charts/<chart>.ts` makes its SVG and its sentences of its data; a line chart declares its panels and marks
 *    (line-chart.ts);
 * 2. a line in the table below, with the next number that is free;
 * 3. `components/report/<Name>Figure.astro` takes the data from src/site and puts the chart into a `<Figure>`, whose class
 *    is its name in the table; a `color` for the class of a line that no other chart has stands in the component's own styles;
 * 4. and 5. its words in each language's folder of src/i18n: what the chart itself writes, also in the browser, in
 *    `charts.ts`; title, text alternative and caption, which only the build needs, in `report.ts`.
 *
 * A chapter of src/content/report then shows it with `<NameFigure />`, in each language.
 *
 * The script `picks` makes the parts of a chart choosable that are drawn with `pick` (picking.ts), by pointer, keys and
 * address, and reads out a sentence for each; it takes a `PicksData` as the figure's `data`. Where that is not enough,
 * `charts/client/figures/<script>.ts` exports a `mount` of its own.
 */
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';

interface FigureEntry {
  /** As the report counts its own figures; with an S for one that is added to it; absent on other pages. */
  readonly number?: `${number}` | `S${number}`;
  /** The file in client/figures that makes it interactive; without one there are downloads only. */
  readonly script?: string;
}

const FIGURES = {
  log: { number: '1', script: 'log' },
  curves: { number: '2', script: 'curves' },
  predictions: { number: '3', script: 'predictions' },
  confusion: { number: '4', script: 'confusion' },
  distribution: { number: 'S1', script: 'picks' },
  gallery: { number: 'S2', script: 'classes' },
  architecture: { number: 'S3', script: 'layers' },
  schedule: { number: 'S4', script: 'schedule' },
  calibration: { number: 'S5', script: 'picks' },
  shirt: { number: 'S6', script: 'picks' },
  improvements: { number: 'S7', script: 'picks' },
  runs: { script: 'runs' },
  'compare-curves': {},
  'compare-matrix': {},
} as const satisfies Record<string, FigureEntry>;

export type FigureName = keyof typeof FIGURES;

const entryOf = (name: FigureName): FigureEntry => FIGURES[name];

/** Its id on the page, and the parameter of the address that holds its view: `fig-2`, `fig-s1`, `fig-runs`. */
export const anchorOf = (name: FigureName): string => `fig-${(entryOf(name).number ?? name).toLowerCase()}`;

/** What texts call it: `Figure 2`, `Figure S1`; empty for a figure without a number. */
export function labelOf(name: FigureName, lang: Lang): string {
  const { number = '' } = entryOf(name);
  return number === ''
    ? ''
    : t(lang, isReports(name) ? 'figure' : 'extraFigure', { n: number.replace('S', '') });
}

/** Whether the report itself has it, with its label and title. */
export const isReports = (name: FigureName): boolean => /^\d/.test(entryOf(name).number ?? '');

export const scriptOf = (name: FigureName): string | undefined => entryOf(name).script;
