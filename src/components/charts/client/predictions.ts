import { decodeFloat16 } from '../../../artifacts/float16.ts';
import type { SheetLayout } from '../../../data/sprites.ts';
import { charts as t } from '../../../i18n/charts.ts';
import { longName } from '../../../i18n/classes.ts';
import {
  describePrediction,
  describeSelection,
  NO_FILTER,
  predictionsOf,
  select,
  type Filter,
  type Prediction,
} from '../predictions.ts';
import { retryButton } from '../../../client/retry.ts';
import { saveFile } from '../../../client/save-file.ts';
import { integerIn, oneOf, readView, writeView, type View } from '../../../client/url-state.ts';
import { csvFile } from './downloads.ts';
import type { FigureParts } from './figure.ts';
import { openSheets, type Sheets } from './sheets.ts';

interface PredictionsData {
  predictions: string;
  labels: string;
  sheets: string[];
  layout: SheetLayout;
}

/** Side of a tile and the gap after it, in pixels. */
const TILE = 56;
const GAP = 2;

/** Ten float16. */
const BYTES_PER_IMAGE = 20;

async function fetchBytes(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response.arrayBuffer();
}

const VERDICTS = ['right', 'wrong'] as const;

const classIn = (text: string | undefined): number | null => (/^\d$/.test(text ?? '') ? Number(text) : null);

/** The filter that the address asks for; what is broken is left out. */
function filterOf(view: View): Filter {
  const from = integerIn(view['from'], 0, 100, NO_FILTER.from);
  const to = integerIn(view['to'], 0, 100, NO_FILTER.to);
  return {
    label: classIn(view['label']),
    answer: classIn(view['answer']),
    verdict: VERDICTS.find((verdict) => verdict === view['verdict']) ?? null,
    order: oneOf(view['order'], ['byId', 'surest', 'unsurest'], 'byId'),
    from: Math.min(from, to),
    to: Math.max(from, to),
  };
}

/** Figure 3 in the browser: everything is loaded when a reader asks for it, or when a link does. */
export function mount({ figure, lang, data: given }: FigureParts): void {
  const data = given as PredictionsData;
  const first = figure.querySelector<HTMLElement>('.first')!;
  const explorer = figure.querySelector<HTMLElement>('.explorer')!;
  const button = first.querySelector<HTMLButtonElement>('[data-explore]')!;

  // What is asked for while the predictions are loading counts, not what was asked for first.
  let wanted: View = {};
  async function open(view: View): Promise<void> {
    wanted = view;
    if (button.disabled) return;
    const failure = first.querySelector<HTMLElement>('.failure')!;
    failure.textContent = '';
    button.disabled = true;
    try {
      const [probabilities, labels] = await Promise.all([
        fetchBytes(data.predictions),
        fetchBytes(data.labels),
      ]);
      if (probabilities.byteLength !== BYTES_PER_IMAGE * labels.byteLength) {
        throw new Error('The predictions are not those of these images.');
      }
      const values = decodeFloat16(new Uint16Array(probabilities));
      first.hidden = true;
      explorer.hidden = false;
      explore(figure, explorer, lang, data, values, new Uint8Array(labels), wanted);
    } catch {
      failure.textContent = t(lang, 'loadFailed');
    } finally {
      button.disabled = false;
    }
  }

  // After a failure: what was asked for, once more.
  button.addEventListener('click', () => void open(wanted));
  const asked = readView(figure.id);
  if (Object.keys(asked).length > 0) void open(asked);
  figure.addEventListener('explore', (event) => {
    const view = (event as CustomEvent<View>).detail;
    if (explorer.hidden) void open(view);
  });
}

