/** Markup as text: charts are drawn the same way when the site is built and, after a choice, in the browser. */

type Attributes = Record<string, string | number | boolean | undefined>;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text made safe for element content and for attribute values. */
export const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);

/** A number without the digits that no pixel shows. */
const short = (value: number): string => String(Math.round(value * 100) / 100);

/**
 * An element. Children are markup already; wrap text in {@link escape}. Attributes that are undefined or false
 * are left out, numbers are rounded to hundredths.
 *
 * @example element('circle', { cx: 1.23456, r: 2 }) // '<circle cx="1.23" r="2"/>'
 */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escape(String(value))}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

interface TextStyle {
  class?: string;
  /** Where the point is in the text; at the left by default. */
  anchor?: 'middle' | 'end';
  /** Whether the point is half-way up the text, not on its baseline. */
  centred?: boolean;
  transform?: string;
}

export const text = (x: number, y: number, content: string, style: TextStyle): string =>
  element(
    'text',
    {
      ...{ x, y, class: style.class, 'text-anchor': style.anchor },
      ...{ 'dominant-baseline': style.centred && 'central', transform: style.transform },
    },
    escape(content),
  );

export const group = (attributes: Attributes, ...children: string[]): string =>
  element('g', attributes, ...children);

/** A chart drawn at one width: what goes into an <svg>, and its size in user units. */
export interface Graphic {
  width: number;
  height: number;
  content: string;
}

export interface Point {
  x: number;
  y: number;
}

/** The number of no part. */
export const NONE = -1;

/** A chart with numbered parts (rows, cells, epochs) that a reader can point at. */
export interface PointableGraphic extends Graphic {
  /** The part at a point; {@link NONE} where there is none. */
  partAt: (point: Point) => number;
  /** Marks a part, in the chart's {@link CURSOR} layer; empty for {@link NONE}. */
  cursor: (part: number) => string;
}

/** The layer of a chart that marks what is pointed at. */
export const CURSOR = '<g class="cursor"></g>';

/** A drawing in which a part is marked. */
export const withCursor = ({ content, cursor, ...graphic }: PointableGraphic, part: number): Graphic => ({
  ...graphic,
  content: content.replace(CURSOR, CURSOR.replace('><', `>${cursor(part)}<`)),
});

/** A chart's data: as many cells in a row as there are columns, the first of them its heading. */
export interface ChartTable {
  columns: string[];
  rows: (string | number)[][];
}

/** A table's content: a row of headings, and rows that begin with theirs. */
export function tableRows({ columns, rows }: ChartTable): string {
  const cell = (name: string, scope: string | undefined, value: string | number) =>
    element(name, { scope }, escape(String(value)));
  return [
    element('thead', {}, element('tr', {}, ...columns.map((column) => cell('th', 'col', column)))),
    element(
      'tbody',
      {},
      ...rows.map(([first = '', ...rest]) =>
        element('tr', {}, cell('th', 'row', first), ...rest.map((value) => cell('td', undefined, value))),
      ),
    ),
  ].join('');
}

/** The widths, in user units, at which every chart is drawn: the report's column and a phone's. */
export const WIDTHS = { wide: 700, narrow: 350 } as const;

/** The whole <svg>, scaled to its column, named by its text alternative. */
export const svg = ({ width, height, content }: Graphic, label: string): string =>
  element(
    'svg',
    { viewBox: `0 0 ${short(width)} ${short(height)}`, role: 'img', 'aria-label': label },
    content,
  );
