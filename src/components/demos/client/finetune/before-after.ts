/** The network before a lesson and after it: what it gained and what that cost, on the same images. */
import { CLASS_COUNT, SHIRT } from '../../../../data/dataset.ts';
import { className } from '../../../../i18n/site.ts';
import { confusionMatrix, countCorrect, wilsonInterval } from '../../../../evaluation/metrics.ts';
import { changeStyles, MATRIX_VIEWS, type MatrixView } from '../../../charts/confusion-change.ts';
import { matrixChart } from '../../../charts/confusion.ts';
import { WIDTHS } from '../../../charts/svg.ts';
import { tradeChart, type TradePoint } from '../../../charts/trade.ts';
import type { Evaluation } from '../../../../engines/web/lesson-run.ts';
import { list, number, percent, sentences, signed } from '../../../../i18n/format.ts';
import type { LabelledImages } from '../../../../training/lessons.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { create, drawChart, element } from '../dom.ts';
import { compareClasses, total, type ClassChange } from './class-changes.ts';
import type { RunResult } from './lesson-store.ts';

/** Wider than this, a chart would be drawn for the report's column. */
const WIDEST = 480;

type When = 'before' | 'after';

export function createBeforeAfter({ lang, t }: FinetuneWords) {
  const matrix = document.querySelector<SVGElement>('[data-matrix]')!;
  const views = [...document.querySelectorAll<HTMLButtonElement>('[data-view]')];
  let matrices: readonly [number[][], number[][]] | null = null;
  let view: MatrixView = 'change';

  const width = (svg: Element) => Math.max(WIDTHS.narrow, Math.min(svg.clientWidth, WIDEST));

  function showMatrix(): void {
    for (const button of views) button.setAttribute('aria-pressed', String(button.dataset['view'] === view));
    if (matrices)
      drawChart(
        matrix,
        matrixChart(changeStyles({ ids: ['', ''], matrices }, view, lang), width(matrix), lang),
      );
  }
  for (const button of views) {
    button.addEventListener('click', () => {
      view = MATRIX_VIEWS.find((each) => each === button.dataset['view'])!;
      showMatrix();
    });
  }

  function showAccuracy(when: When, evaluation: Evaluation | undefined): void {
    const place = element(when);
    place.textContent = evaluation ? percent(lang, evaluation.testAccuracy, 1) : '—';
    if (evaluation) place.dataset['accuracy'] = String(evaluation.testAccuracy);
    else delete place.dataset['accuracy'];
  }

  function showTable(changes: readonly ClassChange[]): void {
    const row = (name: string, { count, before, after }: Omit<ClassChange, 'label'>) => {
      const cells = count
        ? [
            percent(lang, before / count, 1),
            percent(lang, after / count, 1),
            signed(lang, 100 * ((after - before) / count), 1),
          ]
        : ['—', '—', '—'];
      return create(
        'tr',
        {},
        create('th', { scope: 'row' }, name),
        ...cells.map((cell) => create('td', {}, cell)),
      );
    };
    element<HTMLTableElement>('classes').tBodies[0]!.replaceChildren(
      ...changes.map((change) => row(className(change.label, lang), change)),
      row(t('all'), total(changes)),
    );
  }

  /** The three classes that have most of something, with how much. */
  function most(changes: readonly ClassChange[], of: 'gained' | 'lost'): string {
    const names = changes
      .filter((change) => change[of] > 0)
      .sort((a, b) => b[of] - a[of])
      .slice(0, 3)
      .map((change) => `${className(change.label, lang)} ${change[of]}`);
    return names.length ? t(of === 'gained' ? 'mostGained' : 'mostLost', { names: list(lang, names) }) : '';
  }

  /** What came of a run, good or bad. */
  function outcome({ choices, evaluations, seen = false }: RunResult, measured: LabelledImages): string {
    const [first, last] = [evaluations[0]!, evaluations.at(-1)!];
    const share = (value: number) => {
      const text = percent(lang, value, 1);
      if (choices.task !== 'trade') return text;
      const count = measured.labels.length;
      const [low, high] = wilsonInterval(Math.round(value * count), count);
      return t('withInterval', { share: text, low: percent(lang, low, 1), high: percent(lang, high, 1) });
    };
    const cost = 100 * (first.testAccuracy - last.testAccuracy);
    const name = choices.replay ? 'withReplay' : 'withoutReplay';
    return sentences(lang, [
      choices.task === 'forget' ? t('runOf', { name: t(name) }) : '',
      t(`result-${choices.task}`, {
        before: share(first.ownAccuracy),
        after: share(last.ownAccuracy),
        count: measured.labels.length,
        name: choices.className?.trim() ?? '',
      }),
      choices.task === 'class' && seen ? t('seenOnly') : '',
      choices.task === 'scratch'
        ? ''
        : t(cost >= 0.05 ? 'costs' : cost <= -0.05 ? 'costsLess' : 'costsNothing', {
            points: number(lang, Math.abs(cost), 1),
          }),
    ]);
  }

  /** Where a network is on the chart of the trade. */
  function tradePoint(
    label: string,
    { ownAccuracy, predicted }: Evaluation,
    count: number,
    test: LabelledImages,
  ): TradePoint {
    const others = [...test.labels.keys()].filter((i) => test.labels[i] !== SHIRT);
    const correct = countCorrect(
      Uint8Array.from(others, (i) => test.labels[i]!),
      Uint8Array.from(others, (i) => predicted[i]!),
    );
    return {
      label,
      others: correct / others.length,
      othersInterval: wilsonInterval(correct, others.length),
      recall: ownAccuracy,
      recallInterval: wilsonInterval(Math.round(ownAccuracy * count), count),
    };
  }

  return {
    /**
     * Compares the first evaluation of a run with its last, if there is another.
     * @param runs those to be told of, the last of which is this one
     * @param measured images on which the lesson is measured
     */
    show(runs: readonly RunResult[], measured: LabelledImages, test: LabelledImages): void {
      const { choices, evaluations } = runs.at(-1)!;
      const [before, after] = [evaluations[0], evaluations.length > 1 ? evaluations.at(-1) : undefined];
      element('compare-help').textContent = t('compareHelp', { count: test.labels.length });
      showAccuracy('before', before);
      showAccuracy('after', after);
      element('result').hidden = element('gained').hidden = !after;
      element('trade').hidden = choices.task !== 'trade' || !after;
      if (!before || !after) return;
      matrices = [before, after].map(({ predicted }) =>
        // What is taken for a class behind the ten has no column.
        confusionMatrix(test.labels, predicted, CLASS_COUNT + 1)
          .slice(0, CLASS_COUNT)
          .map((row) => row.slice(0, CLASS_COUNT)),
      ) as [number[][], number[][]];
      showMatrix();
      const changes = compareClasses(test.labels, before.predicted, after.predicted, CLASS_COUNT);
      showTable(changes);
      const told = choices.task === 'trade' ? runs.slice(-1) : runs;
      element('gained').textContent = sentences(lang, [
        ...told.map((run) => outcome(run, measured)),
        // After a random start nothing was there to be forgotten.
        ...(choices.task === 'scratch' ? [] : [most(changes, 'gained'), most(changes, 'lost')]),
      ]);
      if (choices.task !== 'trade') return;
      const count = measured.labels.length;
      const points = runs.map((run) => {
        const { replay, weight = 1 } = run.choices;
        const share = percent(lang, replay, 0);
        const label = weight === 1 ? t('replayed', { share }) : t('weighted', { share, weight });
        return tradePoint(label, run.evaluations.at(-1)!, count, test);
      });
      const svg = element('trade-chart');
      drawChart(svg, tradeChart([tradePoint(t('before'), before, count, test), ...points], width(svg), lang));
    },

    clear(): void {
      matrices = null;
      showAccuracy('before', undefined);
      showAccuracy('after', undefined);
      element('result').hidden = element('gained').hidden = element('trade').hidden = true;
    },
  };
}
