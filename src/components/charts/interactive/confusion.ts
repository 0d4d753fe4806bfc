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
import { oneOf, readView, writeView } from '../url-state.ts';
import type { SheetLayout } from '../../../data/sprites.ts';
import { charts as t } from '../../../i18n/charts.ts';
import { choices, markChoice, placeIn, type FigureParts } from './figure.ts';
import { openSheets } from './sheets.ts';

type Place = { row: number; column: number };

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
  const failure = panel.querySelector<HTMLElement>('.failure')!;
  const sheets = openSheets(data.sheets, data.layout, () => {
    failure.replaceChildren(t(lang, 'picturesFailed'), ' ');
    const retry = document.createElement('button');
    retry.type = 'button';
    retry.className = 'button';
    retry.textContent = t(lang, 'retry');
    retry.addEventListener('click', () => {
      sheets.retry();
      showImages();
    });
    failure.append(retry);
  });

  /** The images of a chosen cell off the diagonal, and the way to all of any cell. */
  function showImages(): void {
    failure.replaceChildren();
    panel.hidden = chosen === null;
    if (!chosen) return;
    const { row, column } = chosen;
    const ids = data.cells.find((cell) => cell.true === row && cell.predicted === column)?.ids ?? [];
    const shown = ids.slice(0, MOST_IMAGES);
    panel.querySelector('.heading span')!.textContent =
      shown.length < ids.length ? t(lang, 'cellImages', { n: ids.length, shown: shown.length }) : '';
    panel.querySelector('.tiles')!.replaceChildren(
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
    const detail = { label: String(chosen.row), answer: String(chosen.column) };
    // In the address for a figure that is not awake yet, as an event for one that is.
    writeView('fig-3', detail);
    document.querySelector('#fig-3')?.dispatchEvent(new CustomEvent('explore', { detail }));
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
    const cellAt = (event: PointerEvent): Place | null => {
      const { left, top, size } = geometries[i]!;
      const { x, y } = placeIn(svg, event);
      const row = Math.floor((y - top) / size);
      const column = Math.floor((x - left) / size);
      return row >= 0 && row < 10 && column >= 0 && column < 10 ? { row, column } : null;
    };
    svg.addEventListener('pointermove', (event) => point(cellAt(event) ?? chosen));
    svg.addEventListener('pointerleave', () => point(chosen));
    svg.addEventListener('click', (event) => choose(cellAt(event as PointerEvent)));
  });

  const steps: Record<string, (place: Place) => Place> = {
    ArrowUp: ({ row, column }) => ({ row: Math.max(0, row - 1), column }),
    ArrowDown: ({ row, column }) => ({ row: Math.min(9, row + 1), column }),
    ArrowLeft: ({ row, column }) => ({ row, column: Math.max(0, column - 1) }),
    ArrowRight: ({ row, column }) => ({ row, column: Math.min(9, column + 1) }),
    Home: ({ row }) => ({ row, column: 0 }),
    End: ({ row }) => ({ row, column: 9 }),
  };
  plot?.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = steps[event.key];
    if (event.key === 'Escape') choose(null);
    else if (step) choose(chosen ? step(chosen) : worst);
    else return;
    event.preventDefault();
  });
  draw();
  showImages();
}
