import { decodeFloat16 } from '../../../../artifacts/float16.ts';
import { fetchOk, saveFile } from '../../../../client/files.ts';
import { showFailure } from '../../../../client/loading.ts';
import { integerIn, oneOf, readView, writeView, type View } from '../../../../client/url-state.ts';
import { CLASS_COUNT } from '../../../../data/dataset.ts';
import type { SheetLayout } from '../../../../data/sprites.ts';
import { predictionsOf, type Prediction } from '../../../../evaluation/metrics.ts';
import { charts as t } from '../../../../i18n/charts.ts';
import { longName } from '../../../../i18n/site.ts';
import { percent } from '../../../../i18n/format.ts';
import { describePrediction, describeSelection, NO_FILTER, select, type Filter } from '../../predictions.ts';
import { arrowKey } from '../choice.ts';
import { csvFile } from '../downloads.ts';
import type { FigureParts } from '../figure.ts';
import { offerOwnResult } from '../own-result.ts';
import { Tiles } from '../tiles.ts';

interface PredictionsData {
  predictions: string;
  labels: string;
  sheets: string[];
  layout: SheetLayout;
}

/** Side of a tile and the gap after it, in pixels. */
const TILE = 56;
const GAP = 2;
const STEP = TILE + GAP;

const BYTES_PER_FLOAT16 = 2;

const fetchBytes = async (url: string): Promise<ArrayBuffer> => (await fetchOk(url)).arrayBuffer();

const classIn = (text: string | undefined): number | null => (/^\d$/.test(text ?? '') ? Number(text) : null);

/** The filter that the address or the form asks for; invalid parts are ignored. */
function filterOf(view: View): Filter {
  const from = integerIn(view['from'], 0, 100, NO_FILTER.from);
  const to = integerIn(view['to'], 0, 100, NO_FILTER.to);
  return {
    label: classIn(view['label']),
    answer: classIn(view['answer']),
    verdict: oneOf<'right' | 'wrong' | ''>(view['verdict'], ['right', 'wrong'], '') || null,
    order: oneOf(view['order'], ['byId', 'surest', 'unsurest'], 'byId'),
    from: Math.min(from, to),
    to: Math.max(from, to),
  };
}

/** The inverse of {@link filterOf}. */
const viewOf = (filter: Filter): View =>
  Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value ?? '')]));

const NO_VIEW = viewOf(NO_FILTER);

/** Figure 3: all test images, to filter and to look at; they are loaded when a reader or a link requests them. */
export function mount(parts: FigureParts): void {
  const { figure, lang } = parts;
  const data = parts.data as PredictionsData;
  const first = figure.querySelector<HTMLElement>('.first')!;
  const explorer = figure.querySelector<HTMLElement>('.explorer')!;
  const button = first.querySelector<HTMLButtonElement>('[data-explore]')!;

  // The last view that is asked for while the predictions are loading counts.
  let wanted: View = {};
  async function open(view: View): Promise<void> {
    wanted = view;
    if (button.disabled) return;
    const failure = first.querySelector<HTMLElement>('.failure')!;
    failure.textContent = '';
    button.disabled = true;
    try {
      const [probabilities, labels] = await Promise.all([data.predictions, data.labels].map(fetchBytes));
      if (probabilities!.byteLength !== CLASS_COUNT * BYTES_PER_FLOAT16 * labels!.byteLength) {
        throw new Error('The predictions are not those of these images.');
      }
      const values = decodeFloat16(new Uint16Array(probabilities!));
      first.hidden = true;
      explorer.hidden = false;
      explore(parts, explorer, values, new Uint8Array(labels!), wanted);
    } catch {
      failure.textContent = t(lang, 'loadFailed');
    } finally {
      button.disabled = false;
    }
  }

  // After a failure the button asks for the same view once more.
  button.addEventListener('click', () => void open(wanted));
  const asked = readView(figure.id);
  if (Object.keys(asked).length > 0) void open(asked);
  figure.addEventListener('explore', (event) => {
    if (explorer.hidden) void open((event as CustomEvent<View>).detail);
  });
}

