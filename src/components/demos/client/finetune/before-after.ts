/** The network before a lesson and after it: what it gained and what that cost, on the same images. */
import { CLASS_COUNT, SHIRT } from '../../../../data/dataset.ts';
import { className } from '../../../../i18n/site.ts';
import { confusionMatrix, wilsonInterval } from '../../../../evaluation/metrics.ts';
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

  /** The classes that have some of something, with how much. */
  function some(changes: readonly ClassChange[], of: 'gained' | 'lost'): string {
    const names = changes
      .filter((change) => change[of] > 0)
      .sort((a, b) => b[of] - a[of])
      .map((change) => `${className(change.label, lang)} ${change[of]}`);
    return names.length ? t(of === 'gained' ? 'newlyRight' : 'newlyWrong', { names: list(lang, names) }) : '';
  }

  const withInterval = (share: number, count: number): string => {
    const [low, high] = wilsonInterval(Math.round(share * count), count);
    const of = (value: number) => percent(lang, value, 1);
    return t('withInterval', { share: of(share), low: of(low), high: of(high) });
  };

  /** What a run cost on the test sample. */
  function costOf({ choices, evaluations }: RunResult, test: LabelledImages): string {
    const [first, last] = [evaluations[0]!, evaluations.at(-1)!];
    // After a random start nothing was there to be forgotten.
    if (choices.task === 'scratch') return '';
    if (choices.task === 'trade') {
      const [before, after] = [first, last].map((each) => {
        const { correct, count } = othersOf(each, test);
        return withInterval(correct / count, count);
      }) as [string, string];
      const count = number(lang, othersOf(last, test).count);
      return sentences(lang, [t('othersResult', { count, before, after }), t('intervals')]);
    }
    const cost = 100 * (first.testAccuracy - last.testAccuracy);
    const points = number(lang, Math.abs(cost), 1);
    return t(cost >= 0.05 ? 'costs' : cost <= -0.05 ? 'costsLess' : 'costsNothing', { points });
  }

  /** What came of a run, good or bad. */
  function outcome(run: RunResult, measured: LabelledImages, test: LabelledImages): string {
    const { choices, evaluations, seen = false } = run;
    const [first, last] = [evaluations[0]!, evaluations.at(-1)!];
    const count = measured.labels.length;
    const share = (value: number) =>
      choices.task === 'trade' ? withInterval(value, count) : percent(lang, value, 1);
    const name = choices.className?.trim() ?? '';
    const changes = compareClasses(test.labels, first.predicted, last.predicted, CLASS_COUNT);
    const taken = last.predicted.filter((label) => label === CLASS_COUNT).length;
    return sentences(lang, [
      choices.task === 'forget'
        ? t('runOf', { name: t(choices.replay ? 'withReplay' : 'withoutReplay') })
        : '',
      t(`result-${choices.task}`, {
        before: share(first.ownAccuracy),
        after: share(last.ownAccuracy),
        count: number(lang, count),
        name,
      }),
      choices.task === 'class' && seen ? t('seenOnly') : '',
      costOf(run, test),
      ...(choices.task === 'scratch' ? [] : [some(changes, 'gained'), some(changes, 'lost')]),
      taken ? t('takenFor', { count: taken, name }) : '',
    ]);
  }

  /** How many of the sample's images that are no shirts are predicted correctly. */
  function othersOf(
    { predicted }: Evaluation,
    { labels }: LabelledImages,
  ): { correct: number; count: number } {
    const others = [...labels.keys()].filter((i) => labels[i] !== SHIRT);
    return { correct: others.filter((i) => predicted[i] === labels[i]).length, count: others.length };
  }

  /** Where a network is on the chart of the trade. */
  function tradePoint(
    label: string,
    evaluation: Evaluation,
    count: number,
    test: LabelledImages,
  ): TradePoint {
    const others = othersOf(evaluation, test);
    return {
      label,
      others: others.correct / others.count,
      othersInterval: wilsonInterval(others.correct, others.count),
      recall: evaluation.ownAccuracy,
      recallInterval: wilsonInterval(Math.round(evaluation.ownAccuracy * count), count),
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
      element('compare-help').textContent = t('compareHelp', { count: number(lang, test.labels.length) });
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
      element('gained').textContent = told.map((run) => outcome(run, measured, test)).join('\n');
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
