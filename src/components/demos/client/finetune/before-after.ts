/** The network before a lesson and after it, on the same test images: accuracies, confusion matrices, classes. */
import { CLASS_COUNT } from '../../../../data/dataset.ts';
import { className } from '../../../../i18n/site.ts';
import { confusionMatrix } from '../../../../evaluation/metrics.ts';
import { confusionStyles, matrixChart } from '../../../charts/confusion.ts';
import { WIDTHS } from '../../../charts/svg.ts';
import { list, percent, sentences, signed } from '../../../../i18n/format.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { create, element } from '../dom.ts';
import { compareClasses, total, type ClassChange } from './class-changes.ts';
import type { Evaluation } from '../../../../engines/web/lesson-run.ts';

/** Wider than this, the matrix would be drawn for the report's column. */
const WIDEST = 480;

export function createBeforeAfter({ lang, t }: FinetuneWords) {
  function clearMatrix(when: 'before' | 'after'): void {
    element(when).textContent = '—';
    delete element(when).dataset['accuracy'];
    const svg = svgOf(when);
    svg.replaceChildren();
    svg.removeAttribute('viewBox');
  }

  function showMatrix(when: 'before' | 'after', evaluation: Evaluation, labels: Uint8Array): void {
    const { testAccuracy, predicted } = evaluation;
    element(when).textContent = percent(lang, testAccuracy, 1);
    element(when).dataset['accuracy'] = String(testAccuracy);
    const svg = svgOf(when);
    const matrix = confusionMatrix(labels, predicted, CLASS_COUNT);
    const room = Math.max(WIDTHS.narrow, Math.min(svg.clientWidth, WIDEST));
    const { width, height, content } = matrixChart(confusionStyles({ matrix }, 'count', lang), room, lang);
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.innerHTML = content;
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

  function showSummary(changes: readonly ClassChange[]): void {
    const { gained, lost } = total(changes);
    const names = (of: (change: ClassChange) => number) =>
      changes
        .filter((change) => of(change) > 0)
        .sort((a, b) => of(b) - of(a))
        .slice(0, 3)
        .map((change) => `${className(change.label, lang)} ${of(change)}`);
    element('gained').textContent = sentences(lang, [
      gained + lost ? t('gained', { gained, lost }) : t('unchanged'),
      gained
        ? t('mostGained', {
            names: list(
              lang,
              names((change) => change.gained),
            ),
          })
        : '',
      lost
        ? t('mostLost', {
            names: list(
              lang,
              names((change) => change.lost),
            ),
          })
        : '',
    ]);
  }

  return {
    /** Compares the first evaluation with the last, if there is another. @param labels of the test sample */
    show(evaluations: readonly Evaluation[], labels: Uint8Array): void {
      const [before, after] = [evaluations[0], evaluations.length > 1 ? evaluations.at(-1) : undefined];
      element('compare-help').textContent = t('compareHelp', { count: labels.length });
      for (const [when, evaluation] of [
        ['before', before],
        ['after', after],
      ] as const) {
        if (evaluation) showMatrix(when, evaluation, labels);
        else clearMatrix(when);
      }
      element('classes').hidden = element('gained').hidden = !after;
      if (!before || !after) return;
      const changes = compareClasses(labels, before.predicted, after.predicted, CLASS_COUNT);
      showTable(changes);
      showSummary(changes);
    },

    clear(): void {
      clearMatrix('before');
      clearMatrix('after');
      element('classes').hidden = element('gained').hidden = true;
    },
  };
}

const svgOf = (when: 'before' | 'after'): SVGElement => document.querySelector(`[data-matrix=${when}]`)!;