/** @param probabilities [n × 10], row by row @param labels [n] @param view that is shown first */
function explore(
  { figure, lang, data }: FigureParts,
  explorer: HTMLElement,
  probabilities: Float32Array,
  labels: Uint8Array,
  view: View,
): void {
  let values = probabilities;
  let predictions = predictionsOf(values, labels);
  const find = <T extends HTMLElement>(selector: string): T => explorer.querySelector<T>(selector)!;
  const [form, canvas] = [find<HTMLFormElement>('.filters'), find<HTMLCanvasElement>('canvas')];
  const [grid, rows, detail, failure] = [find('.grid'), find('.rows'), find('.detail'), find('.failure')];

  let filter = filterOf(view);
  let found: Prediction[] = [];
  /** Number of the image in the detail pane; -1 for none. */
  let chosen = integerIn(view['image'], 0, labels.length - 1, -1);
  /** The tiles in the document, by their place among the images found. */
  const shown = new Map<number, HTMLElement>();
  const { sheets, layout } = data as PredictionsData;
  const tiles = new Tiles(sheets, layout, () => {
    showFailure(failure, lang, t(lang, 'picturesFailed'), () => {
      failure.replaceChildren();
      clear();
      render();
      showDetail();
    });
  });

  function clear(): void {
    for (const tile of shown.values()) tile.remove();
    shown.clear();
  }

  const columns = () => Math.max(1, Math.floor((grid.clientWidth + GAP) / STEP));

  /** Puts tiles where the window of the grid is, and removes those that have left it. */
  function render(): void {
    const perRow = columns();
    rows.style.height = `${Math.ceil(found.length / perRow) * STEP}px`;
    const from = Math.max(0, Math.floor(grid.scrollTop / STEP) - 2) * perRow;
    const to = Math.min(found.length, (Math.ceil((grid.scrollTop + grid.clientHeight) / STEP) + 2) * perRow);
    for (const [index, tile] of shown) {
      if (index >= from && index < to) continue;
      tile.remove();
      shown.delete(index);
    }
    for (let index = from; index < to; index++) {
      const { id, label, answer } = found[index]!;
      let tile = shown.get(index);
      if (!tile) {
        tile = document.createElement('div');
        tile.dataset['index'] = String(index);
        tile.style.width = tile.style.height = `${TILE}px`;
        tiles.show(tile, id, TILE);
        rows.append(tile);
        shown.set(index, tile);
      }
      tile.className = `tile${label === answer ? '' : ' wrong'}${id === chosen ? ' chosen' : ''}`;
      tile.style.left = `${(index % perRow) * STEP}px`;
      tile.style.top = `${Math.floor(index / perRow) * STEP}px`;
    }
  }

  function showDetail(): void {
    const prediction = predictions[chosen];
    detail.hidden = !prediction;
    if (!prediction) return;
    const { id, label, answer } = prediction;
    find('.sentence').textContent = describePrediction(prediction, lang);
    canvas.setAttribute('aria-label', longName(label, lang));
    void tiles.draw(canvas, id, () => chosen === id);
    find('.probabilities').replaceChildren(
      ...Array.from({ length: CLASS_COUNT }, (_, each) => {
        const share = values[CLASS_COUNT * id + each]!;
        const item = document.createElement('li');
        item.classList.toggle('label', each === label);
        item.classList.toggle('answer', each === answer);
        const [name, bar, fill, value] = Array.from({ length: 4 }, () => document.createElement('span'));
        name!.textContent = longName(each, lang);
        bar!.className = 'bar';
        fill!.style.width = `${100 * share}%`;
        bar!.append(fill!);
        value!.className = 'value';
        value!.textContent = percent(lang, share, 1);
        item.append(name!, bar!, value!);
        return item;
      }),
    );
  }

  function choose(index: number): void {
    const prediction = found[index];
    if (!prediction) return;
    chosen = prediction.id;
    render();
    showDetail();
    save();
  }

  function save(): void {
    const changed = Object.entries(viewOf(filter)).filter(([name, text]) => text !== NO_VIEW[name]);
    const image = chosen === -1 ? undefined : String(chosen);
    writeView(figure.id, { ...Object.fromEntries(changed), image });
  }

  /** Applies a filter; the chosen image stays chosen where it passes. */
  function apply(view: View): void {
    filter = filterOf(view);
    for (const [name, text] of Object.entries(viewOf(filter))) {
      (form.elements.namedItem(name) as HTMLSelectElement | HTMLInputElement).value = text;
    }
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

  form.addEventListener('input', () => apply(Object.fromEntries(new FormData(form)) as View));
  form.addEventListener('submit', (event) => event.preventDefault());
  find('[data-selection]').addEventListener('click', () => {
    const heading = ['image', 'label', 'answer', 'confidence'];
    const rows = found.map(({ id, label, answer, confidence }) => [id, label, answer, confidence.toFixed(4)]);
    saveFile(`${figure.id}.csv`, csvFile([heading, ...rows.map((row) => row.map(String))]));
  });
  grid.addEventListener('scroll', () => requestAnimationFrame(render), { passive: true });
  grid.addEventListener('click', (event) => {
    const tile = (event.target as HTMLElement).closest<HTMLElement>('.tile');
    if (tile) choose(Number(tile.dataset['index']));
  });
  grid.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const current = found.findIndex(({ id }) => id === chosen);
    const next = arrowKey(event.key, current, found.length, columns());
    if (next === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(next, found.length - 1));
    choose(index);
    const top = Math.floor(index / columns()) * STEP;
    if (top < grid.scrollTop) grid.scrollTop = top;
    if (top + TILE > grid.scrollTop + grid.clientHeight) grid.scrollTop = top + TILE - grid.clientHeight;
  });
  new ResizeObserver(() => {
    clear();
    render();
  }).observe(grid);
  figure.addEventListener('explore', (event) => apply((event as CustomEvent<View>).detail));
  apply(view);
  offerOwnResult(form, lang, (own) => {
    values = own?.probabilities ?? probabilities;
    predictions = predictionsOf(values, labels);
    apply(viewOf(filter));
  });
}
