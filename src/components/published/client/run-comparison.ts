/**
 * Lets a reader choose two published runs and redraws the figures that compare them. What was drawn stays until both
 * runs have arrived, and where one does not.
 */
import { decodeFloat16 } from '../../../artifacts/float16.ts';
import { ArtifactError } from '../../../artifacts/errors.ts';
import { CLASS_COUNT } from '../../../data/classes.ts';
import { EngineError, fetchVerified } from '../../../engines/web/files.ts';
import { languageOf, type Lang } from '../../../i18n/languages.ts';
import { asset } from '../../../i18n/paths.ts';
import { runs as t } from '../../../i18n/runs.ts';
import { comparePredictions } from '../../../evaluation/mcnemar.ts';
import { predictedClasses } from '../../../evaluation/metrics.ts';
import {
  describeChange,
  greatestChange,
  MATRIX_VIEWS,
  matrixPairGeometry,
  type MatrixView,
} from '../../charts/confusion-change.ts';
import { drawConfusion, drawConfusionCursor, type ConfusionGeometry } from '../../charts/confusion.ts';
import { cellAt, cellByKey, type Place } from '../../charts/client/cells.ts';
import { epochPoints } from '../../charts/curves.ts';
import { choices, markChoice, placeIn, variantsOf } from '../../charts/client/figure.ts';
import { crosshair, nearestValue, type LineChart } from '../../charts/line-chart.ts';
import { describePair, lastEpoch, pairChart } from '../../charts/pair-curves.ts';
import { integerIn, oneOf, readView, writeView } from '../../../client/url-state.ts';
import { once } from '../../../client/once.ts';
import {
  curvesAlt,
  curvesTable,
  matricesOf,
  matrixAlt,
  matrixTable,
  summaryText,
  type Contestant,
  type Pair,
  type Table,
} from '../run-pair.ts';
import type { CompareSetup } from '../compare-setup.ts';

const VIEW = 'compare';

interface Loaded extends Contestant {
  answers: Uint8Array;
}