function explore(
  figure: HTMLElement,
  explorer: HTMLElement,
  lang: FigureParts['lang'],
  data: PredictionsData,
  probabilities: Float32Array,
  labels: Uint8Array,
  view: View,
): void {
  const predictions = predictionsOf(probabilities, labels);
  const find = <T extends HTMLElement>(selector: string): T => explorer.querySelector<T>(selector)!;
  const form = find<HTMLFormElement>('.filters');
  const grid = find('.grid');
  const rows = find('.rows');
  const canvas = find<HTMLCanvasElement>('canvas');
  const detail = find('.detail');
  const failure = find('.failure');
  const control = (name: string) => form.elements.namedItem(name) as HTMLSelectElement | HTMLInputElement;

  let filter = filterOf(view);
  let found: Prediction[] = [];
  let chosen = classlessIndex(view['image']);
  const tiles = new Map<number, HTMLElement>();
  const sheets: Sheets = openSheets(data.sheets, data.layout, () => {
    const retry = retryButton(lang, () => {
      failure.replaceChildren();
      sheets.retry();
      clear();
      render();
      showDetail();
    });
    failure.replaceChildren(t(lang, 'picturesFailed'), retry);
  });

  /** Id of the image in the detail pane. */
  function classlessIndex(text: string | undefined): number {
    return integerIn(text, 0, labels.length - 1, -1);
  }

  function clear(): void {
    for (const tile of tiles.values()) tile.remove();
    tiles.clear();
  }

  const columns = () => Math.max(1, Math.floor((grid.clientWidth + GAP) / (TILE + GAP)));

  /** Puts tiles where the window of the grid is, and takes away those that left it. */
  function render(): void {
    const perRow = columns();
    const step = TILE + GAP;
    rows.style.height = `${Math.ceil(found.length / perRow) * step}px`;
    const from = Math.max(0, Math.floor(grid.scrollTop / step) - 2) * perRow;
    const to = Math.min(found.length, (Math.ceil((grid.scrollTop + grid.clientHeight) / step) + 2) * perRow);
    for (const [index, tile] of tiles) {
      if (index < from || index >= to) {
        tile.remove();
        tiles.delete(index);
      }
    }
    for (let index = from; index < to; index++) {
      const { id, label, answer } = found[index]!;
      let tile = tiles.get(index);
      if (!tile) {
        tile = document.createElement('div');
        tile.dataset['index'] = String(index);
        tile.style.width = tile.style.height = `${TILE}px`;
        sheets.show(tile, id, TILE);
        rows.append(tile);
        tiles.set(index, tile);
      }
      tile.className = `tile${label === answer ? '' : ' wrong'}${id === chosen ? ' chosen' : ''}`;
      tile.style.left = `${(index % perRow) * step}px`;
      tile.style.top = `${Math.floor(index / perRow) * step}px`;
    }
  }

  function showDetail(): void {
    const prediction = predictions[chosen];
    detail.hidden = !prediction;
    if (!prediction) return;
    const { id, label, answer } = prediction;
    find('.sentence').textContent = describePrediction(prediction, lang);
    canvas.setAttribute('aria-label', longName(label, lang));
    // A failure is said below the grid.
    sheets.draw(canvas, id).catch(() => canvas.getContext('2d')?.clearRect(0, 0, 28, 28));
    find('.probabilities').replaceChildren(
      ...Array.from({ length: 10 }, (_, each) => {
        const probability = probabilities[10 * id + each]!;
        const item = document.createElement('li');
        if (each === label) item.classList.add('label');
        if (each === answer) item.classList.add('answer');
        const name = document.createElement('span');
        name.textContent = longName(each, lang);
        const bar = document.createElement('span');
        bar.className = 'bar';
        const fill = document.createElement('span');
        fill.style.width = `${probability * 100}%`;
        bar.append(fill);
        const value = document.createElement('span');
        value.className = 'value';
        value.textContent = `${(probability * 100).toFixed(1)}%`;
        item.append(name, bar, value);
        return item;
      }),
    );
  }

  function choose(index: number): void {
    const prediction = found[Math.min(found.length - 1, Math.max(0, index))];
    if (!prediction) return;
    chosen = prediction.id;
    render();
    showDetail();
    save();
  }

  function save(): void {
    const number = (value: number | null) => (value === null ? undefined : String(value));
    writeView(figure.id, {
      label: number(filter.label),
      answer: number(filter.answer),
      verdict: filter.verdict ?? undefined,
      order: filter.order === 'byId' ? undefined : filter.order,
      from: filter.from === 0 ? undefined : String(filter.from),
      to: filter.to === 100 ? undefined : String(filter.to),
      image: chosen === -1 ? undefined : String(chosen),
    });
  }

  /** Applies the filter; the chosen image stays chosen where it passes. */
  function apply(): void {
    control('label').value = filter.label === null ? '' : String(filter.label);
    control('answer').value = filter.answer === null ? '' : String(filter.answer);
    control('verdict').value = filter.verdict ?? '';
    control('order').value = filter.order === 'byId' ? '' : filter.order;
    control('from').value = String(filter.from);
    control('to').value = String(filter.to);
    find('output').textContent = `${filter.from}%–${filter.to}%`;
    found = select(predictions, filter);
    find('.count').textContent = describeSelection(found.length, filter, lang);
    if (!found.some(({ id }) => id === chosen)) chosen = found[0]?.id ?? -1;
    clear();
    grid.scrollTop = 0;
    render();
    showDetail();
    save();
  }

  form.addEventListener('input', () => {
    const from = Number(control('from').value);
    const to = Number(control('to').value);
    filter = filterOf({
      label: control('label').value,
      answer: control('answer').value,
      verdict: control('verdict').value,
      order: control('order').value,
      from: String(Math.min(from, to)),
      to: String(Math.max(from, to)),
    });
    apply();
  });
  find('[data-selection]').addEventListener('click', () => {
    const heading = ['image', 'label', 'answer', 'confidence'];
    const rows = found.map(({ id, label, answer, confidence }) => [id, label, answer, confidence.toFixed(4)]);
    saveFile(`${figure.id}.csv`, csvFile([heading, ...rows.map((row) => row.map(String))]));
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  grid.addEventListener('scroll', () => requestAnimationFrame(render), { passive: true });
  grid.addEventListener('click', (event) => {
    const tile = (event.target as HTMLElement).closest<HTMLElement>('.tile');
    if (tile) choose(Number(tile.dataset['index']));
  });
  grid.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const current = found.findIndex(({ id }) => id === chosen);
    const next: Record<string, number> = {
      ArrowRight: current + 1,
      ArrowLeft: current - 1,
      ArrowDown: current + columns(),
      ArrowUp: current - columns(),
      Home: 0,
      End: found.length - 1,
    };
    const index = next[event.key];
    if (index === undefined) return;
    event.preventDefault();
    choose(index);
    const top = Math.floor(Math.max(0, Math.min(index, found.length - 1)) / columns()) * (TILE + GAP);
    if (top < grid.scrollTop) grid.scrollTop = top;
    if (top + TILE > grid.scrollTop + grid.clientHeight) grid.scrollTop = top + TILE - grid.clientHeight;
  });
  new ResizeObserver(() => {
    clear();
    render();
  }).observe(grid);
  figure.addEventListener('explore', (event) => {
    filter = filterOf((event as CustomEvent<View>).detail);
    apply();
  });
  apply();
}
