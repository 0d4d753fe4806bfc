import { showFailure } from '../../../../client/loading.ts';
import { oneOf, readView, writeView } from '../../../../client/url-state.ts';
import type { SheetLayout } from '../../../../data/sprites.ts';
import { charts as t } from '../../../../i18n/charts.ts';
import {
  confusionStyles,
  describeCell,
  matrixChart,
  UNITS,
  worstConfusion,
  type ConfusionData,
} from '../../confusion.ts';
import type { PointableGraphic } from '../../svg.ts';
import { makeCellChoice } from '../cells.ts';
import { choiceButtons, redraw, requestView, type FigureParts } from '../figure.ts';
import { offerOwnResult } from '../own-result.ts';
import { Tiles } from '../tiles.ts';

interface CellImages {
  cells: { true: number; predicted: number; ids: number[] }[];
  sheets: string[];
  layout: SheetLayout;
}

/** Images of a cell that are shown below the matrix; Figure 3 has all. */
const MOST_IMAGES = 48;
const TILE = 56;

/** Figure 4: counts or shares, a cell to point at and to choose, and the images of that cell. */
export function mount(parts: FigureParts): void {
  const { figure, lang } = parts;
  const published = parts.data as ConfusionData & CellImages;
  let data: ConfusionData & Pick<CellImages, 'cells'> = published;
  const asked = readView(figure.id);
  let unit = oneOf(asked['unit'], UNITS, 'count');
  let charts: PointableGraphic[] = [];

  function draw(): void {
    charts = redraw(parts, (width) => matrixChart(confusionStyles(data, unit, lang), width, lang));
    markUnit(unit);
  }

  function save(): void {
    writeView(figure.id, { unit: unit === 'count' ? undefined : unit, cell: choice.text });
  }

  const panel = figure.querySelector<HTMLElement>('.cell-images')!;
  const gallery = panel.querySelector<HTMLElement>('.tiles')!;
  const failure = panel.querySelector<HTMLElement>('.failure')!;
  const tiles = new Tiles(published.sheets, published.layout, () => {
    showFailure(failure, lang, t(lang, 'picturesFailed'), showImages);
  });

  /** The images of a chosen cell off the diagonal, and the way to all of any cell. */
  function showImages(): void {
    failure.replaceChildren();
    const { cell } = choice;
    panel.hidden = cell === null;
    if (!cell) return;
    const { row, column } = cell;
    const ids = data.cells.find((each) => each.true === row && each.predicted === column)?.ids ?? [];
    const shown = ids.slice(0, MOST_IMAGES);
    panel.querySelector('.heading span')!.textContent =
      shown.length < ids.length ? t(lang, 'cellImages', { n: ids.length, shown: shown.length }) : '';
    gallery.hidden = shown.length === 0;
    gallery.setAttribute('aria-label', describeCell(data, row, column, lang));
    gallery.replaceChildren(
      ...shown.map((id) => {
        const tile = document.createElement('div');
        tile.className = 'tile';
        tiles.show(tile, id, TILE);
        return tile;
      }),
    );
  }

  panel.querySelector('a')!.addEventListener('click', () => {
    const { cell } = choice;
    if (cell) requestView('predictions', { label: String(cell.row), answer: String(cell.column) });
  });
  const markUnit = choiceButtons(parts, 'unit', UNITS, (chosen) => {
    unit = chosen;
    draw();
    choice.show();
    save();
  });
  draw();
  const choice = makeCellChoice(parts, {
    asked: asked['cell'],
    charts: () => charts,
    standard: () => worstConfusion(data),
    describe: ({ row, column }) => describeCell(data, row, column, lang),
    onChoice() {
      save();
      showImages();
    },
    onEnter: () => panel.querySelector('a')!.click(),
  });
  showImages();
  offerOwnResult(figure.querySelector('.controls')!, lang, (own) => {
    data = own ?? published;
    draw();
    choice.show();
    showImages();
  });
}