/** Brings the section to life. */
export function start(section: HTMLElement): void {
  const json = section.querySelector(':scope > script[type="application/json"]')?.textContent;
  if (!json) return;
  const setup = JSON.parse(json) as CompareSetup;
  const lang = languageOf(section.dataset['lang']);
  const part = <E extends HTMLElement>(selector: string): E => section.querySelector<E>(selector)!;
  const selects = [
    part<HTMLSelectElement>('[name=first]'),
    part<HTMLSelectElement>('[name=second]'),
  ] as const;
  const [status, retry, summary] = [part('.status'), part<HTMLButtonElement>('.retry'), part('.summary')];
  const curves = part('#fig-compare-curves');
  const matrix = part('#fig-compare-matrix');
  const [slider, plot] = [curves.querySelector('input')!, matrix.querySelector<HTMLElement>('.plot')!];
  const [pictures, cells] = [variantsOf(curves), variantsOf(matrix)];

  const ids = setup.published.map(({ id }) => id);
  const asked = readView(VIEW);
  const standard = setup.pair.map(({ id }) => id) as [string, string];
  let wanted: [string, string] = [
    oneOf(asked['first'], ids, standard[0]),
    oneOf(asked['second'], ids, standard[1]),
  ];
  if (wanted[0] === wanted[1]) wanted = standard;
  // A choice may have been made before this script had arrived.
  selects.forEach(({ value }, side) => {
    if (value !== standard[side]) wanted = withRun(wanted, side, value);
  });
  let pair: Pair = setup.pair;
  let view: MatrixView = oneOf(asked['show'], MATRIX_VIEWS, 'change');
  const cell = /^(\d)\.(\d)$/.exec(asked['cell'] ?? '');
  let chosen: Place | null = cell ? { row: Number(cell[1]), column: Number(cell[2]) } : null;
  /** Null for the last one. */
  let epoch = asked['epoch'] === undefined ? null : integerIn(asked['epoch'], 1, 1000, 1);
  let drawn: { curves: LineChart[]; cells: ConfusionGeometry[] } = { curves: [], cells: [] };

  const epochShown = (): number => Math.min(epoch ?? Infinity, lastEpoch(pair));

  function save(): void {
    writeView(VIEW, {
      first: wanted[0] === standard[0] ? undefined : wanted[0],
      second: wanted[1] === standard[1] ? undefined : wanted[1],
      show: view === 'change' ? undefined : view,
      cell: chosen ? `${chosen.row}.${chosen.column}` : undefined,
      epoch: epoch === null ? undefined : String(epoch),
    });
  }

  function pointEpoch(at: number): void {
    pictures.forEach(({ svg }, i) => {
      svg.querySelector('.cursor')!.innerHTML = crosshair(drawn.curves[i]!, at);
    });
    say(curves.querySelector('.readout'), describePair(pair, at, lang));
  }

  function pointCell(place: Place | null): void {
    cells.forEach(({ svg }, i) => {
      svg.querySelector('.cursor')!.innerHTML = place
        ? drawConfusionCursor(drawn.cells[i]!, place.row, place.column)
        : '';
    });
    const { row, column } = place ?? greatestChange(matricesOf(pair));
    say(matrix.querySelector('.readout'), describeChange(matricesOf(pair), row, column, lang));
  }

  function draw(): void {
    const matrices = matricesOf(pair);
    drawn = {
      curves: pictures.map(({ svg, width }) => {
        const chart = pairChart(pair, width, lang);
        svg.setAttribute('aria-label', curvesAlt(pair, lang));
        svg.innerHTML = chart.content;
        return chart;
      }),
      cells: cells.map(({ svg, width }) => {
        const geometry = matrixPairGeometry(matrices, view, width);
        svg.setAttribute('aria-label', matrixAlt(matrices, lang));
        svg.innerHTML = drawConfusion(geometry, lang).content;
        return geometry;
      }),
    };
    markChoice(matrix, 'show', view);
    fill(curves, curvesTable(pair, lang));
    fill(matrix, matrixTable(matrices, lang));
    for (const name of section.querySelectorAll<HTMLElement>('[data-run]')) {
      name.textContent = pair[Number(name.dataset['run'])]!.id;
    }
    slider.max = String(lastEpoch(pair));
    slider.value = String(epochShown());
    pointEpoch(epochShown());
    pointCell(chosen);
  }

  async function loadRun({ id, trained, files }: (typeof setup.published)[number]): Promise<Loaded> {
    const source = { id, url: asset(`/models/${id}/`), files };
    const text = async (name: string): Promise<unknown> =>
      // The build has checked these very bytes, which their hash tells.
      JSON.parse(new TextDecoder().decode(await fetchVerified(source, name)));
    const [history, confusion, predictions] = await Promise.all([
      trained ? text('history.json') : null,
      text('confusion.json'),
      fetchVerified(source, 'predictions.bin'),
    ]);
    return {
      id,
      epochs: epochPoints(history as Parameters<typeof epochPoints>[0]),
      matrix: (confusion as Contestant).matrix,
      answers: predictedClasses(decodeFloat16(new Uint16Array(predictions)), CLASS_COUNT),
    };
  }

  const loads = new Map(setup.published.map((run) => [run.id, once(() => loadRun(run))]));
  const loadLabels = once(async () => {
    const { file } = setup.labels;
    const source = { id: 'data', url: asset('/data/'), files: { [file]: setup.labels } };
    return new Uint8Array(await fetchVerified(source, file));
  });

  let latest = 0;
  async function show(): Promise<void> {
    const mine = ++latest;
    selects.forEach((select, i) => (select.value = wanted[i]!));
    retry.hidden = true;
    if (wanted.every((id, i) => id === pair[i]!.id)) {
      say(status, '');
      return;
    }
    say(status, t(lang, 'pairLoading'));
    try {
      const [first, second, truth] = await Promise.all([
        loads.get(wanted[0])!(),
        loads.get(wanted[1])!(),
        loadLabels(),
      ]);
      if (mine !== latest) return;
      pair = [first, second];
      say(
        summary,
        summaryText(pair, comparePredictions(truth, first.answers, second.answers, CLASS_COUNT), lang),
      );
      say(status, '');
      draw();
    } catch (error) {
      if (mine !== latest) return;
      const kept = t(lang, 'pairKept', { first: pair[0].id, second: pair[1].id });
      say(status, `${failureText(error, lang)} ${kept}`);
      retry.hidden = false;
    }
  }

  function choose(next: [string, string]): void {
    wanted = next;
    save();
    void show();
  }

  selects.forEach((select, i) =>
    select.addEventListener('change', () => choose(withRun(wanted, i, select.value))),
  );
  part('.swap').addEventListener('click', () => choose([wanted[1], wanted[0]]));
  retry.addEventListener('click', () => void show());

  slider.addEventListener('input', () => {
    epoch = Number(slider.value);
    pointEpoch(epoch);
  });
  slider.addEventListener('change', save);
  pictures.forEach(({ svg }, i) => {
    const at = (event: PointerEvent): number => nearestValue(drawn.curves[i]!, placeIn(svg, event).x);
    svg.addEventListener('pointermove', (event) => pointEpoch(at(event)));
    svg.addEventListener('pointerleave', () => pointEpoch(epochShown()));
    svg.addEventListener('click', (event) => {
      epoch = at(event as PointerEvent);
      slider.value = String(epoch);
      pointEpoch(epoch);
      save();
    });
  });

  const chooseCell = (place: Place | null): void => {
    chosen = place;
    pointCell(place);
    save();
  };
  for (const button of choices(matrix, 'show')) {
    button.addEventListener('click', () => {
      view = oneOf(button.dataset['value'], MATRIX_VIEWS, 'change');
      draw();
      save();
    });
  }
  cells.forEach(({ svg }, i) => {
    const under = (event: PointerEvent): Place | null => cellAt(drawn.cells[i]!, svg, event);
    svg.addEventListener('pointermove', (event) => pointCell(under(event) ?? chosen));
    svg.addEventListener('pointerleave', () => pointCell(chosen));
    svg.addEventListener('click', (event) => chooseCell(under(event as PointerEvent)));
  });
  plot.addEventListener('keydown', (event) => {
    const next = cellByKey(event, chosen, greatestChange(matricesOf(pair)));
    if (next === undefined) return;
    chooseCell(next);
    event.preventDefault();
  });

  draw();
  void show();
}

