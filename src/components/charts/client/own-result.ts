/** What the reader has computed of the test set, for figures and tables that can show it in place of the published. */
import { charts as t } from '../../../i18n/charts.ts';
import type { Lang } from '../../../i18n/languages.ts';

export interface OwnResult {
  /** Of the network. */
  readonly id: string;
  /** Rows are true classes, columns predicted ones. */
  readonly matrix: number[][];
  /** The images of each cell that has any. */
  readonly cells: { true: number; predicted: number; ids: number[] }[];
  /** [test images × 10], row by row. */
  readonly probabilities: Float32Array;
}

let own: OwnResult | null = null;
const listeners: ((result: OwnResult) => void)[] = [];

export function setOwnResult(result: OwnResult): void {
  own = result;
  for (const listener of listeners) listener(result);
}

/**
 * Offers the reader's result, once there is one, beside what is published.
 * @param before the buttons are put before it
 * @param show shows the reader's result; the published one for null
 */
export function offerOwnResult(before: Element, lang: Lang, show: (result: OwnResult | null) => void): void {
  const choices = document.createElement('fieldset');
  choices.className = 'own-choice';
  const offer = (result: OwnResult): void => {
    const legend = document.createElement('legend');
    legend.textContent = t(lang, 'computed');
    const buttons = [null, result].map((choice) => {
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'chip' });
      button.textContent = choice ? t(lang, 'own', { id: choice.id }) : t(lang, 'published');
      button.addEventListener('click', () => choose(choice));
      return button;
    });
    const choose = (choice: OwnResult | null): void => {
      buttons.forEach((button, i) =>
        button.setAttribute('aria-pressed', String((i === 1) === (choice !== null))),
      );
      show(choice);
    };
    choices.replaceChildren(legend, ...buttons);
    before.before(choices);
    choose(null);
  };
  listeners.push(offer);
  if (own) offer(own);
}
