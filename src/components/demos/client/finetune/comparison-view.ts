/** Before and after on the page: accuracies, confusion matrices, the table of classes. */
import { CLASS_COUNT } from '../../../../data/classes.ts';
import { className } from '../../../../i18n/classes.ts';
import { finetune as t } from '../../../../i18n/finetune.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import { confusionMatrix } from '../../../../evaluation/metrics.ts';
import { confusionGeometry, drawConfusion } from '../../../charts/confusion.ts';
import { WIDTHS } from '../../../charts/svg.ts';
import { percent } from '../../format.ts';
import { compareClasses, total, type ClassChange } from './comparison.ts';

/** Wider than this, the matrix would be drawn for the report's column. */
const WIDEST = 480;

export interface Answers {
  /** Classes given to the test sample. */
  readonly predicted: Uint8Array;
  readonly accuracy: number;
}

export class ComparisonView {
  readonly #lang: Lang;
  readonly #labels: Uint8Array;

  /** @param labels of the test sample */
  constructor(lang: Lang, labels: Uint8Array) {
    this.#lang = lang;
    this.#labels = labels;
    find('compare-help').textContent = t(lang, 'compareHelp', { count: labels.length });
    find('test-series').textContent = t(lang, 'testSeries', { count: labels.length });
  }

  /** Shows what there is to show; nothing where there is nothing. */
  show(before: Answers | null, after: Answers | null): void {
    this.#showMatrix('before', before);
    this.#showMatrix('after', after);
    find('classes').hidden = find('gained').hidden = !(before && after);
    if (!before || !after) return;
    const changes = compareClasses(this.#labels, before.predicted, after.predicted, CLASS_COUNT);
    this.#showTable(changes);
    this.#showGained(changes);
  }

  #showMatrix(when: 'before' | 'after', answers: Answers | null): void {
    const place = find(when);
    const svg = document.querySelector<SVGElement>(`[data-matrix=${when}]`)!;
    place.textContent = answers ? percent(this.#lang, answers.accuracy) : '—';
    if (answers) place.dataset['accuracy'] = String(answers.accuracy);
    else delete place.dataset['accuracy'];
    if (!answers) {
      svg.replaceChildren();
      svg.removeAttribute('viewBox');
      return;
    }
    const matrix = confusionMatrix(this.#labels, answers.predicted, CLASS_COUNT);
    const room = Math.max(WIDTHS.narrow, Math.min(svg.clientWidth, WIDEST));
    const geometry = confusionGeometry({ matrix }, { unit: 'count' }, room);
    const { width, height, content } = drawConfusion(geometry, this.#lang);
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.innerHTML = content;
  }

  #showTable(changes: readonly ClassChange[]): void {
    const lang = this.#lang;
    const share = (right: number, count: number) => (count ? percent(lang, right / count) : '—');
    const difference = (by: number) =>
      by === 0 ? '0' : `${by > 0 ? '+' : '−'}${Math.abs(100 * by).toFixed(1)}`;
    const row = (name: string, { count, before, after }: Omit<ClassChange, 'label'>) => {
      const cells = [share(before, count), share(after, count)];
      const tr = document.createElement('tr');
      const th = document.createElement('th');
      th.scope = 'row';
      th.textContent = name;
      tr.append(th);
      for (const text of [...cells, count ? difference((after - before) / count) : '—']) {
        const td = document.createElement('td');
        td.textContent = text;
        tr.append(td);
      }
      return tr;
    };
    find<HTMLTableElement>('classes').tBodies[0]!.replaceChildren(
      ...changes.map((change) => row(className(change.label, lang), change)),
      row(t(lang, 'all'), total(changes)),
    );
  }

  #showGained(changes: readonly ClassChange[]): void {
    const lang = this.#lang;
    const { gained, lost } = total(changes);
    const names = (of: (change: ClassChange) => number) =>
      changes
        .filter((change) => of(change) > 0)
        .sort((a, b) => of(b) - of(a))
        .slice(0, 3)
        .map((change) => `${className(change.label, lang)} ${of(change)}`)
        .join(lang === 'zh' ? '、' : ', ');
    const sentences = [
      gained + lost ? t(lang, 'gained', { gained, lost }) : t(lang, 'unchanged'),
      gained && t(lang, 'mostGained', { names: names((change) => change.gained) }),
      lost && t(lang, 'mostLost', { names: names((change) => change.lost) }),
    ];
    find('gained').textContent = sentences.filter(Boolean).join(lang === 'zh' ? '' : ' ');
  }
}

function find<E extends HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}
