import {
  confusionGeometry,
  describeCell,
  drawConfusion,
  drawConfusionCursor,
  worstConfusion,
  type ConfusionData,
  type ConfusionGeometry,
  type ConfusionView,
} from '../confusion.ts';
import { retryButton } from '../../../client/retry.ts';
import { oneOf, readView, writeView } from '../../../client/url-state.ts';
import type { SheetLayout } from '../../../data/sprites.ts';
import { charts as t } from '../../../i18n/charts.ts';
import { cellAt, cellByKey, type Place } from './cells.ts';
import { ask, choices, markChoice, type FigureParts } from './figure.ts';
import { openSheets } from './sheets.ts';

interface CellImages {
  cells: { true: number; predicted: number; ids: number[] }[];
  sheets: string[];
  layout: SheetLayout;
}

/** Images of a cell that are shown below the matrix; Figure 3 has all. */
const MOST_IMAGES = 48;
const TILE = 56;

/** Figure 4 in the browser: counts or shares, a cell to hover, to choose, or to reach by the arrow keys. */
export function mount({ figure, lang, variants, readout, data: given }: FigureParts): void {
  const data = given as ConfusionData & CellImages;
  const worst: Place = worstConfusion(data);
  const plot = figure.querySelector<HTMLElement>('.plot');

  const asked = readView(figure.id);
  const view: ConfusionView = { unit: oneOf(asked['unit'], ['count', 'share'], 'count') };
  const match = /^(\d)\.(\d)$/.exec(asked['cell'] ?? '');
  let chosen: Place | null = match ? { row: Number(match[1]), column: Number(match[2]) } : null;
  let geometries: ConfusionGeometry[] = [];

  function point(place: Place | null): void {
    variants.forEach(({ svg }, i) => {
      const cursor = svg.querySelector('.cursor');
      if (cursor)
        cursor.innerHTML = place ? drawConfusionCursor(geometries[i]!, place.row, place.column) : '';
    });
    const { row, column } = place ?? worst;
    const sentence = describeCell(data, row, column, lang);
    if (readout && readout.textContent !== sentence) readout.textContent = sentence;
  }

  function draw(): void {
    geometries = variants.map(({ svg, width }) => {
      const geometry = confusionGeometry(data, view, width);
      svg.innerHTML = drawConfusion(geometry, lang).content;
      return geometry;
    });
    markChoice(figure, 'unit', view.unit);
    point(chosen);
  }

  function choose(place: Place | null): void {
    chosen = place;
    point(chosen);
    save();
    showImages();
  }

  const panel = figure.querySelector<HTMLElement>('.cell-images')!;
  const tiles = panel.querySelector<HTMLElement>('.tiles')!;
  const failure = panel.querySelector<HTMLElement>('.failure')!;
  const sheets = openSheets(data.sheets, data.layout, () => {
    const retry = retryButton(lang, showImages);
    failure.replaceChildren(t(lang, 'picturesFailed'), ' ', retry);
  });

  /** The images of a chosen cell off the diagonal, and the way to all of any cell. */
  function showImages(): void {
    failure.replaceChildren();
    sheets.retry();
    panel.hidden = chosen === null;
    if (!chosen) return;
    const { row, column } = chosen;
    const ids = data.cells.find((cell) => cell.true === row && cell.predicted === column)?.ids ?? [];
    const shown = ids.slice(0, MOST_IMAGES);
    panel.querySelector('.heading span')!.textContent =
      shown.length < ids.length ? t(lang, 'cellImages', { n: ids.length, shown: shown.length }) : '';
    tiles.hidden = shown.length === 0;
    tiles.setAttribute('aria-label', describeCell(data, row, column, lang));
    tiles.replaceChildren(
      ...shown.map((id) => {
        const tile = document.createElement('div');
        tile.className = 'tile';
        sheets.show(tile, id, TILE);
        return tile;
      }),
    );
  }

  panel.querySelector('a')!.addEventListener('click', () => {
    if (!chosen) return;
    ask('fig-3', { label: String(chosen.row), answer: String(chosen.column) });
  });

  function save(): void {
    writeView(figure.id, {
      unit: view.unit === 'count' ? undefined : view.unit,
      cell: chosen ? `${chosen.row}.${chosen.column}` : undefined,
    });
  }

  for (const button of choices(figure, 'unit')) {
    button.addEventListener('click', () => {
      view.unit = oneOf(button.dataset['value'], ['count', 'share'], 'count');
      draw();
      save();
    });
  }

  variants.forEach(({ svg }, i) => {
    const under = (event: PointerEvent) => cellAt(geometries[i]!, svg, event);
    svg.addEventListener('pointermove', (event) => point(under(event) ?? chosen));
    svg.addEventListener('pointerleave', () => point(chosen));
    svg.addEventListener('click', (event) => choose(under(event as PointerEvent)));
  });

  plot?.addEventListener('keydown', (event) => {
    const next = cellByKey(event, chosen, worst);
    if (next === undefined) return;
    choose(next);
    event.preventDefault();
  });
  draw();
  showImages();
}