/** The pair with a run on one side (0 or 1) of it; one that stands on the other side already changes places. */
function withRun([first, second]: readonly [string, string], side: number, id: string): [string, string] {
  return side === 0 ? [id, id === second ? first : second] : [id === first ? second : first, id];
}

/** Changes a text only where it differs: a live region speaks of every change. */
function say(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Writes the table of a figure anew. */
function fill(figure: HTMLElement, { columns, rows }: Table): void {
  const cell = (name: 'td' | 'th', text: string | number, scope?: string): HTMLElement => {
    const made = document.createElement(name);
    made.textContent = String(text);
    if (scope) made.setAttribute('scope', scope);
    return made;
  };
  const row = (parts: HTMLElement[]): HTMLElement => {
    const made = document.createElement('tr');
    made.append(...parts);
    return made;
  };
  figure
    .querySelector('.tools thead')
    ?.replaceChildren(row(columns.map((column) => cell('th', column, 'col'))));
  figure
    .querySelector('.tools tbody')
    ?.replaceChildren(
      ...rows.map((values) =>
        row(values.map((value, i) => (i === 0 ? cell('th', value, 'row') : cell('td', value)))),
      ),
    );
}

/** @throws what is no failure to load */
function failureText(error: unknown, lang: Lang): string {
  if (error instanceof ArtifactError) {
    return t(lang, 'pairDamaged', { file: `${error.id}/${error.file}`, reason: error.reason });
  }
  if (!(error instanceof EngineError)) throw error;
  return error.fault ? t(lang, 'pairMissing', { file: error.fault.file }) : t(lang, 'pairUnreachable');
}
