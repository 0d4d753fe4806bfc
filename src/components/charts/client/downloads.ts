/** Downloads of a figure: its drawing as it looks now, and its data as in its table. */
import { saveFile } from '../../../client/files.ts';

/** What a drawing takes from stylesheets and needs in its file. */
const PROPERTIES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'font-family',
  'font-size',
  'font-weight',
] as const;

/** The rows of a table as CSV (RFC 4180), with a mark by which spreadsheets know UTF-8. */
export function tableToCsv(rows: readonly (readonly string[])[]): string {
  const field = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return '\uFEFF' + rows.map((row) => row.map(field).join(',')).join('\r\n') + '\r\n';
}

/** A drawing that needs no stylesheet: its styles are attributes, and the page's colour is behind it. */
export function standaloneSvg(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((node, i) => {
    const style = getComputedStyle(originals[i]!);
    for (const property of PROPERTIES) node.setAttribute(property, style.getPropertyValue(property));
    node.removeAttribute('class');
  });
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  paper.setAttribute('width', '100%');
  paper.setAttribute('height', '100%');
  paper.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
  copy.prepend(paper);
  return new XMLSerializer().serializeToString(copy);
}

/** A table as a file. @param rows as in {@link tableToCsv} */
export const csvFile = (rows: readonly (readonly string[])[]): Blob =>
  new Blob([tableToCsv(rows)], { type: 'text/csv;charset=utf-8' });

export function installDownloads(figure: HTMLElement): void {
  for (const button of figure.querySelectorAll<HTMLButtonElement>('button[data-download]')) {
    button.addEventListener('click', () => {
      if (button.dataset['download'] === 'svg') {
        // The drawing that is shown: the other one has no size.
        const shown = [...figure.querySelectorAll('svg')].find(
          (svg) => svg.getBoundingClientRect().width > 0,
        );
        if (shown) saveFile(`${figure.id}.svg`, new Blob([standaloneSvg(shown)], { type: 'image/svg+xml' }));
        return;
      }
      const rows = [...figure.querySelectorAll<HTMLTableRowElement>('.tools table tr')];
      const cells = rows.map((row) => [...row.cells].map((cell) => cell.textContent ?? ''));
      saveFile(`${figure.id}.csv`, csvFile(cells));
    });
  }
}
