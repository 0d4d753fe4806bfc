/**
 * Lets a reader choose two published runs and redraws the figures that compare them. What was drawn stays until both
 * runs have arrived, and where one does not.
 */
import { decodeFloat16 } from '../../../artifacts/float16.ts';
import { ArtifactError } from '../../../artifacts/integrity.ts';
import { CLASS_COUNT } from '../../../data/dataset.ts';
import { fetchVerified } from '../../../engines/web/files.ts';
import { EngineError } from '../../../engines/web/protocol.ts';
import { languageOf, type Lang } from '../../../i18n/languages.ts';
import { asset } from '../../../i18n/paths.ts';
import { runs as t } from '../../../i18n/report.ts';
import { comparePredictions } from '../../../evaluation/mcnemar.ts';
import { predictedClasses } from '../../../evaluation/metrics.ts';
import {
  changeStyles,
  describeChange,
  greatestChange,
  MATRIX_VIEWS,
  type MatrixView,
} from '../../charts/confusion-change.ts';
import { matrixChart } from '../../charts/confusion.ts';
import { makeCellChoice } from '../../charts/client/cells.ts';
import { makeChartChoice } from '../../charts/client/choice.ts';
import { epochPoints } from '../../charts/curves.ts';
import { anchorOf } from '../../charts/figures.ts';
import { choiceButtons, fillTable, partsOf, redraw, setText } from '../../charts/client/figure.ts';
import { describePair, lastEpoch, pairChart } from '../../charts/pair-curves.ts';
import { NONE, type PointableGraphic } from '../../charts/svg.ts';
import { integerIn, oneOf, readView, writeView } from '../../../client/url-state.ts';
import { once, showFailure } from '../../../client/loading.ts';
import {
  curvesAlt,
  curvesTable,
  matricesOf,
  matrixAlt,
  matrixTable,
  summaryText,
  type ComparedRun,
  type ComparisonSetup,
  type Pair,
} from '../run-pair.ts';

const VIEW = 'compare';

interface Loaded extends ComparedRun {
  answers: Uint8Array;
}

export function start(section: HTMLElement): void {
  const json = section.querySelector(':scope > script[type="application/json"]')?.textContent;
  if (!json) return;
  const setup = JSON.parse(json) as ComparisonSetup;
  const lang = languageOf(section.dataset['lang']);
  const part = <E extends HTMLElement>(selector: string): E => section.querySelector<E>(selector)!;
  const selects = [
    part<HTMLSelectElement>('[name=first]'),
    part<HTMLSelectElement>('[name=second]'),
  ] as const;
  const [status, summary] = [part('.status'), part('.summary')];
  const curves = partsOf(part(`#${anchorOf('compare-curves')}`));
  const matrix = partsOf(part(`#${anchorOf('compare-matrix')}`));
  const slider = curves.figure.querySelector('input')!;

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
  let curveCharts: PointableGraphic[] = [];
  let matrixCharts: PointableGraphic[] = [];

  /** The last epoch where none is chosen. */
  const epochOf = (chosen: number): number => Math.min(chosen === NONE ? Infinity : chosen, lastEpoch(pair));

  function save(): void {
    writeView(VIEW, {
      first: wanted[0] === standard[0] ? undefined : wanted[0],
      second: wanted[1] === standard[1] ? undefined : wanted[1],
      show: view === 'change' ? undefined : view,
      cell: cell.text,
      epoch: epoch.chosen === NONE ? undefined : String(epoch.chosen),
    });
  }

  function draw(): void {
    const matrices = matricesOf(pair);
    curveCharts = redraw(curves, (width) => pairChart(pair, width, lang), curvesAlt(pair, lang));
    matrixCharts = redraw(
      matrix,
      (width) => matrixChart(changeStyles(matrices, view, lang), width, lang),
      matrixAlt(matrices, lang),
    );
    markView(view);
    fillTable(curves, curvesTable(pair, lang));
    fillTable(matrix, matrixTable(matrices, lang));
    for (const name of section.querySelectorAll<HTMLElement>('[data-run]')) {
      name.textContent = pair[Number(name.dataset['run'])]!.id;
    }
    slider.max = String(lastEpoch(pair));
  }

  function redrawPair(): void {
    draw();
    slider.value = String(epochOf(epoch.chosen));
    epoch.show();
    cell.show();
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
      matrix: (confusion as ComparedRun).matrix,
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
    if (wanted.every((id, i) => id === pair[i]!.id)) {
      setText(status, '');
      return;
    }
    setText(status, t(lang, 'pairLoading'));
    try {
      const [first, second, truth] = await Promise.all([
        loads.get(wanted[0])!(),
        loads.get(wanted[1])!(),
        loadLabels(),
      ]);
      if (mine !== latest) return;
      pair = [first, second];
      setText(
        summary,
        summaryText(pair, comparePredictions(truth, first.answers, second.answers, CLASS_COUNT), lang),
      );
      setText(status, '');
      redrawPair();
    } catch (error) {
      if (mine !== latest) return;
      const kept = t(lang, 'pairKept', { first: pair[0].id, second: pair[1].id });
      showFailure(status, lang, `${failureText(error, lang)} ${kept}`, () => void show());
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

  const markView = choiceButtons(matrix, 'show', MATRIX_VIEWS, (chosen) => {
    view = chosen;
    redrawPair();
    save();
  });
  draw();
  const epoch = makeChartChoice(curves, {
    chosen: asked['epoch'] === undefined ? NONE : integerIn(asked['epoch'], 1, 1000, 1),
    charts: () =>
      curveCharts.map((chart) => ({ ...chart, cursor: (chosen) => chart.cursor(epochOf(chosen)) })),
    describe: (chosen) => describePair(pair, epochOf(chosen), lang),
    save,
  });
  const cell = makeCellChoice(matrix, {
    asked: asked['cell'],
    charts: () => matrixCharts,
    standard: () => greatestChange(matricesOf(pair)),
    describe: ({ row, column }) => describeChange(matricesOf(pair), row, column, lang),
    onChoice: save,
  });
  slider.value = String(epochOf(epoch.chosen));
  void show();
}

/** The pair with a run on one side (0 or 1) of it; one that stands on the other side already changes places. */
function withRun([first, second]: readonly [string, string], side: number, id: string): [string, string] {
  return side === 0 ? [id, id === second ? first : second] : [id === first ? second : first, id];
}

/** @throws what is no failure to load */
function failureText(error: unknown, lang: Lang): string {
  if (error instanceof ArtifactError) {
    return t(lang, 'pairDamaged', { file: `${error.id}/${error.file}`, reason: error.reason });
  }
  if (!(error instanceof EngineError)) throw error;
  return error.fault ? t(lang, 'pairMissing', { file: error.fault.file }) : t(lang, 'pairUnreachable');
}
